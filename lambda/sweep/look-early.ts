// An early check of one target: who was named is read from SES, and who is concerned is looked at in DNS, closely; everybody else stays as remembered.
import type { NamedIn } from '../model/focus.ts';
import type { Identity, Inventory, Target } from '../model/identity.ts';
import { targetKey } from '../model/identity.ts';
import type { TargetReport } from '../model/report.ts';
import { judgeAll } from './judge-target.ts';
import { lookAt } from './look-at.ts';
import { loadTarget, rememberLooked } from './target-memory.ts';
import type { SweepTargetPlan, SweepTargetWorld } from './target-plan.ts';

/** Facts of SES that are older than this are not judged by: the tokens may be a former identity's. As in a sweep (sweep-target.ts). */
const STALE_MS = 24 * 3_600_000;
/** Details of single identities that a look at a whole target reads anew beyond their status. */
const MAX_DETAILS = 20;

export interface EarlyLook {
  /** What events said of this target; undefined if nothing. */
  readonly named: NamedIn | undefined;
  readonly concerned: (identity: Identity) => boolean;
}

/** The report about the identities looked at, which says nothing of the others nor of the target; undefined if there were none. */
export async function lookEarly(
  target: Target,
  look: EarlyLook,
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
): Promise<TargetReport | undefined> {
  const loaded = await loadTarget(target, world.memory, plan.ledger);
  // What is damaged, or was never read, is the matter of the sweeps: they tell of it.
  if (loaded.kind === 'unreadable' || loaded.inventory === undefined) {
    world.log('warn', 'early-check-blind', { ...target, detail: loaded.kind === 'unreadable' ? loaded.detail : 'SES was not read yet.' });
    return undefined;
  }
  const before = loaded.inventory;
  const inventory = await readAnew(target, before, look, plan, world);
  const looked = inventory.identities.filter((identity) => look.concerned(identity) && isFresh(identity, plan, world.clock()));
  if (looked.length === 0 && inventory === before) return undefined;
  const { histories } = loaded;
  // Who was named by itself is looked at closely; in a whole target only who is suspected already, or thousands would be.
  const suspected = look.named?.whole === true ? plan.suspected : () => true;
  const closely = { ...plan, suspected };
  const seen = await lookAt(target, looked, histories, closely, world, inventory.identities);
  const judged = await judgeAll({ ...inventory, identities: looked }, seen, { target, histories, plan: closely, world });
  const after = mergedBack(inventory, looked, judged.inventory);
  await rememberLooked(target, after, judged.results, loaded, world);
  return {
    ...target,
    inventoryComplete: false,
    ...(inventory.completedAt !== undefined ? { inventoryAt: inventory.completedAt } : {}),
    results: judged.results,
    unread: [],
  };
}

async function readAnew(
  target: Target,
  inventory: Inventory,
  { named }: EarlyLook,
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
): Promise<Inventory> {
  if (named === undefined) return inventory;
  const { inventoryUntil: until } = plan;
  const read = named.names.length > 0 ? await world.inventory.readNamed(target, inventory, named.names, until) : { inventory };
  if (read.gap !== undefined)
    world.log('warn', 'early-check-unread', { ...target, key: targetKey(target), gap: read.gap.reason, detail: read.gap.detail });
  if (!named.whole) return read.inventory;
  const all = read.inventory.identities.map(({ identity }) => identity);
  return await world.inventory.freshen(target, read.inventory, all, { maxDetails: MAX_DETAILS, until });
}

function isFresh({ ses }: Identity, { inventoryEveryMs, detailsEveryMs = 0 }: SweepTargetPlan, now: number): boolean {
  return now - Date.parse(ses.readAt) <= Math.max(STALE_MS, 2 * inventoryEveryMs, 2 * detailsEveryMs);
}

/** The whole inventory with the facts that judging renewed, and without those that SES said meanwhile are gone. */
function mergedBack(whole: Inventory, looked: readonly Identity[], judged: Inventory): Inventory {
  if (judged.identities.length === looked.length && judged.identities.every((identity, i) => identity === looked[i])) return whole;
  const asked = new Set(looked.map(({ identity }) => identity));
  const renewed = new Map(judged.identities.map((identity) => [identity.identity, identity]));
  return {
    ...judged,
    identities: whole.identities.flatMap((identity) =>
      asked.has(identity.identity) ? (renewed.get(identity.identity) ?? []) : [identity],
    ),
  };
}
