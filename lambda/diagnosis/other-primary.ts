// The name server that SES says it looked at, where it is none of the domain's own, and what it says of the records today.
import { looksRight } from '../dkim/questions.ts';
import type { Evidence } from '../model/evidence.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { Lookup } from '../model/lookup.ts';
import { type DnsName, parseDnsName } from '../model/names.ts';
import type { Reading } from './reading.ts';

/** SES's primary name server, if it is neither ours nor one of the domain's name servers; undefined if SES gave none, or nonsense. */
export function otherPrimary(
  { identity }: Pick<Evidence, 'identity'>,
  { ourPrimary, nameServers }: Pick<Reading, 'ourPrimary' | 'nameServers'>,
): DnsName | undefined {
  const said = parseDnsName(identity.ses.soa?.primaryNameServer ?? '');
  if (!said.ok || nameServers.includes(said.value)) return undefined;
  const ours = parseDnsName(ourPrimary ?? '');
  return ours.ok && ours.value === said.value ? undefined : said.value;
}

/** What that server says of all records together. `not-asked`: it has no address that may be asked. */
export function sideOf(
  lookups: readonly Lookup[],
  records: readonly ExpectedRecord[],
): 'right' | 'absent' | 'wrong' | 'no-answer' | 'not-asked' {
  const asked = lookups.filter(({ outcome }) => outcome.kind !== 'not-asked');
  if (asked.length === 0) return 'not-asked';
  const isRight = (record: ExpectedRecord): boolean => asked.some((lookup) => looksRight(lookup, record));
  if (records.length > 0 && records.every(isRight)) return 'right';
  if (asked.some(({ outcome }) => outcome.kind === 'absent')) return 'absent';
  return asked.some(({ outcome }) => outcome.kind === 'answer') ? 'wrong' : 'no-answer';
}
