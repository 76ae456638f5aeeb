// How each open alert stands between two sweeps: whether people know of it, and why nothing is told of it now.
import type { Alert, AlertEvent, ClosedAlert } from './alert.ts';
import type { DecisionReason } from './decision.ts';
import type { Deadline, Severity } from './finding.ts';
import type { Message } from './message.ts';
import type { Mute } from './policy.ts';

/** What is decided about one alert if the next sweep sees what the last one saw. */
export interface Standing {
  readonly alert: Alert;
  /** The worst of what is not muted; of an alert that is muted as a whole its own. */
  readonly severity: Severity;
  /** The next sweep would tell it, as `event`. */
  readonly event?: AlertEvent;
  /** Why it would be told, or why it stays quiet. `publish-failed`: it is over, and the message that says so could not be sent yet. */
  readonly reason: DecisionReason;
  /** When that ends by itself: of a mute its end, of a told one the next reminder or escalation, of a hold-down or a pause its end. ISO 8601 UTC. */
  readonly until?: string;
  /** The mutes that silence it, or a part of it; absent if none does. */
  readonly mutes?: readonly Mute[];
  /** The nearest deadline that is still to come. */
  readonly deadline?: Deadline;
  /** False: muted as a whole, below the minimum severity, or over. It is not counted as open. */
  readonly counts: boolean;
}

/** A message that a topic or bus besides the main one did not take yet: each sweep tries it again. */
export interface WaitingMessage extends Pick<Message, 'alertId' | 'messageId' | 'event' | 'subject'> {
  /** Id of the exit, such as `route-shop`. */
  readonly exit: string;
  /** When it was first tried, ISO 8601 UTC. */
  readonly since: string;
}

/** An alert that was told to be over within the last day. */
export type ClosedStanding = ClosedAlert & { readonly key: string };
