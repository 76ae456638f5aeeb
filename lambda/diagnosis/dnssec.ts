// Tells a resolver that refuses a domain for its DNSSEC from one that is merely in trouble, or alone in its opinion.
import type { DnsEvidence, Evidence, RecordEvidence } from '../model/evidence.ts';
import type { Lookup, Server } from '../model/lookup.ts';
import { isConfirmed } from './confirmed.ts';

/** What the resolvers that validate as they should say of one record, in both rounds. */
interface Opinions {
  /** Names of those that refuse it. */
  readonly refusing: readonly string[];
  /** Names of those that answer all the same. */
  readonly believing: readonly string[];
}

/**
 * Names of the resolvers that answer SERVFAIL, and answer the very same question as soon as they are told not to validate (CD,
 * RFC 4035 §3.2.2); in both rounds, or in one where the trouble was confirmed before. Only those that answer a name that is surely signed with
 * AD (RFC 4035 §3.2.3) in the same run are believed, and only while none of these answers as if nothing were wrong.
 */
export function bogusResolvers(about: RecordEvidence, { dns }: Pick<Evidence, 'dns'>): readonly string[] {
  const { refusing: those, believing } = opinions(about, dns);
  return believing.length === 0 ? those : [];
}

/** Resolvers that validate contradict each other about a record: undefined if they do not. */
export function disputedDnssec({ dns }: Pick<Evidence, 'dns'>): Opinions | undefined {
  return dns.records.map((about) => opinions(about, dns)).find((one) => one.refusing.length > 0 && one.believing.length > 0);
}

/** Names of the resolvers whose answer about the name that is surely signed was a checked one. */
export function validators(control: readonly Lookup[]): ReadonlySet<string> {
  return new Set(
    control.flatMap(({ server, outcome }) => (outcome.kind === 'answer' && outcome.ad === true ? [resolverName(server)] : [])),
  );
}

/** Names of those that say SERVFAIL to the one, and answer the other. */
export function refusing(checked: readonly Lookup[], unchecked: readonly Lookup[]): readonly string[] {
  const answers = new Set(unchecked.filter(isHeard).map(({ server }) => resolverName(server)));
  return checked
    .filter(({ server, outcome }) => outcome.kind === 'broken' && outcome.how === 'servfail' && answers.has(resolverName(server)))
    .map(({ server }) => resolverName(server));
}

function opinions(about: RecordEvidence, dns: DnsEvidence): Opinions {
  const proven = validators(dns.validation ?? []);
  const first = refusing(about.resolvers, about.unchecked).filter((name) => proven.has(name));
  if (first.length === 0 || !isConfirmed(dns)) return { refusing: [], believing: [] };
  const twice = about.resolversAgain.length > 0;
  const second = twice ? refusing(about.resolversAgain, about.uncheckedAgain) : first;
  const latest = twice ? about.resolversAgain : about.resolvers;
  return {
    refusing: first.filter((name) => second.includes(name)),
    // One that has just changed its mind is no second opinion.
    believing: latest
      .filter(isHeard)
      .map(({ server }) => resolverName(server))
      .filter((name) => proven.has(name) && !first.includes(name)),
  };
}

/** Its address, with the port where it is not the usual one. */
export const resolverName = ({ address, port }: Server): string => (port === undefined ? address : `${address}:${port}`);

const isHeard = ({ outcome }: Lookup): boolean => outcome.kind === 'answer' || outcome.kind === 'absent';
