// Who says what when the name servers disagree, and whether that is a change on its way or two sets of data.
import type { DnsEvidence, Evidence } from '../model/evidence.ts';
import type { FindingFacts } from '../model/finding.ts';
import type { DnsRecord } from '../model/lookup.ts';
import { cutAt } from '../model/safe-text.ts';
import { hoursBetween } from './deadlines.ts';
import type { Reading } from './reading.ts';
import { serverName } from './server-words.ts';
import { areTwoKeys, keyIn } from './two-keys.ts';

type Facts = FindingFacts['nameservers-disagree'];
type Soa = Extract<DnsRecord, { type: 'SOA' }>;

/** Longer than this a change is not on its way but stuck. */
const LONGEST_GRACE_HOURS = 1;
/** Characters kept of a differing value. */
const MAX_VALUE = 500;

/**
 * The servers by what they say of the disputed records: a server that lacks one of them lacks them. Of several good own keys the remembered one is
 * the right one; without it nobody can say which is.
 */
export function disagreement({ dns, history }: Evidence, reading: Reading): Facts {
  const holding = new Set<string>();
  const lacking = new Set<string>();
  const different = new Map<string, string>();
  for (const { record, verdict, servers } of reading.records) {
    if (verdict.kind !== 'disagree') continue;
    const apart = areTwoKeys(
      record,
      servers.flatMap(({ now }) => (now.kind === 'right' ? [now.value] : [])),
    );
    const remembered = keyIn(history?.lastRecords?.find(({ name, type }) => name === record.name && type === 'TXT')?.value);
    for (const { server, now } of servers) {
      if (now.kind === 'right' && (!apart || keyIn(now.value) === remembered)) holding.add(serverName(server));
      else if (now.kind === 'right') different.set(serverName(server), cutAt(now.value, MAX_VALUE));
      if (now.kind === 'absent') lacking.add(serverName(server));
      if (now.kind !== 'right' && 'value' in now) different.set(serverName(server), cutAt(now.value, MAX_VALUE));
    }
  }
  const against = new Set([...lacking, ...different.keys()]);
  const holdingAll = [...holding].filter((server) => !against.has(server)).sort();
  const serials = [...latestSoa(dns)].map(([server, { serial }]) => ({ server, serial })).sort((a, b) => (a.server < b.server ? -1 : 1));
  return {
    holding: holdingAll,
    lacking: [...lacking].sort(),
    different: [...different].map(([server, value]) => ({ server, value })).sort((a, b) => (a.server < b.server ? -1 : 1)),
    serials,
    cause: lags(serials, holdingAll, [...against]) ? 'propagation' : 'split',
  };
}

/**
 * True while a lagging serial number explains the disagreement and the zone's own refresh time (at most an hour) has not passed since the
 * trouble began. At first sight nobody knows when it began: then the finding stands.
 */
export function withinPropagation(evidence: Evidence, reading: Reading): boolean {
  const { history, dns, now } = evidence;
  if (history === undefined || disagreement(evidence, reading).cause !== 'propagation') return false;
  if (history.brokenSince === undefined && history.unknownSince === undefined && history.lastHealthyAt === undefined) return false;
  const elapsed = hoursBetween(history.brokenSince ?? history.unknownSince ?? now, now) ?? Number.POSITIVE_INFINITY;
  const refresh = Math.min(...[...latestSoa(dns).values()].map((soa) => soa.refresh / 3600));
  return elapsed < Math.min(LONGEST_GRACE_HOURS, refresh);
}

function latestSoa(dns: DnsEvidence): ReadonlyMap<string, Soa> {
  const found = new Map<string, Soa>();
  for (const { server, outcome } of [...dns.soa, ...dns.soaConfirmation]) {
    const soa = outcome.kind === 'answer' && outcome.aa ? outcome.records.find((record) => record.type === 'SOA') : undefined;
    if (soa?.type === 'SOA') found.set(serverName(server), soa);
  }
  return found;
}

/** One side's serials are all older than the other side's (RFC 1982 serial number arithmetic). Equal or mixed serials explain nothing. */
function lags(serials: Facts['serials'], holding: readonly string[], against: readonly string[]): boolean {
  const of = (side: readonly string[]): readonly number[] =>
    serials.flatMap(({ server, serial }) => (side.includes(server) ? [serial] : []));
  const [ours, theirs] = [of(holding), of(against)];
  if (ours.length === 0 || theirs.length === 0) return false;
  const allOlder = (a: readonly number[], b: readonly number[]): boolean => a.every((x) => b.every((y) => older(x, y)));
  return allOlder(ours, theirs) || allOlder(theirs, ours);
}

function older(a: number, b: number): boolean {
  const ahead = (b - a) >>> 0;
  return ahead > 0 && ahead < 2 ** 31;
}
