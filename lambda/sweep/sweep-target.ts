// The first half of the story, for one target: inventory, expectation, lookups, diagnosis.
import { diagnose } from '../diagnosis/diagnose.ts';
import { nextHistory } from '../diagnosis/history.ts';
import { expectationOf } from '../dkim/expectation.ts';
import type { DnsEvidence, IdentityHistory } from '../model/evidence.ts';
import type { Gap, Identity, Inventory, Target } from '../model/identity.ts';
import type { ConfiguredKey } from '../model/policy.ts';
import type { IdentityResult, TargetReport, UnreadResult } from '../model/report.ts';
import { type Examinee, examine } from './examine.ts';
import type { Clock, Dns, InventoryReader, Log, Memory, Progress, Sleep } from './ports.ts';
import { type Histories, loadTarget, rememberTarget } from './target-memory.ts';

export interface SweepTargetWorld {
  readonly inventory: InventoryReader;
  readonly dns: Dns;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly randomLabel: () => string;
  readonly log: Log;
  readonly progress?: Progress;
}

export interface SweepTargetPlan {
  readonly keys: readonly ConfiguredKey[];
  readonly inventoryEveryMs: number;
  readonly confirmAfterMs: number;
  /** Milliseconds since the epoch: reading SES stops here, to be resumed by the next sweep. */
  readonly inventoryUntil: number;
  /** Milliseconds since the epoch: everything stops here. */
  readonly until: number;
  readonly rotation: number;
  /** True if an alert about this identity is open. */
  readonly suspected: (identity: Identity) => boolean;
  /** True if the regions were not named one by one: a region that is off is then no gap. */
  readonly regionMayBeOff: boolean;
  readonly now: string;
}

/** A snapshot older than this is no longer judged while SES cannot be read: its tokens may be a former identity's. */
const STALE_SNAPSHOT_MS = 24 * 3_600_000;
/** Details of single identities read in one sweep beyond the inventory. */
const MAX_FRESH_DETAILS = 20;

/** Sweeps one target. Never throws for what SES or DNS answers: that becomes gaps and unknowns. */
export async function sweepTarget(target: Target, plan: SweepTargetPlan, world: SweepTargetWorld): Promise<TargetReport> {
  const loaded = await loadTarget(target, world.memory);
  if (loaded.kind === 'unreadable') {
    world.log('error', 'memory-unreadable', { ...target, detail: loaded.detail });
    return { ...target, gap: { reason: 'error', detail: loaded.detail }, inventoryComplete: false, results: [], unread: [] };
  }
  // DNS is asked from the snapshot while SES is read: a long inventory delays no finding.
  const [{ inventory: snapshot, gap }, early] = await Promise.all([
    currentInventory(target, loaded.inventory, plan, world),
    lookAt(target, loaded.inventory?.identities ?? [], loaded.histories, plan, world),
  ]);
  if (gap?.reason === 'region-off' && plan.regionMayBeOff && snapshot.identities.length === 0) {
    world.log('info', 'region-off', { ...target });
    return { ...target, inventoryComplete: false, results: [], unread: [] };
  }
  const judging: Judging = { target, histories: loaded.histories, plan, world };
  const tooOld = gap !== undefined && ageMs(snapshot, world.clock()) > STALE_SNAPSHOT_MS;
  const { inventory, results } = tooOld
    ? { inventory: snapshot, results: unjudged(snapshot, gap, judging) }
    : await judgeAll(snapshot, early, judging);
  await rememberTarget(target, inventory, results, loaded, world);
  return {
    ...target,
    ...(gap ? { gap } : {}),
    inventoryComplete: inventory.complete && gap === undefined,
    ...(inventory.completedAt !== undefined ? { inventoryAt: inventory.completedAt } : {}),
    results,
    unread: unreadOf(inventory),
  };
}

const NOT_ASKED: DnsEvidence = { level: 'none', records: [], soa: [], soaConfirmation: [], confirmed: false };

