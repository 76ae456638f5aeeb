// Own keys (BYODKIM): every way to spoil the TXT record, and keys that are good and not the right ones.
import { generateKeyPairSync } from 'node:crypto';
import { KEY_1024, KEY_2048 } from '../../../sandbox/dns/keys.ts';
import { recordsOf, type Signer } from '../estate.ts';
import { type FaultKind, faultKind, hitsAll, type Severity, type Step } from '../fault.ts';
import { OTHER_KEY } from '../healthy-estate.ts';
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
  readonly text: (random: Random) => string;
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
    const steps = published(signer, text(random));
    const named = kind === 'key-malformed' || kind === 'key-weak' ? {} : { name };
    return {
      about: name,
      ...(always ? { begin: steps } : { after: steps }),
      hits: hitsAll([signer], () => [{ kind, severity, facts: { ...named, ...facts } }]),
    };
  });

const malformed = (reason: string, variant: string, text: Spoilt['text'], more: Spoilt['facts'] = {}): FaultKind =>
  spoilt({ kind: 'key-malformed', variant, severity: 'critical', text, facts: { reason, ...more } });

const KEY_TEXT = `v=DKIM1; k=rsa; p=${KEY_2048}`;
const lines = (key: string): string => (key.match(/.{1,64}/g) ?? []).join('\n');

/** Made when first wanted: making keys takes time. */
const rsa = new Map<number, ReturnType<typeof generateKeyPairSync>>();
function keyPair(bits: number): ReturnType<typeof generateKeyPairSync> {
  const pair = rsa.get(bits) ?? generateKeyPairSync('rsa', { modulusLength: bits });
  rsa.set(bits, pair);
  return pair;
}
const der = (bits: number, form: 'spki' | 'pkcs1'): string =>
  keyPair(bits).publicKey.export({ type: form, format: 'der' }).toString('base64');
const privatePem = (): string => keyPair(1024).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const ecKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

export const keyFaults: readonly FaultKind[] = [
  malformed('pem-header', 'pem-header', () => `v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----${KEY_2048}-----END PUBLIC KEY-----`),
  malformed('line-breaks', 'line-breaks', () => `v=DKIM1; k=rsa; p=${lines(KEY_2048)}`),
  malformed('line-breaks', 'line-breaks-typed', () => `v=DKIM1; k=rsa; p=${lines(KEY_2048).replaceAll('\n', '\\n')}`),
  malformed('quotes', 'quotes', (random) =>
    random.pick([
      `"${KEY_TEXT}"`,
      `'${KEY_TEXT}'`,
      `v=DKIM1; k=rsa; p="${KEY_2048}"`,
      `v=DKIM1; p=${KEY_2048.slice(0, 200)}" "${KEY_2048.slice(200)}`,
    ]),
  ),
  malformed('truncated', 'truncated-255', () => KEY_TEXT.slice(0, 255)),
  malformed('truncated', 'truncated', (random) => KEY_TEXT.slice(0, 120 + random.int(250))),
  malformed('not-base64', 'not-base64', (random) => KEY_TEXT.replace(/.{3}$/, random.pick(['%3D', '…', '*AB', 'A-B', 'A=B']))),
  malformed('not-base64', 'lower-case', () => `v=DKIM1; k=rsa; p=${KEY_2048.toLowerCase()}`),
  malformed('not-a-public-key', 'not-a-public-key', () => `v=DKIM1; k=rsa; p=${Buffer.alloc(270, 7).toString('base64')}`),
  malformed('not-a-public-key', 'ed25519-as-rsa', () => `v=DKIM1; p=${Buffer.alloc(32, 9).toString('base64')}`),
  malformed(
    'not-a-public-key',
    'private-key',
    (random) =>
      random.pick([`v=DKIM1; k=rsa; p=${privatePem().replace(/\n/g, '')}`, `v=DKIM1; p=${privatePem().replace(/-----.*?-----|\n/g, '')}`]),
    { leaked: true },
  ),
  malformed('pkcs1-instead-of-spki', 'pkcs1-instead-of-spki', () => `v=DKIM1; k=rsa; p=${der(1024, 'pkcs1')}`),
  malformed('missing-p', 'missing-p', () => 'v=DKIM1; k=rsa'),
  malformed('duplicate-tag', 'duplicate-tag', (random) =>
    random.pick([`v=DKIM1; k=rsa; k=rsa; p=${KEY_2048}`, `v=DKIM1; p=${KEY_2048}; p=${KEY_2048}`]),
  ),
  malformed('bad-version', 'bad-version', (random) =>
    random.pick([`v=DKIM2; p=${KEY_2048}`, `k=rsa; v=DKIM1; p=${KEY_2048}`, `v=dkim1; p=${KEY_2048}`]),
  ),
  malformed('no-tag-syntax', 'no-tag-syntax', (random) => random.pick([KEY_2048, 'site-verification', `DKIM1; k=rsa; p=${KEY_2048}`])),
  spoilt({
    kind: 'key-revoked',
    severity: 'critical',
    text: (random) => random.pick(['v=DKIM1; p=', 'p=', 'v=DKIM1; k=rsa; p=;']),
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
    text: (random) => `v=DKIM1; ${random.pick(['t=y', 't=y:s', 't=s:y'])}; p=${KEY_2048}`,
    facts: {},
  }),
  spoilt({
    kind: 'key-restricted',
    variant: 's',
    severity: 'critical',
    text: () => `v=DKIM1; s=tlsrpt; p=${KEY_2048}`,
    facts: { tag: 's', value: 'tlsrpt' },
  }),
  spoilt({
    kind: 'key-restricted',
    variant: 'h',
    severity: 'critical',
    text: () => `v=DKIM1; h=sha1; p=${KEY_2048}`,
    facts: { tag: 'h', value: 'sha1' },
  }),
  spoilt({ kind: 'key-mismatch', severity: 'critical', text: () => `v=DKIM1; p=${OTHER_KEY}`, facts: {}, configured: true }),
  spoilt({ kind: 'key-changed', severity: 'warning', text: () => `v=DKIM1; p=${OTHER_KEY}`, facts: {}, configured: false }),
];
