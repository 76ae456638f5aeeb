// Reads SES's view anew for a few identities at once, because their DNS turned bad or an event named them.
import type { Identity, Inventory, PendingName } from '../model/identity.ts';
import type { Clock } from '../sweep/ports.ts';
import { askBatch, BATCH } from './batch.ts';
import { batchWord, isChanged, withOverview } from './batch-facts.ts';
import { askIdentity, nameOf } from './detail.ts';
import { type Draft, draftOf, drop, enqueue, inventoryOf } from './draft.ts';
import { identityName } from './read-identity.ts';
import type { SesSession } from './session.ts';

export interface FreshenLimits {
  readonly maxDetails: number;
  readonly until: number;
}

/**
 * As `InventoryReader.freshen`: status and signing of all by v1 batches (of own keys and replicas only whether v1 says something new), then the
 * details of the first `maxDetails`, those that changed before the others. The first failure of either kind ends that kind: the old facts stay, and
 * their `readAt` shows the age. An identity of which SES says that it does not exist is dropped.
 */
export async function freshenInventory(
  session: SesSession,
  inventory: Inventory,
  identities: readonly string[],
  limits: FreshenLimits,
  clock: Clock,
): Promise<Inventory> {
  const draft = draftOf(inventory);
  const asked = [...new Set(identities.map(identityName))].filter((name) => draft.facts.has(name));
  const changed = new Map<string, PendingName>();

  for (let at = 0; at < asked.length; at += BATCH) {
    const batch = asked.slice(at, at + BATCH);
    const answer = await askBatch(session, batch, limits.until);
    if (answer.kind !== 'ok') break;
    const readAt = new Date(clock()).toISOString();
    for (const key of batch) {
      const known = draft.facts.get(key);
      if (known === undefined) continue;
      const name = nameOf(known);
      const word = batchWord(answer.value.said.get(key));
      const isNews = isChanged(known, name, word);
      if (isNews) changed.set(key, { ...name, batch: word });
      // New words are noted with the details: until these are read they stay news.
      keep(draft, withOverview(known, name, answer.value.said.get(key), isNews ? undefined : word, readAt));
    }
  }

  const inOrder = [...asked.filter((key) => changed.has(key)), ...asked.filter((key) => !changed.has(key))];
  for (const key of inOrder.slice(0, Math.max(0, limits.maxDetails))) {
    const known = draft.facts.get(key);
    if (known === undefined) continue;
    const answer = await askIdentity(session, changed.get(key) ?? nameOf(known), limits.until, clock);
    if (answer.kind === 'ok') {
      keep(draft, answer.value);
      draft.queue.delete(key);
      changed.delete(key);
    } else if (answer.kind === 'failed' && answer.failure.kind === 'not-found') {
      drop(draft, key);
      changed.delete(key);
    } else break;
  }
  // Whose details this run did not come to is not forgotten.
  const now = new Date(clock()).toISOString();
  for (const name of changed.values()) enqueue(draft, name, 'changed', now);
  return inventoryOf(draft);
}

function keep(draft: Draft, identity: Identity): void {
  draft.facts.set(identity.identity, identity);
  draft.touched = true;
}
