// Own keys (BYODKIM): every way to spoil the TXT record, and keys that are good and not the right ones.
import { generateKeyPairSync } from 'node:crypto';
import { KEY_1024 } from '../../../sandbox/dns/keys.ts';
import { recordsOf, type Signer } from '../estate.ts';
import { type FaultKind, faultKind, hitsAll, type Severity, type Step } from '../fault.ts';
import { keyNumber, keyPair } from '../key-pool.ts';
import type { Random } from '../random.ts';
import { signerFor } from '../subjects.ts';

/** Puts this text where the key was. */
function published(signer: Signer, text: string): readonly Step[] {
  return recordsOf(signer).map(({ at }) => ({ kind: 'records', zone: signer.zone, at, records: { CNAME: [], TXT: text } }));
}

interface Spoilt {
  readonly kind: string;
  readonly variant?: string;
  readonly severity: Severity;
  /** Made of the right key. */
  readonly text: (key: string, random: Random) => string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Whether the configuration must name the key, or must not. */
  readonly configured?: boolean;
  /** There from the first sight on: nothing better was seen before. */
  readonly always?: true;
}

const spoilt = ({ kind, variant, severity, text, facts, configured, always }: Spoilt): FaultKind =>
  faultKind(variant === undefined ? kind : `${kind}:${variant}`, 'records', (estate, random) => {
    const signer = signerFor('own-key', 'records', estate, random, (one) => configured === undefined || one.configured === configured);
    const [{ name } = { name: '' }] = recordsOf(signer);
    const steps = published(signer, text(signer.key ?? '', random));
    const named = kind === 'key-malformed' || kind === 'key-weak' ? {} : { name };
    return {
      about: name,
      ...(always ? { begin: steps } : { after: steps }),
      hits: hitsAll([signer], () => [{ kind, severity, facts: { ...named, ...facts } }]),
    };
  });

const malformed = (reason: string, variant: string, text: Spoilt['text'], more: Spoilt['facts'] = {}): FaultKind =>
  spoilt({ kind: 'key-malformed', variant, severity: 'critical', text, facts: { reason, ...more } });

/** A key record as most people publish it. */
const whole = (key: string): string => `v=DKIM1; k=rsa; p=${key}`;
const lines = (key: string): string => (key.match(/.{1,64}/g) ?? []).join('\n');

const der = (bits: number, form: 'spki' | 'pkcs1'): string =>
  keyPair(bits).publicKey.export({ type: form, format: 'der' }).toString('base64');
const privatePem = (): string => keyPair(1024).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const ecKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

