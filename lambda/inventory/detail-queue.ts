// Whose details are read next: who must be, in order of urgency, and beside them everybody else in turn, so that neither starves the other. Pure.
import { detailsReadAt, type Identity, type PendingName } from '../model/identity.ts';
import type { RefreshNeeds } from '../sweep/ports.ts';
import type { Draft } from './draft.ts';
import { identityName } from './read-identity.ts';

export type Needs = RefreshNeeds;

export const DEFAULT_NEEDS: Needs = { statusDue: true, wrong: new Set(), inventoryEveryMs: 3_600_000, detailsEveryMs: 86_400_000 };

/** At each refresh the details of at least so many are read: in a small estate those of all, as fresh as the status. */
const AT_LEAST = 30;
/** So many of those in turn are read at the full pace in one run; the others at half of it, which leaves room for the customer's own tools. */
export const FULL_PACE = AT_LEAST;

/** True for a status that changes by itself, or whose reason in the details changes: it is read anew at each refresh. */
export function isStanding({ identity, ses }: Identity, wrong: ReadonlySet<string>): boolean {
  return wrong.has(identity) || (ses.status !== 'SUCCESS' && ses.status !== 'NOT_STARTED');
}

/**
 * Whose turn it is: those with the oldest details, so many that everybody's turn comes within `detailsEveryMs` at the pace of the refreshes, and
 * all whose details are older than that. `sinceMs` is the time since the refresh before; `now` milliseconds since the epoch.
 */
export function rotation(draft: Draft, { inventoryEveryMs, detailsEveryMs }: Needs, sinceMs: number, now: number): readonly Identity[] {
  const known = [...draft.facts.values()].filter(({ provisional }) => provisional !== true);
  const share = Math.ceil((known.length * Math.max(inventoryEveryMs, sinceMs)) / detailsEveryMs);
  const ages = known
    .filter(({ identity }) => !draft.queue.has(identity))
    .map((identity) => ({ identity, age: now - Date.parse(detailsReadAt(identity) ?? '') }))
    // What was read for another reason since the last refresh is young enough.
    .filter(({ age }) => !(age < inventoryEveryMs / 2))
    .sort((a, b) => b.age - a.age);
  const quota = Math.max(AT_LEAST, share);
  // While more than that wait for their first, it is their turn: at first sight nobody's details are old.
  const first = [...draft.queue.values()].filter(({ why }) => why === 'new').length;
  const turns = first > quota ? 0 : quota;
  return ages.filter(({ age }, i) => i < turns || age >= detailsEveryMs).map(({ identity }) => identity);
}

/** The queue in the order in which it is to be read. */
export function inOrder(draft: Draft, wrong: ReadonlySet<string>): readonly PendingName[] {
  const urgent: Ranked[] = [];
  const standing: Ranked[] = [];
  const turns: Ranked[] = [];
  for (const name of draft.queue.values()) {
    const identity = draft.facts.get(identityName(name.identity));
    const age = (identity === undefined ? undefined : detailsReadAt(identity)) ?? '';
    const why = name.why ?? 'new';
    if (why === 'rotation') turns.push({ name, rank: 0, age });
    else if (why === 'standing' && identity?.provisional !== true) standing.push({ name, rank: 0, age });
    else urgent.push({ name, rank: rankOf(name, identity, wrong), age });
  }
  return inTurns([
    { names: ordered(urgent), share: 2 },
    { names: ordered(standing), share: 1 },
    { names: ordered(turns), share: 1 },
  ]);
}

interface Ranked {
  readonly name: PendingName;
  readonly rank: number;
  readonly age: string;
}

/** A provisional identity whose DNS looks wrong is the first: nobody can be told of it before. Then who changed, who is not known at all, the rest. */
function rankOf({ why, identity: name }: PendingName, identity: Identity | undefined, wrong: ReadonlySet<string>): number {
  if (identity?.provisional === true && wrong.has(identityName(name))) return 0;
  if (why === 'changed') return 1;
  if (identity === undefined) return 2;
  return identity.ses.status === 'SUCCESS' ? 4 : 3;
}

const ordered = (names: readonly Ranked[]): readonly PendingName[] =>
  [...names].sort((a, b) => a.rank - b.rank || (a.age < b.age ? -1 : a.age > b.age ? 1 : 0)).map(({ name }) => name);

/** All of the lists, each in its order: `share` of one, then of the next, and round again; a list that is at its end leaves its turn to the others. */
function inTurns(lists: readonly { readonly names: readonly PendingName[]; readonly share: number }[]): readonly PendingName[] {
  const all: PendingName[] = [];
  const most = Math.max(0, ...lists.map(({ names, share }) => Math.ceil(names.length / share)));
  for (let round = 0; round < most; round++)
    for (const { names, share } of lists) all.push(...names.slice(round * share, (round + 1) * share));
  return all;
}

/** True for what can wait: no more than half of the pace is taken for it. */
export function isUnhurried({ why }: PendingName, identity: Identity | undefined, detailsEveryMs: number, now: number): boolean {
  if (identity === undefined || identity.provisional === true || (why !== 'rotation' && why !== 'standing')) return false;
  return now - Date.parse(detailsReadAt(identity) ?? '') < detailsEveryMs;
}
