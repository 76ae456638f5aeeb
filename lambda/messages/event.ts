// A message as an event for EventBridge, for tickets, pagers and automation.
import type { Message } from '../model/message.ts';

/** What PutEvents takes for one message, apart from the bus. */
export interface EventEntry {
  readonly Source: string;
  readonly DetailType: string;
  /** JSON text: the alert as queues get it, schema 1. */
  readonly Detail: string;
}

/** Rules name it. */
export const EVENT_SOURCE = 'ses-dkim-monitor';

/**
 * The detail-type of each event in the life of an alert, and of what is none: no rule for alerts should fire for it. A contract, like the JSON: rules name them.
 */
export const DETAIL_TYPES: { readonly [E in Message['event']]: string } = {
  opened: 'DKIM Alert Opened',
  changed: 'DKIM Alert Changed',
  reminder: 'DKIM Alert Reminder',
  escalated: 'DKIM Alert Escalated',
  recovered: 'DKIM Alert Recovered',
  reopened: 'DKIM Alert Reopened',
  expired: 'DKIM Alert Expired',
  digest: 'DKIM Digest',
  test: 'DKIM Test',
};

/** Of a first look at new targets, which may have no trouble at all: no rule for alerts should fire for it. */
export const FIRST_LOOK = 'DKIM First Look';

/** Of a message about several alerts that are events of their own beside it: a rule for alerts would take them twice. */
export const MANY_ALERTS = 'DKIM Many Alerts';

/**
 * The events of a message, the whole first; each alert of a message about several, if they are few enough, is one as well, with the detail-type and the `alertId` of
 * its own other messages. It always fits: the JSON stands twice in the SNS message (for queues and for functions), which as a whole is within 262,144 bytes,
 * while an event alone may be that large. Source: Amazon EventBridge User Guide, "Calculating PutEvents event entry size": less than 256 KB.
 */
export function eventEntries(message: Message): readonly EventEntry[] {
  const { members = [], json } = message;
  const entry = (DetailType: string, Detail: string): EventEntry => ({ Source: EVENT_SOURCE, DetailType, Detail });
  return [entry(wholeType(message), json), ...members.map((member) => entry(DETAIL_TYPES[message.event], member))];
}

function wholeType({ occasion, event, members = [] }: Message): string {
  if (occasion === 'first-sweep') return FIRST_LOOK;
  return members.length > 0 ? MANY_ALERTS : DETAIL_TYPES[event];
}
