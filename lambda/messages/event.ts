// A message as an event for EventBridge, for tickets, pagers and automation.
import type { Message } from '../model/alert.ts';

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

/**
 * The event of a message. It always fits: the JSON stands twice in the SNS message (for queues and for functions), which as a whole is within 262,144 bytes,
 * while an event alone may be that large. Source: Amazon EventBridge User Guide, "Calculating PutEvents event entry size": less than 256 KB.
 */
export function eventEntry(message: Message): EventEntry {
  return {
    Source: EVENT_SOURCE,
    DetailType: message.occasion === 'first-sweep' ? FIRST_LOOK : DETAIL_TYPES[message.event],
    Detail: message.json,
  };
}
