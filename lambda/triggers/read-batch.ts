// Makes one early check of a batch of queued events: what they name together, and what of the batch is left aside. Pure.
import type { ChangedName, Focus } from '../model/focus.ts';
import { type IgnoredWhy, parseTrigger } from './parse-trigger.ts';
import type { QueuedEvent } from './queued-events.ts';

export interface ReadBatch {
  readonly focus: Focus;
  /** Messages that started the check: they come back if it cannot be made. */
  readonly messageIds: readonly string[];
  readonly ignored: readonly { readonly messageId: string; readonly why: IgnoredWhy }[];
  /** Names beyond what one check looks at: the next sweep does. */
  readonly dropped: number;
}

/** Identities named in one target, and changed names, that one check takes on: SES is read at one call a second. */
const MOST_NAMED = 100;
const MOST_CHANGED = 5000;

/** `targets`: those of the configuration, as `account/region`. */
export function readBatch(events: readonly QueuedEvent[], targets: ReadonlySet<string>): ReadBatch {
  const named = new Map<string, { readonly names: Set<string>; whole: boolean }>();
  const changed = new Map<string, ChangedName>();
  const messageIds: string[] = [];
  const ignored: { messageId: string; why: IgnoredWhy }[] = [];
  let dropped = 0;
  for (const { messageId, body } of events) {
    const trigger = parseTrigger(body, targets);
    if (trigger.kind === 'ignored') {
      ignored.push({ messageId, why: trigger.why });
      continue;
    }
    messageIds.push(messageId);
    if (trigger.kind === 'records') {
      for (const one of trigger.changed) {
        if (!changed.has(one.name) && changed.size >= MOST_CHANGED) dropped += 1;
        else if (changed.get(one.name)?.below !== true) changed.set(one.name, one);
      }
      continue;
    }
    const known = named.get(trigger.target) ?? { names: new Set<string>(), whole: false };
    named.set(trigger.target, known);
    if (trigger.names === 'all') known.whole = true;
    else
      for (const name of trigger.names) {
        if (!known.names.has(name) && known.names.size >= MOST_NAMED) dropped += 1;
        else known.names.add(name);
      }
  }
  const focus: Focus = {
    named: new Map([...named].map(([target, { names, whole }]) => [target, { names: [...names], whole }])),
    changed: [...changed.values()],
  };
  return { focus, messageIds, ignored, dropped };
}
