// What each server says about one record over both rounds of asking.
import type { DnsEvidence, RecordEvidence } from '../model/evidence.ts';
import type { Lookup, Server } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import type { Says } from './says.ts';
import { fingerprint, type Surroundings, serverSays } from './server-says.ts';

export interface ServerReading {
  readonly server: Server;
  readonly first: Says | undefined;
  readonly second: Says | undefined;
  /** The latest word: the second round's, unless the server was mute then. */
  readonly now: Says;
  /** It spoke in both rounds and not the same. */
  readonly changed: boolean;
  /** In each round: whether the server answered `SOA <apex>` with authority in that round, so that its "not there" counts. */
  readonly speaksForZone: readonly [boolean, boolean];
}

/** One reading for each address that was asked about the record. */
export function readServers(evidence: RecordEvidence, dns: DnsEvidence, apex: DnsName | undefined): readonly ServerReading[] {
  const { record } = evidence;
  const here = (lookup: Lookup): boolean => lookup.server.role === 'authoritative' && lookup.question.name === record.name;
  const first = byAddress(evidence.lookups.filter(here));
  const second = byAddress(evidence.confirmation.filter(here));
  const around: Surroundings = { wild: fingerprints(evidence.beside), resolvers: evidence.resolvers, beyond: evidence.beyond ?? [] };
  return [...new Map([...second, ...first])].flatMap(([address, [sample]]) => {
    if (sample === undefined) return [];
    const said = [first.get(address), second.get(address)].map((lookups) => lookups && serverSays(record, lookups, around));
    const speaksForZone = [
      speaks(dns.soa, address, apex) || (dns.level === 'lean' && holdsZone(first.get(address), apex)),
      speaks(dns.soaConfirmation, address, apex) || (dns.level === 'lean' && holdsZone(second.get(address), apex)),
    ] as const;
    return [{ server: sample.server, ...merged(said[0], said[1]), speaksForZone }];
  });
}

/** The answers that a set of probes got, for comparing with what the record itself gets. */
export function fingerprints(lookups: readonly Lookup[]): ReadonlySet<string> {
  return new Set(
    lookups.flatMap(({ outcome, question }) => (outcome.kind === 'answer' ? (fingerprint(outcome.records, question.name) ?? []) : [])),
  );
}

function byAddress(lookups: readonly Lookup[]): ReadonlyMap<string, readonly Lookup[]> {
  const found = new Map<string, Lookup[]>();
  for (const lookup of lookups) {
    const same = found.get(lookup.server.address);
    if (same) same.push(lookup);
    else found.set(lookup.server.address, [lookup]);
  }
  return found;
}

function speaks(soa: readonly Lookup[], address: string, apex: DnsName | undefined): boolean {
  return soa.some(
    ({ server, outcome }) =>
      server.address === address &&
      outcome.kind === 'answer' &&
      outcome.aa &&
      outcome.records.some((r) => r.type === 'SOA' && r.name === apex),
  );
}

/** The zone's own SOA beside what is not there (RFC 2308 §2.1): it need not be asked for by itself. */
function holdsZone(lookups: readonly Lookup[] | undefined, apex: DnsName | undefined): boolean {
  return (lookups ?? []).some(
    ({ outcome }) => outcome.kind === 'absent' && outcome.aa && outcome.soa !== undefined && outcome.soa === apex,
  );
}

function merged(first: Says | undefined, second: Says | undefined): Pick<ServerReading, 'first' | 'second' | 'now' | 'changed'> {
  const earlier = first ?? { kind: 'mute', outcome: undefined };
  if (second === undefined || second.kind === 'mute')
    return { first, second, now: earlier.kind === 'mute' ? (second ?? earlier) : earlier, changed: false };
  if (earlier.kind === 'mute') return { first, second, now: second, changed: false };
  // A TXT answered in either round shows that TXT questions are answered.
  const now = second.kind === 'right' && earlier.kind === 'right' && earlier.txt === 'answered' ? { ...second, txt: earlier.txt } : second;
  return { first, second, now, changed: essence(earlier) !== essence(second) };
}

function essence(says: Says): string {
  return 'value' in says ? `${says.kind} ${says.value}` : says.kind;
}