/** The snapshot while it is young enough, else what SES says now, as far as the time allows. */
async function currentInventory(
  target: Target,
  remembered: Inventory | undefined,
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
): Promise<{ readonly inventory: Inventory; readonly gap?: Gap }> {
  const now = world.clock();
  const due = !remembered?.complete || ageMs(remembered, now) >= plan.inventoryEveryMs;
  if (remembered !== undefined && !due) return { inventory: remembered };
  world.progress?.({ stage: 'inventory', target, done: 0, of: remembered?.identities.length ?? 0 });
  const refreshed = await world.inventory.refresh(target, remembered, plan.inventoryUntil);
  world.log(refreshed.gap ? 'warn' : 'info', 'inventory', {
    ...target,
    identities: refreshed.inventory.identities.length,
    complete: refreshed.inventory.complete,
    ...(refreshed.gap ? { gap: refreshed.gap.reason, detail: refreshed.gap.detail } : {}),
  });
  return refreshed;
}

/** Milliseconds since the snapshot was last complete, or, while it never was, since anything of it was read; infinite if nothing was. A clock that stepped back counts as age 0. */
function ageMs(inventory: Inventory, now: number): number {
  const read =
    inventory.completedAt ??
    inventory.identities
      .map(({ ses }) => ses.readAt)
      .sort()
      .at(-1);
  return read === undefined ? Number.POSITIVE_INFINITY : Math.max(0, now - Date.parse(read));
}

interface Judging {
  readonly target: Target;
  readonly histories: Histories;
  readonly plan: SweepTargetPlan;
  readonly world: SweepTargetWorld;
}

/** What was learned about an identity, and from which expectation: another one makes it worthless. */
interface Seen {
  readonly expectation: string;
  readonly evidence: DnsEvidence;
}
type SeenAll = ReadonlyMap<string, Seen>;

interface Judged {
  readonly inventory: Inventory;
  readonly results: readonly IdentityResult[];
}

/** Judges every identity; what turned bad or well just now gets its SES status at once, and is judged again by it. */
async function judgeAll(snapshot: Inventory, early: SeenAll, judging: Judging): Promise<Judged> {
  const { target, histories, plan, world } = judging;
  const seen = await completed(early, snapshot, judging);
  const first = snapshot.identities.map((identity) =>
    judge(identity, histories[identity.identity], evidenceOf(seen, identity, plan), plan),
  );
  const turned = first
    .filter((result) => hasTurned(result, histories[result.identity.identity], world.clock()))
    .map(({ identity }) => identity.identity);
  if (turned.length === 0 || world.clock() >= plan.until) return { inventory: snapshot, results: first };
  const inventory = await world.inventory.freshen(target, snapshot, turned, {
    maxDetails: MAX_FRESH_DETAILS,
    until: Math.min(plan.until, world.clock() + FRESHEN_MS),
  });
  const again = await completed(seen, inventory, judging);
  const before = new Map(first.map((result) => [result.identity, result]));
  const results = inventory.identities.map(
    (identity) => before.get(identity) ?? judge(identity, histories[identity.identity], evidenceOf(again, identity, plan), plan),
  );
  return { inventory, results };
}

/** DNS differs from what it was, for certain: unknown is not turned, or an outage of ours would call on SES for every identity. */
function hasTurned({ identity, diagnosis }: IdentityResult, history: IdentityHistory | undefined, now: number): boolean {
  if (now - Date.parse(identity.ses.readAt) < JUST_READ_MS) return false;
  return (
    (diagnosis.kind === 'broken' && history?.brokenSince === undefined) ||
    (diagnosis.kind === 'healthy' && history?.brokenSince !== undefined)
  );
}

/** SES was read so lately that it would say the same again. */
const JUST_READ_MS = 60_000;
/** Longest time for it: whoever waits for the alert should not wait for SES's throttle. */
const FRESHEN_MS = 60_000;

/** Looks at those of which nothing is known yet, or only by an expectation that no longer holds. */
async function completed(seen: SeenAll, inventory: Inventory, { target, histories, plan, world }: Judging): Promise<SeenAll> {
  const missing = inventory.identities.filter((identity) => seen.get(identity.identity)?.expectation !== textOf(identity, plan));
  return missing.length === 0 ? seen : new Map([...seen, ...(await lookAt(target, missing, histories, plan, world))]);
}

