// How DNS looks at present beside an identity that SES has given up: it decides what has to be done first.
import type { DnsNow } from '../model/finding.ts';
import type { Reading } from './reading.ts';

/** Counts over the expected records; nothing if none was looked up. A record that only one look showed absent is not counted as wrong yet. */
export function dnsNow({ records }: Reading): { readonly dns?: DnsNow } {
  if (records.length === 0) return {};
  const right = records.filter(({ verdict }) => verdict.kind === 'present').length;
  const unknown = records.filter(({ verdict }) => verdict.kind === 'unknown' || verdict.kind === 'absent-suspected').length;
  return { dns: { right, wrong: records.length - right - unknown, unknown } };
}
