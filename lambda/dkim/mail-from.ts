// What a custom MAIL FROM domain needs in DNS (SES developer guide, "Using a custom MAIL FROM domain"), and whether answers show it.
import type { MailRecord } from '../model/expectation.ts';
import type { DnsRecord } from '../model/lookup.ts';
import { type DnsName, dnsName } from '../model/names.ts';
import { isKnownRegion, partitionOf } from './region-zones.ts';

/** Partitions whose feedback hosts are known: `feedback-smtp.<region>.amazonses.com`. Nobody has seen those of the others. */
const PARTITIONS: readonly string[] = ['aws', 'aws-us-gov'];

export interface MailFromRecords {
  /** Undefined in a partition whose hosts are not known: guessing would show a user a wrong record. */
  readonly mx?: Extract<MailRecord, { type: 'MX' }>;
  readonly spf: Extract<MailRecord, { type: 'SPF' }>;
}

/** The MX and the SPF record for the MAIL FROM domain of an identity in `region`. */
export function mailFromRecords(domain: DnsName, region: string): MailFromRecords {
  const spf = { type: 'SPF', name: domain } as const;
  if (!PARTITIONS.includes(partitionOf(region))) return { spf };
  return { mx: { type: 'MX', name: domain, exchange: dnsName(`feedback-smtp.${region}.amazonses.com`) }, spf };
}

/**
 * `right`: exactly one MX, which leads to SES. One that names another region of SES is legitimate. `elsewhere`: a CNAME leads out of what this
 * server knows, and the MX may be where it ends. `unknown`: it may be a host of SES in a region that this version does not know, or in a
 * partition whose hosts nobody has seen. `region` is the identity's own.
 */
export function judgeMx(
  records: readonly DnsRecord[],
  region?: string,
): 'right' | 'missing' | 'elsewhere' | 'several' | 'wrong' | 'unknown' {
  const [exchange, second] = exchangesOf(records);
  if (exchange === undefined) return records.some(({ type }) => type === 'CNAME') ? 'elsewhere' : 'missing';
  if (second !== undefined) return 'several';
  return judgeHost(exchange, region);
}

function judgeHost(exchange: string, own: string | undefined): 'right' | 'wrong' | 'unknown' {
  const [, named = '', rest] = /^feedback-smtp\.([a-z0-9-]+)\.(.+)$/.exec(exchange) ?? [];
  const hasKnownHost = PARTITIONS.includes(partitionOf(named));
  if (rest === 'amazonses.com' && hasKnownHost && (isKnownRegion(named) || named === own)) return 'right';
  const isForeign = own !== undefined && !PARTITIONS.includes(partitionOf(own)) && exchange.startsWith('feedback-smtp.');
  return rest === 'amazonses.com' || (rest !== undefined && !hasKnownHost) || isForeign ? 'unknown' : 'wrong';
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
