// A message as it leaves for the channel.
import type { MessageEvent } from './alert.ts';
import type { FindingKind, Severity } from './finding.ts';

/** A message ready for the channel: a body for each protocol, each within SNS's limits. */
export interface Message {
  /** Deterministic from alert id, event and the fact-state told: a repeat after a crash carries the same id. */
  readonly messageId: string;
  readonly alertId: string;
  /** `test`: sent by a person to see who gets it (`dkim-monitor test-alert`); nothing is wrong. */
  readonly event: MessageEvent | 'test';
  readonly severity: Severity;
  readonly kinds: readonly FindingKind[];
  readonly account: string;
  readonly region: string;
  /** All of them, where a message is about several: subscribers filter by each. */
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  /** Domains of all identities it is about (of an address, the domain), sorted. */
  readonly domains?: readonly string[];
  /** How many identities it is about; none for a target that cannot be read. */
  readonly identities?: number;
  /** For a message about several alerts: why they are told together. */
  readonly occasion?: 'first-sweep' | 'many-at-once' | 'one-cause';
  /** ASCII, under 100 characters, no control characters. */
  readonly subject: string;
  readonly email: string;
  /** Custom-notification schema of Amazon Q Developer in chat applications, as JSON text. */
  readonly chat: string;
  /** The alert as JSON text, schema 1 (docs/how-it-works.md). */
  readonly json: string;
  /** For a message about several alerts that are few enough: the JSON that each would have alone. What opens and closes tickets by `alertId` gets these as well. */
  readonly members?: readonly string[];
}
