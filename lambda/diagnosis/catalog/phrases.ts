// Turns of phrase that several kinds of finding share.
import type { Subject } from '../../model/alert.ts';
import type { DnsNow } from '../../model/finding.ts';
import { visible } from '../../model/safe-text.ts';

/** The identity's name. */
export const who = ({ identity }: Subject): string => visible(identity, 260);

/** `account 111111111111, eu-west-1`; empty if SES was not asked. */
export function where({ account, region }: Subject): string {
  return [account === '' ? '' : `account ${visible(account, 20)}`, visible(region, 40)].filter((part) => part !== '').join(', ');
}

/** A name or value that DNS supplied. */
export const shown = (text: string): string => visible(text, 260);

/** `2026-03-01 14:02 UTC`; "an unknown time" for what is no time. */
export function utc(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? 'an unknown time' : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** At most `max` items, "and N more". */
export function listed(items: readonly string[], max = 6): string {
  const more = items.length - max;
  return items.slice(0, max).map(shown).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** What SES makes of it now: the heart of most messages. What comes of it is {@link sesNext}. */
export function sesView(subject: Subject): string {
  return `${statusWords(subject)}${fineElsewhere(subject)}`;
}

/** The healthy siblings: each region and account has records of its own, and people take one for the other. Replicas share theirs. */
function fineElsewhere({ fineIn = [], account, method }: Subject): string {
  if (fineIn.length === 0 || method === 'deed') return '';
  const places = fineIn.map((place) => `${place.region}${place.account === account ? '' : ` (account ${place.account})`}`);
  return ` The same domain is fine in ${listed(places)}: each region and account has records of its own, so leave those as they are.`;
}

function statusWords({ status }: Subject): string {
  switch (status) {
    case 'SUCCESS':
      return 'SES still says SUCCESS, so it has not noticed yet. Mail may already be unsigned.';
    case 'TEMPORARY_FAILURE':
      return 'SES has noticed (TEMPORARY_FAILURE): mail is most likely unsigned now.';
    case 'PENDING':
      return 'SES is still looking for the records (PENDING) and does not sign until it finds them.';
    case 'FAILED':
      return 'SES has stopped looking (FAILED) and does not sign.';
    case 'NOT_STARTED':
      return 'SES has not started DKIM for this identity and does not sign.';
    case 'UNKNOWN':
      return 'What SES makes of it is not known.';
  }
}

/** SES's reason in plain words. */
export function errorWords(errorType: string | undefined): string {
  const known: Readonly<Record<string, string>> = {
    INVALID_VALUE: 'the record it found has a value it did not expect',
    TYPE_NOT_FOUND: 'there is no record of the type it looked for',
    HOST_NOT_FOUND: 'the name does not exist',
    SERVICE_ERROR: 'its own check failed',
    DNS_SERVER_ERROR: 'the DNS servers gave it an error or no answer',
  };
  if (errorType === undefined) return '';
  const words = Object.hasOwn(known, errorType) ? known[errorType] : undefined;
  return ` SES's reason: ${visible(errorType, 60)}${words === undefined ? '' : ` (${words})`}.`;
}

/** The two views of the primary name server, where they differ. */
export function primariesDiffer(sesPrimary: string | undefined, ourPrimary: string | undefined): string {
  if (sesPrimary === undefined || ourPrimary === undefined) return '';
  const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '');
  return bare(sesPrimary) === bare(ourPrimary)
    ? ''
    : ` SES looked at ${shown(sesPrimary)}, we see ${shown(ourPrimary)}: SES may still be asking a former DNS host.`;
}

/** How DNS looks now, beside what SES has given up. Begins with a space; empty where it was not looked up. */
export function dnsWords(dns: DnsNow | undefined): string {
  if (dns === undefined) return '';
  const of = dns.right + dns.wrong + dns.unknown;
  if (dns.right === of) return ` DNS is right now: ${dns.right} of ${count(of, 'record')} seen.`;
  const unclear = dns.unknown === 0 ? '' : `, ${dns.unknown} could not be judged`;
  return ` DNS is ${dns.wrong > 0 ? 'not right' : 'not known in full'} now: ${dns.right} of ${count(of, 'record')} seen${unclear}.`;
}
