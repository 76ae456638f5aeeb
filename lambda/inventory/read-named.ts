// Reads single identities that an event named into a snapshot: known ones anew, new ones for the first time; those that SES does not know are dropped.
import type { Gap, Identity, Inventory, PendingName } from '../model/identity.ts';
import type { Clock } from '../sweep/ports.ts';
import { askIdentity } from './detail.ts';
import { type Draft, draftOf, drop, inventoryOf } from './draft.ts';
import { gapOf } from './failure.ts';
import { identityName } from './read-identity.ts';
import type { SesSession } from './session.ts';

export interface ReadNamed {
  readonly inventory: Inventory;
  /** Why reading stopped before the last name: the others keep their facts. */
  readonly gap?: Gap;
}

/**
 * As `InventoryReader.readNamed`. One GetEmailIdentity a name, in its turn of the target's pace. When the snapshot was complete, and what is left of a
 * reading under way, stay as they are: this is no listing, and proves nothing of any other identity.
 */
export async function readNamedIdentities(
  session: SesSession,
  inventory: Inventory,
  names: readonly string[],
  until: number,
  clock: Clock,
): Promise<ReadNamed> {
  const draft = draftOf(inventory);
  let gap: Gap | undefined;
  for (const [key, written] of new Map(names.map((name) => [identityName(name), name]))) {
    const answer = await askIdentity(session, pendingName(written, draft.facts.get(key)), until, clock);
    if (answer.kind === 'ok') {
      draft.facts.set(key, answer.value);
      draft.unread.delete(key);
      draft.queue.delete(key);
      // A listing under way may have passed the page of a new identity: counted as seen, it is not dropped at its end.
      if (draft.underWay) draft.seen.add(key);
      draft.touched = true;
    } else if (answer.kind === 'failed' && answer.failure.kind === 'not-found') {
      if (isKnown(draft, key)) drop(draft, key);
    } else {
      gap = answer.kind === 'failed' ? gapOf(answer.failure) : OUT_OF_TIME;
      break;
    }
  }
  return { inventory: inventoryOf(draft), ...(gap === undefined ? {} : { gap }) };
}

const OUT_OF_TIME: Gap = { reason: 'out-of-time', detail: 'The time of this check was over before SES was asked for all that was named.' };

/** An address is asked for as it is written: SES distinguishes capitals before the `@`. */
function pendingName(written: string, known: Identity | undefined): PendingName {
  const { type, ses, heard } = known ?? {};
  return {
    identity: written,
    type: type ?? (written.includes('@') ? 'address' : 'domain'),
    ...(ses?.sendingEnabled === undefined ? {} : { sendingEnabled: ses.sendingEnabled }),
    ...heard,
  };
}

const isKnown = ({ facts, unread, queue, seen }: Draft, key: string): boolean =>
  facts.has(key) || unread.has(key) || queue.has(key) || seen.has(key);
