// `byodkim verify` beside Debian's opendkim-testkey: the same key files, the same records, served by Knot and resolved by Unbound on loopback.
import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningDns, startDns } from '../../sandbox/dns/dns.ts';
import type { RecordsAt } from '../../sandbox/dns/dns-world.ts';
import { keyPair, record, txt } from '../cli/key-zone.ts';
import { runCommand } from '../cli/run-command.ts';
import { type RealInternet, startRealInternet } from './real-dns.ts';

const key = keyPair();
const other = keyPair();
const short = keyPair(512);
const long = keyPair(4096);
const object = createPrivateKey(key.pem);
const bare = object.export({ type: 'pkcs1', format: 'der' }).toString('base64');
const pkcs1 = createPublicKey(key.pem).export({ type: 'pkcs1', format: 'der' }).toString('base64');
const ed = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');

type Verdict = 'good' | 'bad';

/** What is published at a selector, for the private key `key`. */
const RECORDS: readonly [string, RecordsAt, Verdict][] = [
  ['same', record(key.p), 'good'],
  ['pealone', txt(`p=${key.p}`), 'good'],
  ['semicolon', txt(`v=DKIM1; p=${key.p};`), 'good'],
  ['spaces', txt(`v=DKIM1; p=${key.p.slice(0, 100)} ${key.p.slice(100)}`), 'good'],
  ['unpadded', txt(`v=DKIM1; p=${key.p.replace(/=+$/, '')}`), 'good'],
  ['cname', { CNAME: 'same._domainkey.shop.com' }, 'good'],
  ['other', record(other.p), 'bad'],
  ['revoked', txt('v=DKIM1; p='), 'bad'],
  ['cut', txt(`v=DKIM1; k=rsa; p=${key.p}`.slice(0, 255)), 'bad'],
  ['cutless', txt(`v=DKIM1; k=rsa; p=${key.p.slice(0, -4)}`), 'bad'],
  ['tworecords', { TXT: [[`v=DKIM1; k=rsa; p=${key.p.slice(0, 200)}`], [key.p.slice(200)]] }, 'bad'],
  ['twothings', { TXT: [['v=DKIM1; k=rsa; p=', key.p.slice(0, 200), key.p.slice(200)], ['v=spf1 -all']] }, 'bad'],
  ['nowhere', { CNAME: 'nothing.shop.com' }, 'bad'],
  ['nop', txt('v=DKIM1; k=rsa'), 'bad'],
  ['empty', txt(''), 'bad'],
  ['junk', txt('hello'), 'bad'],
  ['version', txt(`v=DKIM2; p=${key.p}`), 'bad'],
  ['lowercase', txt(`v=dkim1; p=${key.p}`), 'bad'],
  ['quotes', txt(`"v=DKIM1; p=${key.p}"`), 'bad'],
  ['pem', txt(`-----BEGIN PUBLIC KEY-----${key.p}-----END PUBLIC KEY-----`), 'bad'],
  ['pkcs1', txt(`v=DKIM1; p=${pkcs1}`), 'bad'],
  ['ed', txt(`v=DKIM1; k=ed25519; p=${ed}`), 'bad'],
  ['dsa', txt(`v=DKIM1; k=dsa; p=${key.p}`), 'bad'],
  ['web', record(key.p, 's=web; '), 'bad'],
];

/** Records that opendkim-testkey finds good, and this program does not. */
const STRICTER: readonly [string, RecordsAt, string, string][] = [
  ['test', record(key.p, 't=y; '), key.pem, 'it compares keys only: receivers treat the mail as unsigned (RFC 6376 §3.6.1)'],
  ['sha1', record(key.p, 'h=sha1; '), key.pem, 'it compares keys only: SES signs with SHA-256, which this record does not allow'],
  ['late', txt(`p=${key.p}; v=DKIM1`), key.pem, 'v= must be the first tag (RFC 6376 §3.6.1)'],
  ['twice', txt(`v=DKIM1; p=${key.p}; p=${key.p}`), key.pem, 'a tag that is there twice makes the record invalid (RFC 6376 §3.2)'],
  ['short', record(short.p), short.pem, 'its minimum is a setting of the filter: receivers refuse keys under 1024 bits (RFC 8301)'],
  ['long', record(long.p), long.pem, 'it does not know SES, which takes 2048 bits at most'],
];

