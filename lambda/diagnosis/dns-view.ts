// Condenses one identity's DNS evidence for people: how many servers say what of each record.
import type { DnsView, RecordView } from '../model/dns-view.ts';
import type { Evidence } from '../model/evidence.ts';
import { withoutPrivateKeysIn } from '../model/private-keys.ts';
import { visible } from '../model/safe-text.ts';
import { recordValue } from './fixes.ts';
import { type RecordReading, readEvidence } from './reading.ts';
import type { Says } from './says.ts';
import { outcomeWords } from './server-words.ts';

/** Nobody can say more where SES alone knows the key. */
const ANY_KEY = 'any usable RSA key (which one, SES does not tell)';

/** More different answers than this are one line. */
const MAX_SAYS = 6;

/** DNS's side of one identity. */
export function dnsView(evidence: Evidence): DnsView {
  const reading = readEvidence(evidence);
  const { dns } = evidence;
  const unknown = reading.gone === undefined ? reading.blind?.detail : `DNS says that ${reading.gone.registrable} does not exist.`;
  const soa = reading.zone === undefined ? [] : [...dns.soa, ...dns.soaConfirmation];
  const serials = soa.flatMap(({ outcome }) =>
    outcome.kind === 'answer' ? outcome.records.flatMap((one) => (one.type === 'SOA' ? [one.serial] : [])) : [],
  );
  return {
    ...(reading.zone === undefined ? {} : { zone: reading.zone }),
    nameServers: reading.nameServers,
    ...(reading.ourPrimary === undefined ? {} : { primary: visible(reading.ourPrimary, 260) }),
    serials: [...new Set(serials)].sort((a, b) => b - a),
    records: reading.records.map(recordView),
    ...(unknown === undefined ? {} : { unknown: visible(unknown, 1000) }),
  };
}

function recordView({ record, verdict, servers }: RecordReading): RecordView {
  const counts = new Map<string, number>();
  for (const { now } of servers) counts.set(inWords(now), (counts.get(inWords(now)) ?? 0) + 1);
  const says = [...counts].map(([what, n]) => ({ what, servers: n })).sort((a, b) => b.servers - a.servers);
  return {
    name: `${record.name}.`,
    type: record.type,
    expected: record.type === 'TXT' && record.publicKey === undefined ? ANY_KEY : recordValue(record),
    state: verdict.kind === 'present' ? 'right' : UNDECIDED.has(verdict.kind) ? 'unknown' : 'wrong',
    says: says.slice(0, MAX_SAYS),
  };
}

const UNDECIDED: ReadonlySet<string> = new Set<RecordReading['verdict']['kind']>(['unknown', 'absent-suspected']);

/** Whatever else a server may say of a record comes down to "something else". */
function inWords(says: Says): string {
  if (says.kind === 'right') return 'right';
  if (says.kind === 'mute') return `no answer that counts (${outcomeWords(says.outcome)})`;
  if (says.kind === 'txt-failing') return 'there, but its TXT cannot be read';
  if (says.kind === 'absent') return says.wildcard ? 'not there (a wildcard answers)' : `not there (${says.how.toUpperCase()})`;
  if ('detail' in says) return `not judged: ${visible(says.detail, 300)}`;
  return 'value' in says ? `something else: ${visible(withoutPrivateKeysIn(says.value.split('\n')).join('\n'), 200)}` : 'something else';
}