const textOf = (identity: Identity, plan: SweepTargetPlan): string => JSON.stringify(expectationOf(identity, plan.keys));

function evidenceOf(seen: SeenAll, identity: Identity, plan: SweepTargetPlan): DnsEvidence {
  const known = seen.get(identity.identity);
  return known?.expectation === textOf(identity, plan) ? known.evidence : NOT_ASKED;
}

/** DNS about these identities. Each gets an entry, also where nothing is to be asked. */
async function lookAt(
  target: Target,
  identities: readonly Identity[],
  histories: Histories,
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
): Promise<SeenAll> {
  const { dns, clock, sleep, randomLabel, progress } = world;
  const { confirmAfterMs, until, rotation } = plan;
  const examinees = identities
    .map((identity) => examineeOf(identity, histories[identity.identity], plan))
    .filter((examinee) => examinee !== undefined);
  const found = await examine(examinees, {
    dns,
    clock,
    sleep,
    randomLabel,
    confirmAfterMs,
    until,
    rotation,
    ...(progress ? { progress: (event) => progress({ ...event, target }) } : {}),
  });
  return new Map(
    identities.map((identity) => [
      identity.identity,
      { expectation: textOf(identity, plan), evidence: found.get(identity.identity) ?? NOT_ASKED },
    ]),
  );
}

function examineeOf(identity: Identity, history: IdentityHistory | undefined, plan: SweepTargetPlan): Examinee | undefined {
  const expectation = expectationOf(identity, plan.keys);
  if (expectation.kind !== 'records') return undefined;
  const fullPanel = plan.suspected(identity) || history?.brokenSince !== undefined || history?.unknownSince !== undefined;
  return { key: identity.identity, expectation, history, fullPanel };
}

function judge(identity: Identity, history: IdentityHistory | undefined, dns: DnsEvidence, plan: SweepTargetPlan): IdentityResult {
  const expectation = expectationOf(identity, plan.keys);
  const evidence = { identity, expectation, dns, history, now: plan.now };
  const diagnosis = diagnose(evidence);
  const delegation = dns.delegation?.kind === 'delegated' ? dns.delegation : undefined;
  return {
    identity,
    expectation,
    diagnosis,
    history: nextHistory(evidence, diagnosis),
    panel: dns.level === 'panel' || expectation.kind === 'nothing',
    ...(delegation ? { zone: delegation.apex, nameServers: [...new Set(delegation.servers.map(({ name }) => name))].sort() } : {}),
  };
}

/** SES cannot be read and the snapshot is too old to judge DNS by: nothing is said about the identities, and their history stays as it was. */
function unjudged({ identities }: Inventory, gap: Gap | undefined, { histories, plan }: Judging): readonly IdentityResult[] {
  return identities.map((identity) => ({
    identity,
    expectation: expectationOf(identity, plan.keys),
    diagnosis: { kind: 'unknown', reason: 'target-unreadable', detail: gap?.detail ?? 'SES could not be read.', findings: [] },
    history: histories[identity.identity] ?? { firstSeenAt: plan.now, unknownSweeps: 0 },
    panel: false,
  }));
}

function unreadOf(inventory: Inventory): readonly UnreadResult[] {
  const known = new Set(inventory.identities.map(({ identity }) => identity));
  const failed = inventory.unread.map(({ identity, type, gap }) => ({ identity, type, ...gap }));
  const named = new Set(failed.map(({ identity }) => identity));
  const waiting = (inventory.pending?.names ?? [])
    .filter(({ identity }) => !known.has(identity) && !named.has(identity))
    .map(({ identity, type }) => ({
      identity,
      type,
      reason: 'not-yet' as const,
      detail: 'Not read yet: the inventory goes on in the next sweep.',
    }));
  return [...failed.filter(({ identity }) => !known.has(identity)), ...waiting];
}
