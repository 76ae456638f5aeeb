// Reads single identities that an event named into a snapshot: known ones anew, new ones for the first time; those that SES does not know are dropped.
import type { Gap, Identity, Inventory, PendingName } from '../model/identity.ts';
import type { Clock } from '../sweep/ports.ts';
import { askIdentity } from './detail.ts';
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
  const facts = new Map(inventory.identities.map((identity) => [identity.identity, identity]));
  const read = new Set<string>();
  const gone = new Set<string>();
  let gap: Gap | undefined;
  for (const asked of new Map(names.map((name) => [identityName(name), name]))) {
    const [name, written] = asked;
    const answer = await askIdentity(session, pendingName(written, facts.get(name)), until, clock);
    if (answer.kind === 'ok') {
      facts.set(name, answer.value);
      read.add(name);
    } else if (answer.kind === 'failed' && answer.failure.kind === 'not-found') gone.add(name);
    else {
      gap = answer.kind === 'failed' ? gapOf(answer.failure) : OUT_OF_TIME;
      break;
    }
  }
  const changed = read.size + [...gone].filter((name) => isKnown(inventory, name)).length > 0;
  return { inventory: changed ? merged(inventory, facts, { read, gone }) : inventory, ...(gap === undefined ? {} : { gap }) };
}

const OUT_OF_TIME: Gap = { reason: 'out-of-time', detail: 'The time of this check was over before SES was asked for all that was named.' };

/** An address is asked for as it is written: SES distinguishes capitals before the `@`. */
function pendingName(written: string, known: Identity | undefined): PendingName {
  const { type, ses } = known ?? {};
  return {
    identity: written,
    type: type ?? (written.includes('@') ? 'address' : 'domain'),
    ...(ses?.sendingEnabled === undefined ? {} : { sendingEnabled: ses.sendingEnabled }),
  };
}

const isKnown = (inventory: Inventory, name: string): boolean =>
  [...inventory.identities, ...inventory.unread].some(({ identity }) => identity === name) ||
  inventory.pending?.seen.includes(name) === true;

function merged(
  inventory: Inventory,
  facts: ReadonlyMap<string, Identity>,
  { read, gone }: { readonly read: ReadonlySet<string>; readonly gone: ReadonlySet<string> },
): Inventory {
  const { pending } = inventory;
  return {
    ...inventory,
    identities: [...facts.values()]
      .filter(({ identity }) => !gone.has(identity))
      .sort((a, b) => (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0)),
    unread: inventory.unread.filter(({ identity }) => !gone.has(identity) && !read.has(identity)),
    // A listing under way may have passed the page of a new identity: counted as seen, it is not dropped at its end.
    ...(pending === undefined
      ? {}
      : {
          pending: {
            ...pending,
            names: pending.names.filter(({ identity }) => !gone.has(identityName(identity))),
            seen: [...new Set([...pending.seen, ...read])].filter((name) => !gone.has(name)),
          },
        }),
  };
}
