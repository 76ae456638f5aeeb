// Looks at a target's identities in DNS and judges them; what turned bad or well just now is judged by SES's newest word.
import { abandonedSince } from '../diagnosis/abandoned.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { nextHistory } from '../diagnosis/history.ts';
import { isOverdue } from '../diagnosis/overdue.ts';
import { expectationOf } from '../dkim/expectation.ts';
import type { DnsEvidence, IdentityHistory } from '../model/evidence.ts';
import type { Gap, Identity, Inventory, Target } from '../model/identity.ts';
import type { DnsName } from '../model/names.ts';
import type { ConfiguredKey } from '../model/policy.ts';
import type { IdentityResult } from '../model/report.ts';
import { type Examinee, examine, examineeFor } from './examine.ts';
import type { Clock, Dns, InventoryReader, Log, Memory, Progress, Sleep } from './ports.ts';
import type { Histories } from './target-memory.ts';

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

/** Details of single identities read in one sweep beyond the inventory. */
const MAX_FRESH_DETAILS = 20;

const NOT_ASKED: DnsEvidence = { level: 'none', records: [], soa: [], soaConfirmation: [], confirmed: false };

export interface Judging {
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
export type SeenAll = ReadonlyMap<string, Seen>;

interface Judged {
  readonly inventory: Inventory;
  readonly results: readonly IdentityResult[];
}

/** Judges every identity; what turned bad or well just now gets its SES status at once, and is judged again by it. */
export async function judgeAll(snapshot: Inventory, early: SeenAll, judging: Judging): Promise<Judged> {
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
  // What ails the name servers alone is nothing that SES knows more of.
  const bySes = diagnosis.findings.some(({ kind, severity }) => severity !== 'notice' && kind !== 'nameserver-broken');
  return (
    (diagnosis.kind === 'broken' && bySes && history?.brokenSince === undefined) ||
    (diagnosis.kind === 'healthy' && history?.brokenSince !== undefined)
  );
}

/** SES was read so lately that it would say the same again. */
const JUST_READ_MS = 60_000;
/** Longest time for it: whoever waits for the alert should not wait for SES's throttle. */
const FRESHEN_MS = 60_000;

/** Looks at those of which nothing is known yet, or too little, or only by an expectation that no longer holds. */
async function completed(seen: SeenAll, inventory: Inventory, { target, histories, plan, world }: Judging): Promise<SeenAll> {
  const missing = inventory.identities.filter((identity) => {
    const known = seen.get(identity.identity);
    if (known?.expectation !== textOf(identity, plan)) return true;
    // SES said something new meanwhile that a quick look does not explain.
    return known.evidence.level === 'quick' && wantsPanel(identity, histories[identity.identity], plan);
  });
  return missing.length === 0 ? seen : new Map([...seen, ...(await lookAt(target, missing, histories, plan, world))]);
}

const textOf = (identity: Identity, plan: SweepTargetPlan): string => JSON.stringify(expectationOf(identity, plan.keys));

function evidenceOf(seen: SeenAll, identity: Identity, plan: SweepTargetPlan): DnsEvidence {
  const known = seen.get(identity.identity);
  return known?.expectation === textOf(identity, plan) ? known.evidence : NOT_ASKED;
}

/** DNS about these identities. Each gets an entry, also where nothing is to be asked. */
export async function lookAt(
  target: Target,
  identities: readonly Identity[],
  histories: Histories,
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
): Promise<SeenAll> {
  const { dns, clock, sleep, randomLabel, progress } = world;
  const { confirmAfterMs, until, rotation } = plan;
  const children = childrenOf(identities);
  const examinees = identities
    .map((identity) =>
      examineeOf(identity, { history: histories[identity.identity], children: children.get(identity.identity) ?? [] }, plan),
    )
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

/** The domains among the identities that lie below another of them, by the upper one's name. */
function childrenOf(identities: readonly Identity[]): ReadonlyMap<string, readonly DnsName[]> {
  const domains = new Set(identities.flatMap(({ type, domain }) => (type === 'domain' && domain !== undefined ? [domain] : [])));
  const children = new Map<string, DnsName[]>();
  for (const domain of domains)
    for (let at: string = domain; at.includes('.'); ) {
      at = at.slice(at.indexOf('.') + 1);
      if (!domains.has(at as DnsName)) continue;
      const known = children.get(at);
      if (known) known.push(domain);
      else children.set(at, [domain]);
    }
  return children;
}

function examineeOf(
  identity: Identity,
  { history, children }: { readonly history: IdentityHistory | undefined; readonly children: readonly DnsName[] },
  plan: SweepTargetPlan,
): Examinee | undefined {
  const expectation = expectationOf(identity, plan.keys);
  // Of one that was never finished and is forgotten nothing else is told: thousands of them must cost no question.
  if (expectation.kind !== 'records' || abandonedSince({ identity, history, now: plan.now }) !== undefined) return undefined;
  return examineeFor(identity, expectation, { history, children, fullPanel: wantsPanel(identity, history, plan) });
}

/**
 * An alert is open or suspected, or SES itself says that something is wrong: then all there is to know is asked at once, so that the first message
 * names the cause, and what it costs, and no second one has to correct it.
 */
function wantsPanel(identity: Identity, history: IdentityHistory | undefined, plan: SweepTargetPlan): boolean {
  if (history?.brokenSince !== undefined || history?.unknownSince !== undefined || history?.serverTroubleSweeps !== undefined) return true;
  const { status, signing } = identity.ses;
  const troubled = status === 'TEMPORARY_FAILURE' || status === 'FAILED' || (status === 'SUCCESS' && signing === false);
  return troubled || isOverdue(identity, history, plan.now) || plan.suspected(identity);
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
export function unjudged({ identities }: Inventory, gap: Gap | undefined, { histories, plan }: Judging): readonly IdentityResult[] {
  return identities.map((identity) => ({
    identity,
    expectation: expectationOf(identity, plan.keys),
    diagnosis: { kind: 'unknown', reason: 'target-unreadable', detail: gap?.detail ?? 'SES could not be read.', findings: [] },
    history: histories[identity.identity] ?? { firstSeenAt: plan.now, unknownSweeps: 0 },
    panel: false,
  }));
}
