// An account or region that could not be read. Made by the sweep's end, which knows targets; not part of the rulebook for identities.
import type { FindingFacts, FindingOf, Severity } from '../../model/finding.ts';
import type { GapReason } from '../../model/identity.ts';
import { hoursBetween } from '../deadlines.ts';
import { finding } from '../rule.ts';

/** Blindness of a day is an incident of its own. */
const CRITICAL_AFTER_HOURS = 24;

/** Throttles, time-outs and errors of AWS's own often pass by themselves: people are told once they last. A refusal does not pass. */
const PASSING: readonly GapReason[] = ['throttled', 'out-of-time', 'error'];
const PASSING_HOURS = 0.5;

/** `facts.since` is when it was first seen unreadable, `now` the sweep's start; both ISO 8601 UTC. */
export function targetUnreadable(facts: FindingFacts['target-unreadable'], now: string): FindingOf<'target-unreadable'> {
  const { reason, detail, since, identities } = facts;
  return finding('target-unreadable', severityOf(reason, hoursBetween(since, now) ?? 0), { reason, detail, since, identities });
}

function severityOf(reason: GapReason, hours: number): Severity {
  if (hours >= CRITICAL_AFTER_HOURS) return 'critical';
  return PASSING.includes(reason) && hours < PASSING_HOURS ? 'notice' : 'warning';
}
