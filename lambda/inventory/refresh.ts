// One run over a target: the status of all if it is due, then the details of those who need them, each from where the last run stopped.
import type { Gap, Inventory, Target } from '../model/identity.ts';
import type { Clock } from '../sweep/ports.ts';
import { type DetailOutcome, readDetails } from './detail.ts';
import { DEFAULT_NEEDS, FULL_PACE, inOrder, isUnhurried, type Needs } from './detail-queue.ts';
import { type Draft, draftOf, drop, inventoryOf } from './draft.ts';
import { type Failure, gapOf } from './failure.ts';
import { identityName } from './read-identity.ts';
import type { SesSession } from './session.ts';
import { readStatus } from './status-round.ts';

export interface Refreshed {
  readonly inventory: Inventory;
  readonly gap?: Gap;
}

export interface RefreshOptions extends Partial<Needs> {
  /** Hears of each identity whose details were read. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** Where details wait that are no mere turn, a round over all leaves them the rest of the time: a slow one must not starve them. */
const ROUND_SHARE = 2 / 3;

/**
 * As `InventoryReader.refresh`. Facts of an earlier run stay where nothing new could be read: `ses.readAt` and `detailedAt` show their age. What is
 * left is `pending`.
 */
export async function refreshTarget(
  session: SesSession,
  previous: Inventory | undefined,
  until: number,
  clock: Clock,
  options: RefreshOptions = {},
): Promise<Refreshed> {
  const needs: Needs = { ...DEFAULT_NEEDS, ...options };
  const draft = draftOf(previous ?? emptyInventory(session.target));
  const round = needs.statusDue || !draft.complete ? await readStatus(session, draft, needs, roundUntil(draft, until, clock()), clock) : {};
  // Whatever else is asked for would be refused as well.
  const over = round.failure !== undefined && isOfTarget(round.failure);
  const gap = over || draft.queue.size === 0 ? undefined : await readQueue(session, draft, needs, until, clock, options.onProgress);
  const first = round.gap ?? gap;
  return { inventory: inventoryOf(draft), ...(first === undefined ? {} : { gap: first }) };
}

function emptyInventory({ account, region }: Target): Inventory {
  return { account, region, complete: false, identities: [], unread: [] };
}

function roundUntil(draft: Draft, until: number, now: number): number {
  const someWait = [...draft.queue.values()].some(({ why }) => why !== 'rotation');
  return someWait ? now + (until - now) * ROUND_SHARE : until;
}

function isOfTarget({ kind }: Failure): boolean {
  return kind === 'credentials' || kind === 'role-refused' || kind === 'region-off';
}

/** Reads the details of those in the queue; a gap if nothing could be read. */
async function readQueue(
  session: SesSession,
  draft: Draft,
  needs: Needs,
  until: number,
  clock: Clock,
  onProgress: RefreshOptions['onProgress'],
): Promise<Gap | undefined> {
  let unhurried = 0;
  const details = await readDetails(session, inOrder(draft, needs.wrong), until, clock, {
    onProgress,
    isUnhurried: (name) => {
      const canWait = isUnhurried(name, draft.facts.get(identityName(name.identity)), needs.detailsEveryMs, clock());
      if (canWait) unhurried += 1;
      return canWait && unhurried > FULL_PACE;
    },
  });
  const gap = takeIn(draft, details);
  // Others need the limit more than mere turns do: the age of the details is watched by itself.
  const isPatient = [...draft.queue.values()].every(({ why }) => why === 'rotation' || why === 'standing');
  return gap?.reason === 'throttled' && isPatient ? undefined : gap;
}

function takeIn(draft: Draft, details: DetailOutcome): Gap | undefined {
  for (const name of details.gone) drop(draft, identityName(name.identity));
  for (const identity of details.read) {
    const key = identity.identity;
    draft.facts.set(key, identity);
    draft.unread.delete(key);
    draft.queue.delete(key);
    draft.touched = true;
  }
  // Nothing read since the listing and something refused: that is the target's trouble, not each identity's, and all are tried again.
  const since = draft.listedAt ?? '';
  const progress = [...draft.facts.values()].some(({ detailedAt }) => detailedAt !== undefined && detailedAt > since);
  for (const { name, failure } of details.failed) {
    const key = identityName(name.identity);
    // Whom SES gives no details of is not taken for what v1 said.
    const unknown = draft.facts.get(key)?.provisional === true || !draft.facts.has(key);
    draft.queue.delete(key);
    // At the end of the queue: the next run begins with the others.
    if (!progress) draft.queue.set(key, name);
    if (unknown && progress) draft.facts.delete(key);
    if (unknown && !draft.facts.has(key)) draft.unread.set(key, { identity: key, type: name.type, gap: gapOf(failure) });
    draft.touched = true;
  }
  const failure = details.stoppedBy ?? (progress && details.left.length === 0 ? undefined : details.lastFailure);
  // A run that got on is no gap: what is left is `pending`, and the next run either gets on too or meets the same failure first.
  return failure === undefined || details.read.length > 0 ? undefined : gapOf(failure);
}
