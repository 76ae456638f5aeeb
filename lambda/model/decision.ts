// What was decided of an alert in one sweep, and why: each is a line in the log.
import type { AlertEvent, GoneWhy, NearClock } from './alert.ts';

/** Why a decision tells or stays quiet. Logged for each alert in each sweep. */
export type DecisionReason =
  | 'new'
  | 'facts-changed'
  | 'severity-raised'
  | 'remind-interval-passed'
  | 'deadline-near'
  | 'deadline-passed'
  | 'back-again'
  | 'fewer-than-told'
  | 'healthy-again'
  | GoneWhy
  | 'first-summary'
  /* quiet ones */
  | 'already-told'
  | 'below-minimum-severity'
  | 'muted'
  | 'nobody-confirmed'
  | 'audience-unknown'
  | 'unknown-changes-nothing'
  | 'not-yet-panel-confirmed'
  | 'never-told'
  | 'held-by-brake'
  | 'waiting-for-first-summary'
  | 'escalation-soon'
  | 'hold-down'
  | 'group-paced'
  | 'told-with-its-group'
  | 'publish-failed';

export interface Decision {
  readonly key: string;
  readonly tell: boolean;
  /** Present if `tell`. */
  readonly event?: AlertEvent;
  readonly reason: DecisionReason;
  /** Of an escalation: which deadline is near or has passed. */
  readonly clock?: NearClock;
}
