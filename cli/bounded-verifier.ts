// The signature checks of mailauth, kept within bounds and asked for more than a yes or no. Loaded only by who inspects a message.
import { DkimVerifier, type HeaderField, type SignatureHeader, type SignatureResult } from 'mailauth/lib/dkim/dkim-verifier.js';
import type { SignatureFacts } from '../lambda/dkim/judge-signature.ts';
import type { LiveKeys } from './live-keys.ts';

export type { HeaderField };

/** Everything about a signature but its key. */
export type CheckedSignature = Omit<SignatureFacts, 'key'>;

export interface CheckedMessage {
  readonly fields: readonly HeaderField[];
  /** Addresses of all From fields, as far as they can be read. */
  readonly from: readonly string[];
  readonly signatures: readonly CheckedSignature[];
  /** Signatures beyond the bound, which were not looked at. */
  readonly more: number;
}

/** A message of SES has two or three. Each may cost a question to DNS. */
const MAX_SIGNATURES = 10;
/** Ways in which the body is hashed: one for each canonicalization, algorithm and length. Each is a run over all of it. */
const MAX_RUNS = 4;

/** What is read out of a signature before the library's own reading of it is changed. */
interface Kept {
  readonly header: SignatureHeader;
  readonly expectedBodyHash: string;
  readonly lengthLimit: number | undefined;
}

class BoundedVerifier extends DkimVerifier {
  readonly kept: Kept[] = [];
  more = 0;
  private readonly first: (domain: string) => boolean;

  constructor(keys: LiveKeys, first: (from: readonly string[]) => (domain: string) => boolean) {
    super({ resolver: (name) => keys.resolve(name) });
    this.first = (domain) => first(this.headerFrom)(domain);
  }

  /** Reads the header; then decides which signatures are looked at. */
  override async messageHeaders(headers: { readonly parsed: readonly HeaderField[] }): Promise<void> {
    await super.messageHeaders(headers);
    // ARC has signatures of its own, which say nothing about the sender.
    const all = this.signatureHeaders.filter(({ type }) => type === 'DKIM');
    const wanted = [...all].sort((a, b) => Number(this.first(String(b.signingDomain))) - Number(this.first(String(a.signingDomain))));
    const chosen = new Set<SignatureHeader>();
    const hashes = new Set<string>();
    for (const one of wanted) {
      const run = one.bodyHashKey;
      if (chosen.size >= MAX_SIGNATURES || (run !== undefined && hashes.size >= MAX_RUNS && !hashes.has(run))) continue;
      chosen.add(one);
      if (run !== undefined) hashes.add(run);
    }
    this.signatureHeaders = all.filter((one) => chosen.has(one));
    this.more = all.length - chosen.size;
    for (const key of this.bodyHashes.keys()) if (!hashes.has(key)) this.bodyHashes.delete(key);
    for (const header of this.signatureHeaders) this.kept.push(this.keep(header));
  }

  /**
   * A body that was changed on the way would keep the library from checking the header, and so from telling whether the key is the right
   * one: here both are checked, and judged by {@link CheckedSignature}. Dates out of range would make it throw, and a number in l= print.
   */
  private keep(header: SignatureHeader): Kept {
    const expectedBodyHash = String(header.parsed.bh?.value ?? '');
    const limit = header.parsed.l?.value;
    const hashes = this.bodyHashes;
    header.parsed.bh = {
      get value() {
        return hashes.get(header.bodyHashKey ?? '')?.hash ?? '';
      },
    };
    if (header.timestamp !== null && Number.isNaN(header.timestamp.getTime())) header.timestamp = null;
    if (header.expiration !== null && Number.isNaN(header.expiration.getTime())) header.expiration = null;
    header.maxBodyLength = String(header.maxBodyLength);
    return { header, expectedBodyHash, lengthLimit: typeof limit === 'number' ? limit : undefined };
  }
}

/**
 * Checks every signature of a message (CRLF line ends, see message-bytes). `first` says of which domains, given the From addresses,
 * signatures are looked at before others. Throws what the library throws for bytes it cannot read.
 */
export async function checkMessage(
  message: Buffer,
  keys: LiveKeys,
  first: (from: readonly string[]) => (domain: string) => boolean,
): Promise<CheckedMessage> {
  const verifier = new BoundedVerifier(keys, first);
  await new Promise<void>((done, failed) => {
    verifier.once('finish', done).once('error', failed);
    verifier.end(message);
  });
  // The library gives results for those signatures only that it could try, in the same order.
  const results = verifier.kept.some(({ header }) => header.skip !== true) ? [...verifier.results] : [];
  const signatures = verifier.kept.map((kept) => facts(kept, kept.header.skip === true ? undefined : results.shift()));
  return { fields: verifier.headers === false ? [] : verifier.headers.parsed, from: verifier.headerFrom, signatures, more: verifier.more };
}

function facts({ header, expectedBodyHash, lengthLimit }: Kept, result: SignatureResult | undefined): CheckedSignature {
  const { v, i, h, x, b } = header.parsed;
  const expires = typeof x?.value === 'number' ? x.value * 1000 : undefined;
  const tried = result !== undefined && expectedBodyHash !== '' && String(b?.value ?? '') !== '';
  return {
    domain: String(header.signingDomain).toLowerCase(),
    selector: String(header.selector),
    algorithm: header.algorithm.toLowerCase().trim(),
    version: v === undefined ? undefined : String(v.value),
    identity: i === undefined ? undefined : String(i.value),
    signedHeaders: String(h?.value ?? '')
      .split(':')
      .map((name) => name.trim().toLowerCase()),
    expires: expires !== undefined && Math.abs(expires) < 8.64e15 ? expires : undefined,
    lengthLimit,
    bodyLength: result?.canonBodyLengthTotal ?? 0,
    body: !tried ? 'not-checked' : result.bodyHash === expectedBodyHash ? 'as-signed' : 'changed',
    header: !tried ? 'not-checked' : headerState(result),
  };
}

/** `neutral` and `temperror` mean that there was no key to check with, or one that the library does not take. */
function headerState({ status }: SignatureResult): 'valid' | 'wrong' | 'not-checked' {
  // An expired signature is judged by the rules of this program; that it fits its key is known all the same.
  if (status.result === 'pass' || status.comment === 'expired' || status.comment === 'invalid expiration') return 'valid';
  return status.result === 'fail' ? 'wrong' : 'not-checked';
}