/** Forms of the private key file, with the right record published. */
const FILES: readonly [string, string | Buffer, Verdict, Verdict, string][] = [
  ['PKCS #1', key.pem, 'good', 'good', ''],
  ['PKCS #8', object.export({ type: 'pkcs8', format: 'pem' }), 'good', 'good', ''],
  ['CRLF', key.pem.replaceAll('\n', '\r\n'), 'good', 'good', ''],
  ['another key', other.pem, 'bad', 'bad', ''],
  ['a public key', `-----BEGIN PUBLIC KEY-----\n${key.p}\n-----END PUBLIC KEY-----\n`, 'bad', 'bad', ''],
  ['cut', `${key.pem.slice(0, 900)}\n-----END RSA PRIVATE KEY-----\n`, 'bad', 'bad', ''],
  ['no footer', key.pem.replace(/-----END.*/s, ''), 'bad', 'bad', ''],
  ['on one line', key.pem.replaceAll('\n', ''), 'bad', 'bad', ''],
  ['base64 of the whole file', Buffer.from(key.pem).toString('base64'), 'bad', 'bad', ''],
  ['base64 over lines', bare.replace(/.{64}/g, '$&\n'), 'bad', 'bad', ''],
  ['empty', '', 'bad', 'bad', ''],
  ['base64 on one line', bare, 'good', 'bad', 'it reads PEM only; this is what SES takes'],
  ['bytes', object.export({ type: 'pkcs1', format: 'der' }), 'good', 'bad', 'it reads PEM only'],
  [
    'a byte-order mark',
    `\ufeff${key.pem}`,
    'bad',
    'good',
    'OpenSSL skips what stands before the header; in the base64 for SES it is an error',
  ],
];

let sandbox: RunningDns;
let real: RealInternet;
let folder: string;
let flags: readonly string[];

beforeAll(async () => {
  const records = [...RECORDS, ...STRICTER].map(([name, at]) => [`${name}._domainkey`, at] as const);
  sandbox = await startDns({ zones: { 'shop.com': { ns: ['ns1.hoster.net'], records: Object.fromEntries(records) } } }, Date.now);
  real = await startRealInternet(sandbox);
  folder = mkdtempSync(join(tmpdir(), 'opendkim-'));
  const at = ({ address, port }: { readonly address: string; readonly port: number }, mark: string): string => `${address}${mark}${port}`;
  const routes = Object.fromEntries(Object.entries(real.routes).map(([address, where]) => [address, at(where, ':')]));
  const dns = { resolvers: [at(real.resolver, ':')], routes, rootHints: sandbox.rootHints };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ dns }));
  flags = ['--config', join(folder, 'config.json')];
  // opendkim-testkey brings its own resolver (libunbound): all that it may ask is the one on loopback.
  const unbound = ['server:', '  do-not-query-localhost: no', '  module-config: "iterator"', 'forward-zone:', '  name: "."'];
  writeFileSync(join(folder, 'unbound.conf'), `${[...unbound, `  forward-addr: ${at(real.resolver, '@')}`].join('\n')}\n`);
  writeFileSync(join(folder, 'opendkim.conf'), `ResolverConfiguration ${join(folder, 'unbound.conf')}\n`);
}, 60_000);

afterAll(async () => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  await real?.close();
  await sandbox?.close();
});

/** It complains about files that others can read, so its file is the owner's. */
function keyFile(content: string | Buffer): string {
  const file = join(folder, 'private.key');
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}

async function ours(selector: string, content: string | Buffer): Promise<Verdict> {
  const { code, err } = await runCommand(['byodkim', 'verify', '--key', keyFile(content), '--selector', selector, 'shop.com', ...flags]);
  if (code !== 0 && code !== 1) throw new Error(`byodkim verify ended with ${code}: ${err}`);
  return code === 0 ? 'good' : 'bad';
}

/** 0 good; 65 (EX_DATAERR) and 69 (EX_UNAVAILABLE) bad, as its source has it. */
function theirs(selector: string, content: string | Buffer): Verdict {
  const argv = ['-x', join(folder, 'opendkim.conf'), '-d', 'shop.com', '-s', selector, '-k', keyFile(content), '-vvv'];
  const { status, stderr, error } = spawnSync('opendkim-testkey', argv, {
    encoding: 'utf8',
    input: '',
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  if (error !== undefined || (status !== 0 && status !== 65 && status !== 69))
    throw new Error(`opendkim-testkey ended with ${status}: ${error?.message ?? stderr}`);
  return status === 0 ? 'good' : 'bad';
}

describe('records: both say the same', () => {
  test.each([...RECORDS, ['missing', {}, 'bad'] as const])('%s', async (selector, _, verdict) => {
    expect(theirs(selector, key.pem)).toBe(verdict);
    expect(await ours(selector, key.pem)).toBe(verdict);
  });
});

describe('records: this program is stricter', () => {
  test.each(STRICTER)('%s', async (selector, _, content, why) => {
    expect(why).not.toBe('');
    expect(theirs(selector, content)).toBe('good');
    expect(await ours(selector, content)).toBe('bad');
  });
});

describe('key files', () => {
  test.each(FILES)('%s', async (_, content, our, their, why) => {
    expect(theirs('same', content)).toBe(their);
    expect(await ours('same', content)).toBe(our);
    // Where the two differ it is said why.
    expect(why !== '').toBe(our !== their);
  });
});

test('opendkim-testkey asked the servers on loopback, and got their words', () => {
  const argv = ['-x', join(folder, 'opendkim.conf'), '-d', 'shop.com', '-s', 'missing', '-vvv'];
  const { stderr } = spawnSync('opendkim-testkey', argv, {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  expect(stderr).toContain("'missing._domainkey.shop.com' record not found");
});
