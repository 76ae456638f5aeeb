// The first half of the story, for one target: inventory, expectation, lookups, diagnosis.
import { diagnose } from '../diagnosis/diagnose.ts';
import { nextHistory } from '../diagnosis/history.ts';
import { expectationOf } from '../dkim/expectation.ts';
import { looksRight } from '../dkim/questions.ts';
import type { DnsEvidence, IdentityHistory } from '../model/evidence.ts';
import type { Expectation } from '../model/expectation.ts';
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
  const { inventory: snapshot, gap } = await currentInventory(target, loaded.inventory, plan, world);
  if (gap?.reason === 'region-off' && plan.regionMayBeOff && snapshot.identities.length === 0) {
    world.log('info', 'region-off', { ...target });
    return { ...target, inventoryComplete: false, results: [], unread: [] };
  }
  const tooOld = gap !== undefined && ageMs(snapshot, world.clock()) > STALE_SNAPSHOT_MS;
  const { inventory, evidence } = tooOld
    ? { inventory: snapshot, evidence: new Map<string, DnsEvidence>() }
    : await lookAtDns(target, snapshot, loaded.histories, plan, world);
  const results = inventory.identities.map((identity) => {
    const history = loaded.histories[identity.identity];
    return tooOld
      ? unjudged(identity, expectationOf(identity, plan.keys), history, gap, plan.now)
      : judge(identity, history, evidence.get(identity.identity) ?? NOT_ASKED, plan);
  });
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

/** Milliseconds since the snapshot was last complete; infinite if it never was. A clock that stepped back counts as age 0. */
function ageMs(inventory: Inventory | undefined, now: number): number {
  return inventory?.completedAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, now - Date.parse(inventory.completedAt));
}

interface Looked {
  readonly inventory: Inventory;
  readonly evidence: ReadonlyMap<string, DnsEvidence>;
}

/** DNS about every identity; what turned bad or well just now gets its SES status at once, and is asked about again if SES now expects other records. */
async function lookAtDns(
  target: Target,
  snapshot: Inventory,
  histories: Histories,
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
): Promise<Looked> {
  const before = snapshot.identities.map((identity) => examineeOf(identity, histories[identity.identity], plan));
  const first = await examineAll(target, before, plan, world);
  const turned = snapshot.identities.filter((identity) => {
    const evidence = first.get(identity.identity);
    return (
      evidence !== undefined &&
      evidence.outOfTime !== true &&
      evidence.level !== 'none' &&
      isRight(evidence) === wasBroken(histories[identity.identity])
    );
  });
  if (turned.length === 0 || world.clock() >= plan.until) return { inventory: snapshot, evidence: first };
  const names = turned.map(({ identity }) => identity);
  const inventory = await world.inventory.freshen(target, snapshot, names, { maxDetails: MAX_FRESH_DETAILS, until: plan.until });
  const expected = new Map(before.map((examinee) => [examinee?.key, JSON.stringify(examinee?.expectation)]));
  const changed = inventory.identities
    .map((identity) => examineeOf(identity, histories[identity.identity], plan))
    .filter((e) => e && expected.get(e.key) !== JSON.stringify(e.expectation));
  const second = changed.length > 0 ? await examineAll(target, changed, plan, world) : new Map<string, DnsEvidence>();
  return { inventory, evidence: new Map([...first, ...second]) };
}

const wasBroken = (history: IdentityHistory | undefined): boolean => history?.brokenSince !== undefined;

function isRight(evidence: DnsEvidence): boolean {
  return (
    evidence.records.length > 0 &&
    evidence.records.every(({ record, lookups }) =>
      lookups.filter((l) => l.question.type === 'TXT').every((lookup) => looksRight(lookup, record)),
    )
  );
}

function examineeOf(identity: Identity, history: IdentityHistory | undefined, plan: SweepTargetPlan): Examinee | undefined {
  const expectation = expectationOf(identity, plan.keys);
  if (expectation.kind !== 'records') return undefined;
  const fullPanel = plan.suspected(identity) || history?.brokenSince !== undefined || history?.unknownSince !== undefined;
  return { key: identity.identity, expectation, history, fullPanel };
}

function examineAll(
  target: Target,
  examinees: readonly (Examinee | undefined)[],
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
): Promise<ReadonlyMap<string, DnsEvidence>> {
  const { dns, clock, sleep, randomLabel, progress } = world;
  const { confirmAfterMs, until, rotation } = plan;
  const asked = examinees.filter((examinee) => examinee !== undefined);
  return examine(asked, {
    dns,
    clock,
    sleep,
    randomLabel,
    confirmAfterMs,
    until,
    rotation,
    ...(progress ? { progress: (event) => progress({ ...event, target }) } : {}),
  });
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

/** SES cannot be read and the snapshot is too old to judge DNS by: nothing is said about the identity, and its history stays as it was. */
function unjudged(
  identity: Identity,
  expectation: Expectation,
  history: IdentityHistory | undefined,
  gap: Gap | undefined,
  now: string,
): IdentityResult {
  return {
    identity,
    expectation,
    diagnosis: { kind: 'unknown', reason: 'target-unreadable', detail: gap?.detail ?? 'SES could not be read.', findings: [] },
    history: history ?? { firstSeenAt: now, unknownSweeps: 0 },
    panel: false,
  };
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
