// Looks at a target's identities in DNS and judges them; what turned bad or well just now is judged by SES's newest word.
import { diagnose } from '../diagnosis/diagnose.ts';
import { nextHistory } from '../diagnosis/history.ts';
import { expectationOf } from '../dkim/expectation.ts';
import type { DnsEvidence, IdentityHistory } from '../model/evidence.ts';
import type { Gap, Identity, Inventory, Target } from '../model/identity.ts';
import type { ConfiguredKey } from '../model/policy.ts';
import type { IdentityResult } from '../model/report.ts';
import { type Examinee, examine, examineeFor } from './examine.ts';
import type { Clock, Dns, InventoryReader, Log, Memory, Progress, Sleep } from './ports.ts';
import type { Histories } from './target-memory.ts';
import { askDmarc } from './world-view.ts';

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

/** What was learned about an identity, and what was asked for: where something else is wanted, it is worthless. */
interface Seen {
  readonly wanted: string;
  /** The name server that SES had looked at by then. */
  readonly sesPrimary: string | undefined;
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
  const { seen, results: first } = await lookedCloser(snapshot, await completed(early, snapshot, judging), judging);
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

/**
 * Judges all by what was seen. What is broken although a quick look found DNS right gets the full panel at once: SES disagrees, and why may be
 * seen only there, as what it costs may be only in the domain's policy.
 */
async function lookedCloser(
  { identities }: Inventory,
  seen: SeenAll,
  { target, histories, plan, world }: Judging,
): Promise<{ readonly seen: SeenAll; readonly results: readonly IdentityResult[] }> {
  const judgeBy = (all: SeenAll, identity: Identity) =>
    judge(identity, histories[identity.identity], evidenceOf(all, identity, plan), plan);
  const results = identities.map((identity) => judgeBy(seen, identity));
  const doubtful = results
    .filter(({ identity, diagnosis }) => diagnosis.kind === 'broken' && mayHoldMore(identity, seen.get(identity.identity)))
    .map(({ identity }) => identity);
  if (doubtful.length === 0 || world.clock() >= plan.until) return { seen, results };
  const closer: SeenAll = new Map([...seen, ...(await lookAt(target, doubtful, histories, { ...plan, suspected: () => true }, world))]);
  return {
    seen: closer,
    results: results.map((result) => (doubtful.includes(result.identity) ? judgeBy(closer, result.identity) : result)),
  };
}

/** Not everything was asked, or SES names another server by now than the one that was asked. */
function mayHoldMore({ ses }: Identity, seen: Seen | undefined): boolean {
  const { level, dmarc } = seen?.evidence ?? NOT_ASKED;
  return level === 'quick' || (level === 'none' && dmarc === undefined) || seen?.sesPrimary !== ses.soa?.primaryNameServer;
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

/** Looks at those of which nothing is known yet, or only by an expectation that no longer holds. */
async function completed(seen: SeenAll, inventory: Inventory, { target, histories, plan, world }: Judging): Promise<SeenAll> {
  const missing = inventory.identities.filter((identity) => seen.get(identity.identity)?.wanted !== wantedBy(identity, plan));
  return missing.length === 0 ? seen : new Map([...seen, ...(await lookAt(target, missing, histories, plan, world))]);
}

/** The records, and the MAIL FROM domain. */
const wantedBy = (identity: Identity, plan: SweepTargetPlan): string =>
  JSON.stringify([expectationOf(identity, plan.keys), identity.ses.mailFrom?.domain]);

function evidenceOf(seen: SeenAll, identity: Identity, plan: SweepTargetPlan): DnsEvidence {
  const known = seen.get(identity.identity);
  return known?.wanted === wantedBy(identity, plan) ? known.evidence : NOT_ASKED;
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
  const seen = await Promise.all(
    identities.map(async (identity): Promise<[string, Seen]> => {
      const evidence = found.get(identity.identity) ?? (await withoutRecords(identity, plan, world));
      return [identity.identity, { wanted: wantedBy(identity, plan), sesPrimary: identity.ses.soa?.primaryNameServer, evidence }];
    }),
  );
  return new Map(seen);
}

/** Of a domain without DKIM no record can be asked for; what its mail meets without a signature stands in its policy all the same. */
async function withoutRecords(identity: Identity, plan: SweepTargetPlan, { dns, clock }: SweepTargetWorld): Promise<DnsEvidence> {
  const { type, domain } = identity;
  const wanted = type === 'domain' && domain !== undefined && expectationOf(identity, plan.keys).kind === 'nothing';
  return wanted && plan.suspected(identity) && clock() < plan.until ? { ...NOT_ASKED, dmarc: await askDmarc(domain, dns) } : NOT_ASKED;
}

function examineeOf(identity: Identity, history: IdentityHistory | undefined, plan: SweepTargetPlan): Examinee | undefined {
  const expectation = expectationOf(identity, plan.keys);
  if (expectation.kind !== 'records') return undefined;
  const suspected = history?.brokenSince !== undefined || history?.unknownSince !== undefined || history?.serverTroubleSweeps !== undefined;
  return examineeFor(identity, expectation, { history, fullPanel: plan.suspected(identity) || suspected });
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
