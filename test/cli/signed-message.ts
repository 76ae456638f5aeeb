// Real messages, signed with mailauth as a sender signs them.
import { dkimSign } from 'mailauth/lib/dkim/sign.js';

export interface Signer {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
  readonly algorithm?: 'rsa-sha256' | 'rsa-sha1' | 'ed25519-sha256';
  readonly canonicalization?: 'relaxed/relaxed' | 'relaxed/simple' | 'simple/simple';
  /** Bytes of the body that are signed. */
  readonly lengthLimit?: number;
  readonly expires?: Date;
}

/** As SES sends it from eu-west-1. `fields` come first, each with its line end. */
export function message(fields = '', body = 'Hello you,\r\n\r\nthis is it.\r\n'): string {
  return [
    `${fields}From: "Shop News" <news@shop.com>`,
    'To: you@example.org',
    'Subject: Hello',
    'Date: Mon, 01 Jun 2026 10:00:00 +0000',
    'Message-ID: <0102018c-000000@eu-west-1.amazonses.com>',
    'Feedback-ID: ::1.eu-west-1.AbCdEf=:AmazonSES',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    body,
  ].join('\r\n');
}

const SIGNED_AT = new Date('2026-06-01T10:00:00Z');

/** The message with a signature of each signer in front. Throws if one could not sign. */
export async function signed(text: string, ...signers: readonly Signer[]): Promise<string> {
  let all = text;
  for (const signer of [...signers].reverse()) {
    const { domain, selector, privateKey, algorithm, canonicalization, lengthLimit, expires } = signer;
    const what = { signingDomain: domain, selector, privateKey, ...(lengthLimit === undefined ? {} : { maxBodyLength: lengthLimit }) };
    const { signatures, errors } = await dkimSign(text, {
      ...what,
      signatureData: [what],
      canonicalization: canonicalization ?? 'relaxed/simple',
      algorithm: algorithm ?? 'rsa-sha256',
      signTime: SIGNED_AT,
      ...(expires === undefined ? {} : { expires }),
    });
    if (errors !== undefined && errors.length > 0) throw new Error(`not signed: ${JSON.stringify(errors)}`);
    all = signatures + all;
  }
  return all;
}
