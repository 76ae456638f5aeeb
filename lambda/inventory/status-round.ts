// One round over all identities of a target: the listing, then v1 in batches of a hundred; resumable after each page and each batch.
import type { Gap, PendingName } from '../model/identity.ts';
import type { Clock } from '../sweep/ports.ts';
import { askBatchWell, BATCH, type BatchAnswer } from './batch.ts';
import { batchWord, isBelieved, isChanged, provisionalIdentity, withOverview } from './batch-facts.ts';
import { nameOf } from './detail.ts';
import { isStanding, type Needs, rotation } from './detail-queue.ts';
import { type Draft, drop, enqueue } from './draft.ts';
import { type Failure, gapOf } from './failure.ts';
import { type ListOutcome, listIdentities } from './list.ts';
import { identityName, sesStatus } from './read-identity.ts';
import type { SesSession } from './session.ts';

/** How a round ended: `gap` if it could not get on, `failure` if SES or STS refused something. */
export interface RoundOutcome {
  readonly gap?: Gap;
  readonly failure?: Failure;
}

/** Begins a round or goes on with the one under way, until done or `until` (ms since the epoch). Whose details are to be read is put into the queue. */
export async function readStatus(session: SesSession, draft: Draft, needs: Needs, until: number, clock: Clock): Promise<RoundOutcome> {
  const began = new Date(clock()).toISOString();
  if (!draft.underWay || draft.nextToken !== undefined) {
    const resumed = draft.underWay
      ? { ...(draft.nextToken === undefined ? {} : { nextToken: draft.nextToken }), names: draft.unasked, seen: [...draft.seen] }
      : undefined;
    const listed = await listIdentities(session, resumed, until);
    if (listed.kind === 'stopped') return stopped(draft, listed, began, session.target.region);
    keepListing(draft, listed, began);
  }
  return await readBatches(session, draft, needs, until, clock);
}

/** A listing that goes on dates from its first page. */
function keepListing(draft: Draft, { listing, restarted }: ListOutcome, began: string): void {
  draft.listedAt = (restarted ? undefined : draft.listedAt) ?? began;
  draft.underWay = true;
  draft.complete = false;
  draft.nextToken = listing.nextToken;
  draft.unasked = listing.names;
  draft.seen = new Set(listing.seen);
  draft.touched = true;
}

function stopped(draft: Draft, listed: ListOutcome & { kind: 'stopped' }, began: string, region: string): RoundOutcome {
  const failure = listed.failure === undefined ? {} : { failure: listed.failure };
  const isPlace = listed.listing.nextToken !== undefined;
  if (isPlace) keepListing(draft, listed, began);
  // Pages were read: the next run goes on from there.
  if (isPlace && listed.pages > 0) return failure;
  // The listing went in circles: the old facts stay, and the next run lists from the beginning.
  if (!isPlace && listed.pages > 0 && draft.underWay) {
    draft.underWay = false;
    draft.touched = true;
  }
  if (listed.failure !== undefined) return { ...failure, gap: gapOf(listed.failure) };
  // Out of time before it began, but something is known already.
  if (draft.before.identities.length > 0) return {};
  const detail = `The time of this run was over before the identities of ${region} (account ${draft.before.account}) could be listed.`;
  return { gap: { reason: 'out-of-time', detail } };
}

async function readBatches(session: SesSession, draft: Draft, needs: Needs, until: number, clock: Clock): Promise<RoundOutcome> {
  draft.unasked = [...draft.unasked, ...missing(draft)];
  for (let batches = 0; draft.unasked.length > 0; batches++) {
    const batch = draft.unasked.slice(0, BATCH);
    const names = batch.map(({ identity }) => identity);
    const answer = await askBatchWell(session, names, until);
    if (answer.kind === 'out-of-time') return {};
    // A run that got on is no gap: the next one goes on from there, or meets the same failure first.
    if (answer.kind === 'failed') {
      withoutBatches(draft, needs, clock());
      return { failure: answer.failure, ...(batches > 0 ? {} : { gap: gapOf(answer.failure) }) };
    }
    const readAt = new Date(clock()).toISOString();
    for (const name of batch) takeIn(session, draft, needs, name, answer.value, readAt);
    draft.unasked = draft.unasked.slice(batch.length);
    draft.touched = true;
  }
  endRound(draft, needs, clock());
  return {};
}

