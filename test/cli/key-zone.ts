// A small internet with keys at selectors, and the configuration that makes the command ask it and nothing else.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningDns, startDns } from '../../sandbox/dns/dns.ts';
import type { DnsWorld, RecordsAt } from '../../sandbox/dns/dns-world.ts';

export interface KeyPair {
  readonly privateKey: KeyObject;
  /** PKCS #1, PEM. */
  readonly pem: string;
  /** Base64 SubjectPublicKeyInfo. */
  readonly p: string;
}

export function keyPair(bits = 2048): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return {
    privateKey,
    pem: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    p: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}

/** A TXT record of one value, in strings of at most 255 bytes. */
export const txt = (value: string): RecordsAt => ({ TXT: [value.match(/.{1,255}/g) ?? ['']] });

export const record = (p: string, tags = ''): RecordsAt => txt(`v=DKIM1; ${tags}k=rsa; p=${p}`);

export interface KeyZone {
  readonly dns: RunningDns;
  readonly folder: string;
  /** `--config` and its file. */
  readonly flags: readonly string[];
  /** Writes a file into the folder and returns its path. */
  file(name: string, content: string | Uint8Array): string;
  close(): Promise<void>;
}

export async function startKeyZone(world: DnsWorld): Promise<KeyZone> {
  const dns = await startDns(world, Date.now);
  const folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-test-'));
  const at = ({ address, port }: { readonly address: string; readonly port: number }): string => `${address}:${port}`;
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const routes = Object.fromEntries(Object.entries(dns.routes).map(([address, where]) => [address, at(where)]));
  const settings = { resolvers: [at(dns.resolver)], routes, rootHints: dns.rootHints, confirmAfter: '1s' };
  return {
    dns,
    folder,
    flags: ['--config', file('config.json', JSON.stringify({ dns: settings }))],
    file,
    close: async () => {
      rmSync(folder, { recursive: true, force: true });
      await dns.close();
    },
  };
}
