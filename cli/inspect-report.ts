// What `dkim-monitor inspect` found in a message: the JSON of the command, and what its page draws.
import { type Alignment, alignmentOf } from '../lambda/dkim/alignment.ts';
import { judgeSignature, type LiveKey, type SignatureVerdict } from '../lambda/dkim/judge-signature.ts';
import { isSesDomain, type SesTraces, sesTraces } from '../lambda/dkim/ses-traces.ts';
import { type DnsName, parseDnsName } from '../lambda/model/names.ts';
import { visible } from '../lambda/model/safe-text.ts';
import type { CheckedMessage, CheckedSignature, HeaderField } from './bounded-verifier.ts';
import { FAILURE_WORDS } from './signature-words.ts';

export interface ReportSignature {
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: string;
  /** `from` speaks for the domain in From, `ses` is the second signature that SES puts on everything, `other` is somebody else's. */
  readonly whose: 'from' | 'ses' | 'other';
  readonly alignment: Alignment;
  readonly body: CheckedSignature['body'];
  readonly header: CheckedSignature['header'];
  readonly result: SignatureVerdict['result'];
  readonly reason?: string;
  /** Bits of the RSA key in DNS. */
  readonly keyBits?: number;
  readonly says: string;
}

/** A contract for scripts (`--json`): add fields, never rename or drop them. Texts of the message are made harmless. */
export interface InspectReport {
  readonly schema: 1;
  /** `aligned`: a signature of the From domain holds. `unknown`: DNS did not let that be told. */
  readonly verdict: 'aligned' | 'not-aligned' | 'unknown';
  readonly from: { readonly domain?: string; readonly address?: string; readonly problem?: string };
  readonly ses: SesTraces;
  readonly signatures: readonly ReportSignature[];
  /** Signatures beyond the tenth, which were not looked at. */
  readonly notLookedAt: number;
  /** What receivers wrote into the message: not checked, and anybody on the way can write it. */
  readonly receiverSaid: readonly string[];
  readonly next: readonly string[];
}

/** What is known before the next steps are. */
export type Inspected = Omit<InspectReport, 'next'> & { readonly fromName?: DnsName };

/** `keys` are the live keys of the signatures, in their order. `now` in ms since the epoch. */
export function inspected(message: CheckedMessage, keys: readonly LiveKey[], now: number): Inspected {
  const from = fromOf(message);
  const signatures = message.signatures.map((signature, i) => signatureOf(signature, keys[i] ?? { kind: 'not-asked' }, from.name, now));
  const fields = message.fields.map(({ key, line }) => ({ name: key ?? '', value: unfolded(line) }));
  return {
    schema: 1,
    verdict: verdictOf(signatures),
    from: from.told,
    ses: sesTraces(
      fields,
      signatures.map(({ domain }) => domain),
    ),
    signatures,
    notLookedAt: message.more,
    receiverSaid: fields.flatMap(({ name, value }) => (name === 'authentication-results' ? [visible(value, 600)] : [])).slice(0, 3),
    ...(from.name === undefined ? {} : { fromName: from.name }),
  };
}

function verdictOf(signatures: readonly ReportSignature[]): InspectReport['verdict'] {
  const own = signatures.filter(({ whose }) => whose === 'from');
  if (own.some(({ result }) => result === 'pass')) return 'aligned';
  return own.some(({ result }) => result === 'unknown') ? 'unknown' : 'not-aligned';
}

/** The domain of a From address, for choosing signatures and judging them; undefined if it is none. */
export function domainOfAddress(address: string): DnsName | undefined {
  const parsed = parseDnsName(address.slice(address.lastIndexOf('@') + 1));
  return address.includes('@') && parsed.ok ? parsed.value : undefined;
}

function fromOf({ fields, from }: CheckedMessage): { readonly name?: DnsName; readonly told: InspectReport['from'] } {
  const count = fields.filter(({ key }) => key === 'from').length;
  const problem = (text: string): { readonly told: InspectReport['from'] } => ({ told: { problem: text } });
  if (count === 0) return problem('There is no From line, so no signature can speak for the sender.');
  if (count > 1)
    return problem(`There are ${count} From lines where one is allowed: receivers refuse such mail, whatever its signatures say.`);
  const [address, ...more] = from;
  if (address === undefined) return problem('No address can be read in the From line.');
  if (new Set(from.map(domainOfAddress)).size > 1)
    return problem(`The From line has ${more.length + 1} addresses of different domains: receivers do not judge such mail by DKIM.`);
  const name = domainOfAddress(address);
  if (name === undefined) return problem(`The From address "${visible(address, 200)}" has no domain.`);
  return { name, told: { domain: name, address: visible(address, 320) } };
}

function signatureOf(signature: CheckedSignature, key: LiveKey, from: DnsName | undefined, now: number): ReportSignature {
  const verdict = judgeSignature({ ...signature, key }, now);
  const domain = parseDnsName(signature.domain);
  const alignment = from === undefined || !domain.ok ? 'none' : alignmentOf(from, domain.value);
  const bits = key.kind === 'record' && key.record.kind === 'rsa' ? { keyBits: key.record.bits } : {};
  return {
    domain: domain.ok ? domain.value : visible(signature.domain, 260),
    selector: visible(signature.selector, 100),
    algorithm: visible(signature.algorithm, 40),
    whose: alignment !== 'none' ? 'from' : domain.ok && isSesDomain(domain.value) ? 'ses' : 'other',
    alignment,
    body: signature.body,
    header: signature.header,
    result: verdict.result,
    ...(verdict.result === 'fail' ? { reason: verdict.reason } : {}),
    ...bits,
    says: sentence(verdict) + keyIsRight(verdict, signature),
  };
}

/** Where only the body was changed, the key need not be looked for. */
function keyIsRight(verdict: SignatureVerdict, { header }: CheckedSignature): string {
  const body = verdict.result === 'fail' && verdict.reason === 'body-changed';
  return body && header === 'valid' ? ' Its header lines and the key in DNS fit together, so the key is the right one.' : '';
}

function sentence(verdict: SignatureVerdict): string {
  switch (verdict.result) {
    case 'pass':
      return verdict.unsignedBytes > 0
        ? `It holds, but the last ${verdict.unsignedBytes} bytes of the body are not signed (l=): anybody can have added them.`
        : 'It holds: header, body and the key in DNS fit together.';
    case 'fail':
      return FAILURE_WORDS[verdict.reason](visible(verdict.detail ?? '', 200));
    case 'unknown':
      return `It could not be checked, because DNS did not give the key (${visible(verdict.detail, 200).replace(/\.$/, '')}).`;
  }
}

/** The value of a header field on one line; bytes beyond ASCII as UTF-8. */
function unfolded(line: HeaderField['line']): string {
  const text = line.subarray(0, 20_000).toString('utf8');
  return text
    .slice(text.indexOf(':') + 1)
    .replace(/\r?\n[ \t]*/g, ' ')
    .trim();
}