/** v1 does not answer: details are got on with all the same, of those who are not known and of those whose turn it is. */
function withoutBatches(draft: Draft, needs: Needs, now: number): void {
  const at = new Date(now).toISOString();
  for (const name of draft.unasked) if (!draft.facts.has(identityName(name.identity))) enqueue(draft, name, 'new', at);
  if ([...draft.queue.values()].some(({ why }) => why === 'rotation')) return;
  for (const identity of rotation(draft, needs, 0, now)) enqueue(draft, nameOf(identity), 'rotation', at);
}

/** Known identities that the listing did not name: deleted, or it slipped through while pages moved. v1 is asked for a second opinion. */
function missing(draft: Draft): readonly PendingName[] {
  const asked = new Set(draft.unasked.map(({ identity }) => identityName(identity)));
  return [...draft.facts.values()].filter(({ identity }) => !draft.seen.has(identity) && !asked.has(identity)).map(nameOf);
}

function takeIn(session: SesSession, draft: Draft, { wrong }: Needs, name: PendingName, answer: BatchAnswer, readAt: string): void {
  const key = identityName(name.identity);
  const known = draft.facts.get(key);
  const said = answer.said.get(key);
  const word = answer.refused.has(key) ? undefined : batchWord(said);
  if (!draft.seen.has(key)) {
    if (known === undefined) return;
    const exists = said !== undefined && !['UNKNOWN', 'NOT_STARTED'].includes(sesStatus(said.DkimVerificationStatus));
    // Easy DKIM that v1 does not know either is gone; of everybody else the details have to say so.
    if (!exists && isBelieved(known) && known.ses.status !== 'NOT_STARTED') {
      drop(draft, key);
      return;
    }
    draft.seen.add(key);
    enqueue(draft, { ...name, ...(word === undefined ? {} : { batch: word }) }, 'changed', readAt);
    return;
  }
  const heard = { ...name, ...(word === undefined ? {} : { batch: word }) };
  if (known === undefined) {
    const provisional = draft.unread.has(key) ? undefined : provisionalIdentity(session.target, name, said, readAt);
    if (provisional !== undefined) draft.facts.set(key, provisional);
    enqueue(draft, provisional === undefined ? heard : name, 'new', readAt);
    return;
  }
  const changed = known.provisional !== true && isChanged(known, name, word);
  const next = withOverview(known, name, said, word, readAt);
  draft.facts.set(key, next);
  if (known.provisional === true) enqueue(draft, name, 'new', readAt);
  else if (changed) enqueue(draft, heard, 'changed', readAt);
  else if (isStanding(next, wrong)) enqueue(draft, heard, 'standing', readAt);
}

/** All listed, and the status of all asked for: whoever is in neither is gone, and those whose turn it is are put into the queue. */
function endRound(draft: Draft, needs: Needs, now: number): void {
  const at = new Date(now).toISOString();
  for (const key of [...draft.facts.keys(), ...draft.unread.keys(), ...draft.queue.keys()]) if (!draft.seen.has(key)) drop(draft, key);
  const sinceMs = draft.completedAt === undefined ? 0 : now - Date.parse(draft.completedAt);
  draft.underWay = false;
  draft.complete = true;
  draft.nextToken = undefined;
  draft.completedAt = at;
  draft.seen = new Set();
  draft.touched = true;
  for (const identity of rotation(draft, needs, sinceMs, now)) enqueue(draft, nameOf(identity), 'rotation', at);
}