export const keyFaults: readonly FaultKind[] = [
  malformed('pem-header', 'pem-header', (key) => `v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----${key}-----END PUBLIC KEY-----`),
  malformed('line-breaks', 'line-breaks', (key) => `v=DKIM1; k=rsa; p=${lines(key)}`),
  malformed('line-breaks', 'line-breaks-typed', (key) => `v=DKIM1; k=rsa; p=${lines(key).replaceAll('\n', '\\n')}`),
  malformed('quotes', 'quotes', (key, random) =>
    random.pick([
      `"${whole(key)}"`,
      `'${whole(key)}'`,
      `v=DKIM1; k=rsa; p="${key}"`,
      `v=DKIM1; p=${key.slice(0, 200)}" "${key.slice(200)}`,
    ]),
  ),
  malformed('truncated', 'truncated-255', (key) => whole(key).slice(0, 255)),
  malformed('truncated', 'truncated', (key, random) => whole(key).slice(0, 120 + random.int(250))),
  malformed('not-base64', 'not-base64', (key, random) => whole(key).replace(/.{3}$/, random.pick(['%3D', '…', '*AB', 'A-B', 'A=B']))),
  malformed('not-base64', 'lower-case', (key) => `v=DKIM1; k=rsa; p=${key.toLowerCase()}`),
  malformed('not-a-public-key', 'not-a-public-key', () => `v=DKIM1; k=rsa; p=${Buffer.alloc(270, 7).toString('base64')}`),
  malformed('not-a-public-key', 'ed25519-as-rsa', () => `v=DKIM1; p=${Buffer.alloc(32, 9).toString('base64')}`),
  malformed(
    'not-a-public-key',
    'private-key',
    (_, random) =>
      random.pick([`v=DKIM1; k=rsa; p=${privatePem().replace(/\n/g, '')}`, `v=DKIM1; p=${privatePem().replace(/-----.*?-----|\n/g, '')}`]),
    { leaked: true },
  ),
  malformed('pkcs1-instead-of-spki', 'pkcs1-instead-of-spki', () => `v=DKIM1; k=rsa; p=${der(1024, 'pkcs1')}`),
  malformed('missing-p', 'missing-p', () => 'v=DKIM1; k=rsa'),
  malformed('duplicate-tag', 'duplicate-tag', (key, random) =>
    random.pick([`v=DKIM1; k=rsa; k=rsa; p=${key}`, `v=DKIM1; p=${key}; p=${key}`]),
  ),
  malformed('bad-version', 'bad-version', (key, random) =>
    random.pick([`v=DKIM2; p=${key}`, `k=rsa; v=DKIM1; p=${key}`, `v=dkim1; p=${key}`]),
  ),
  malformed('no-tag-syntax', 'no-tag-syntax', (key, random) => random.pick([key, 'site-verification', `DKIM1; k=rsa; p=${key}`])),
  spoilt({
    kind: 'key-revoked',
    severity: 'critical',
    text: (_, random) => random.pick(['v=DKIM1; p=', 'p=', 'v=DKIM1; k=rsa; p=;']),
    facts: {},
  }),
  spoilt({
    kind: 'key-wrong-type',
    variant: 'ed25519',
    severity: 'critical',
    text: () => `v=DKIM1; k=ed25519; p=${Buffer.alloc(32, 9).toString('base64')}`,
    facts: { type: 'ed25519' },
  }),
  spoilt({
    kind: 'key-wrong-type',
    variant: 'ec',
    severity: 'critical',
    text: () => `v=DKIM1; k=rsa; p=${ecKey()}`,
    facts: { type: 'ec' },
  }),
  spoilt({
    kind: 'key-too-short',
    variant: '512',
    severity: 'critical',
    text: () => `v=DKIM1; p=${der(512, 'spki')}`,
    facts: { bits: 512 },
  }),
  spoilt({
    kind: 'key-too-short',
    variant: '768',
    severity: 'critical',
    text: () => `v=DKIM1; p=${der(768, 'spki')}`,
    facts: { bits: 768 },
  }),
  spoilt({
    kind: 'key-weak',
    variant: 'record',
    severity: 'notice',
    text: () => `v=DKIM1; p=${KEY_1024}`,
    facts: { bits: 1024, where: 'record' },
    configured: false,
    always: true,
  }),
  spoilt({
    kind: 'key-testing',
    severity: 'warning',
    text: (key, random) => `v=DKIM1; ${random.pick(['t=y', 't=y:s', 't=s:y'])}; p=${key}`,
    facts: {},
  }),
  spoilt({
    kind: 'key-restricted',
    variant: 's',
    severity: 'critical',
    text: (key) => `v=DKIM1; s=tlsrpt; p=${key}`,
    facts: { tag: 's', value: 'tlsrpt' },
  }),
  spoilt({
    kind: 'key-restricted',
    variant: 'h',
    severity: 'critical',
    text: (key) => `v=DKIM1; h=sha1; p=${key}`,
    facts: { tag: 'h', value: 'sha1' },
  }),
  spoilt({ kind: 'key-mismatch', severity: 'critical', text: () => `v=DKIM1; p=${keyNumber(11)}`, facts: {}, configured: true }),
  spoilt({ kind: 'key-changed', severity: 'warning', text: () => `v=DKIM1; p=${keyNumber(11)}`, facts: {}, configured: false }),
];
