// What a custom MAIL FROM domain needs in DNS (SES developer guide, "Using a custom MAIL FROM domain"), and whether answers show it.
import type { MailRecord } from '../model/expectation.ts';
import type { DnsRecord } from '../model/lookup.ts';
import { type DnsName, dnsName } from '../model/names.ts';

/** The MX and the SPF record for the MAIL FROM domain of an identity in `region`. */
export function mailFromRecords(domain: DnsName, region: string): readonly [Extract<MailRecord, { type: 'MX' }>, MailRecord] {
  return [
    { type: 'MX', name: domain, exchange: dnsName(`feedback-smtp.${region}.amazonses.com`) },
    { type: 'SPF', name: domain },
  ];
}

/**
 * `right`: exactly one MX, which leads to SES. One that names another region of SES is legitimate. `elsewhere`: a CNAME leads out of what this
 * server knows, and the MX may be where it ends.
 */
export function judgeMx(records: readonly DnsRecord[]): 'right' | 'missing' | 'elsewhere' | 'several' | 'wrong' {
  const [exchange, second] = exchangesOf(records);
  if (exchange === undefined) return records.some(({ type }) => type === 'CNAME') ? 'elsewhere' : 'missing';
  if (second !== undefined) return 'several';
  return /^feedback-smtp\.[a-z0-9-]+\.amazonses\.com$/.test(exchange) ? 'right' : 'wrong';
}

/** The hosts that the MX records name. */
export function exchangesOf(records: readonly DnsRecord[]): readonly string[] {
  return records.flatMap((record) => (record.type === 'MX' ? [record.value] : []));
}

/**
 * True unless no TXT value is an SPF record, or several are, of which none counts (RFC 7208 §4.5), or it is one that lets nobody send. What it
 * includes is not followed: more is not for us to say.
 */
export function mayAllowSes(texts: readonly string[]): boolean {
  const [record, second] = texts.filter((text) => /^v=spf1( |$)/i.test(text));
  if (record === undefined || second !== undefined) return false;
  const terms = record.split(' ').slice(1);
  return terms.some((term) => term !== '' && !/^[-~?]all$|^exp=/i.test(term));
}
