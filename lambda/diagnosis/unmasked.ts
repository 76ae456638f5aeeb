// Sees through DNS hosts that hide a CNAME: records that look absent one by one are judged again in the light of the others.
import type { Lookup } from '../model/lookup.ts';
import type { RecordReading } from './reading.ts';
import type { RecordVerdict } from './record-verdict.ts';

/**
 * A host that flattens CNAMEs shows the text behind each, which SES leaves empty for some tokens: beside a record that is certainly flattened,
 * one whose name exists without data is flattened too. A name that exists and has addresses of its own, other than a wildcard gives, is proxied.
 */
export function unmasked(records: readonly RecordReading[]): readonly RecordReading[] {
  const flattened = records.some(({ verdict }) => verdict.kind === 'wrong-type' && verdict.cause === 'flattened');
  return records.map((one) => {
    const { verdict, record } = one;
    if (record.type !== 'CNAME' || verdict.kind !== 'absent-confirmed' || verdict.absence !== 'nodata' || verdict.wildcard !== undefined)
      return one;
    if (flattened) return { ...one, verdict: hidden('flattened', '(empty)'), masked: true };
    const proxies = ownAddresses(one);
    return proxies.length > 0 ? { ...one, verdict: hidden('proxied', proxies.join(', ')), masked: true } : one;
  });
}

const hidden = (cause: 'flattened' | 'proxied', value: string): RecordVerdict => ({ kind: 'wrong-type', cause, value });

/** Addresses shown. */
const MAX_ADDRESSES = 4;

/** Nothing if the name beside it has addresses too, or was not asked with success: then they may be a wildcard's. */
function ownAddresses({ evidence }: RecordReading): readonly string[] {
  if (evidence === undefined || !evidence.besideAddresses.some(({ outcome }) => outcome.kind === 'absent')) return [];
  if (evidence.besideAddresses.some(({ outcome }) => outcome.kind === 'answer')) return [];
  return [...new Set(evidence.addresses.flatMap(addressesOf))].slice(0, MAX_ADDRESSES);
}

const addressesOf = ({ outcome }: Lookup): readonly string[] =>
  outcome.kind === 'answer' ? outcome.records.flatMap((record) => (record.type === 'A' ? [record.value] : [])) : [];
