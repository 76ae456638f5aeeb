// An account or region that could not be read. Made by the sweep's end, which knows targets; not part of the rulebook for identities.
import type { FindingFacts, FindingOf } from '../../model/finding.ts';
import { hoursBetween } from '../deadlines.ts';
import { finding } from '../rule.ts';

/** Blindness of a day is an incident of its own. */
const CRITICAL_AFTER_HOURS = 24;

/** `facts.since` is when it was first seen unreadable, `now` the sweep's start; both ISO 8601 UTC. */
export function targetUnreadable(facts: FindingFacts['target-unreadable'], now: string): FindingOf<'target-unreadable'> {
  const long = (hoursBetween(facts.since, now) ?? 0) >= CRITICAL_AFTER_HOURS;
  const { reason, detail, since, identities } = facts;
  return finding('target-unreadable', long ? 'critical' : 'warning', { reason, detail, since, identities });
}
