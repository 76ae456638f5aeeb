// Looks at a target's identities in DNS and judges them; what turned bad or well just now is judged by SES's newest word.
import { diagnose } from '../diagnosis/diagnose.ts';
import { nextHistory } from '../diagnosis/history.ts';
import { readEvidence } from '../diagnosis/reading.ts';
import { identityUnknown } from '../diagnosis/rules/identity-unknown.ts';
import { expectationOf } from '../dkim/expectation.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { DnsEvidence, Evidence, IdentityHistory } from '../model/evidence.ts';
import type { Gap, Identity, Inventory, Target } from '../model/identity.ts';
import type { IdentityResult } from '../model/report.ts';
import { evidenceOf, lookAt, NOT_ASKED, type Seen, type SeenAll, wantedBy } from './look-at.ts';
import type { Histories } from './target-memory.ts';
import type { SweepTargetPlan, SweepTargetWorld } from './target-plan.ts';

/** Details of single identities read in one sweep beyond the inventory. */
const MAX_FRESH_DETAILS = 20;
/** More of them where provisional identities look wrong: they are the first of the next sweep's, if this one does not come to them. */
const MAX_DOUBTFUL_DETAILS = 60;

export interface Judging {
  readonly target: Target;
  readonly histories: Histories;
  readonly plan: SweepTargetPlan;
  readonly world: SweepTargetWorld;
  /** All identities of the target, where only a part of them is judged here: some lie below others. */
  readonly all?: readonly Identity[];
}

interface Judged {
  readonly inventory: Inventory;
  readonly results: readonly IdentityResult[];
}

/** Judges every identity; what turned bad or well just now gets its SES status at once, and is judged again by it. */
export async function judgeAll(snapshot: Inventory, early: SeenAll, judging: Judging): Promise<Judged> {
  const { target, histories, plan, world } = judging;
  const { seen, results: first } = await lookedCloser(snapshot, await completed(early, snapshot, judging), judging);
  const doubtful = first.filter(isDoubtful);
  const turned = [
    ...first.filter((result) => !isDoubtful(result) && hasTurned(result, histories[result.identity.identity], world.clock())),
    ...doubtful,
  ].map(({ identity }) => identity.identity);
  if (turned.length === 0 || world.clock() >= plan.until) return { inventory: snapshot, results: first };
  const inventory = await world.inventory.freshen(target, snapshot, turned, {
    maxDetails: Math.ceil((doubtful.length > 0 ? MAX_DOUBTFUL_DETAILS : MAX_FRESH_DETAILS) * (plan.freshShare ?? 1)),
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
  { target, histories, plan, world, all: others = identities }: Judging,
): Promise<{ readonly seen: SeenAll; readonly results: readonly IdentityResult[] }> {
  const judgeBy = (all: SeenAll, identity: Identity) =>
    judge(identity, histories[identity.identity], evidenceOf(all, identity, plan), plan);
  const results = identities.map((identity) => judgeBy(seen, identity));
  const doubtful = results
    .filter(({ identity, diagnosis }) => diagnosis.kind === 'broken' && mayHoldMore(identity, seen.get(identity.identity)))
    .map(({ identity }) => identity);
  if (doubtful.length === 0 || world.clock() >= plan.until) return { seen, results };
  const again = new Set(doubtful);
  const suspecting = { ...plan, suspected: () => true };
  const closer: SeenAll = new Map([...seen, ...(await lookAt(target, doubtful, histories, suspecting, world, others))]);
  return {
    seen: closer,
    results: results.map((result) => (again.has(result.identity) ? judgeBy(closer, result.identity) : result)),
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

/** Looks at those of which nothing is known yet, or too little, or only by an expectation that no longer holds. */
async function completed(seen: SeenAll, inventory: Inventory, { target, histories, plan, world, all }: Judging): Promise<SeenAll> {
  const missing = inventory.identities.filter((identity) => seen.get(identity.identity)?.wanted !== wantedBy(identity, plan));
  return missing.length === 0
    ? seen
    : new Map([...seen, ...(await lookAt(target, missing, histories, plan, world, all ?? inventory.identities))]);
}

function judge(identity: Identity, history: IdentityHistory | undefined, dns: DnsEvidence, plan: SweepTargetPlan): IdentityResult {
  const expectation = expectationOf(identity, plan.keys);
  const evidence = { identity, expectation, dns, history, now: plan.now };
  const diagnosis = withoutTable(evidence, diagnose(evidence));
  const delegation = dns.delegation?.kind === 'delegated' ? dns.delegation : undefined;
  return {
    identity,
    expectation,
    diagnosis,
    history: nextHistory(evidence, diagnosis),
    ...was(history),
    panel: dns.level === 'panel' || expectation.kind === 'nothing',
    ...(delegation ? { zone: delegation.apex, nameServers: [...new Set(delegation.servers.map(({ name }) => name))].sort() } : {}),
  };
}

const NO_DETAILS =
  'SES was not asked about this identity by itself yet, and by the listing and our table of zones alone its DNS looks wrong: its details come first.';

/**
 * Nobody is told of trouble that rests on our table of zones, or on what SES v1 says of an identity whose kind is not known: until the details are
 * read it is unknown. What looks right by them is right, for the records that mail is signed by are there.
 */
function withoutTable(evidence: Evidence, diagnosis: Diagnosis): Diagnosis {
  const { identity, expectation } = evidence;
  if (identity.provisional !== true || (diagnosis.kind !== 'broken' && expectation.kind !== 'unknowable')) return diagnosis;
  const why = { reason: 'not-read', detail: NO_DETAILS } as const;
  return { kind: 'unknown', ...why, findings: identityUnknown(evidence, readEvidence(evidence), why) };
}

/** What looks wrong as long as its details are not read. */
const isDoubtful = ({ identity, diagnosis }: IdentityResult): boolean =>
  identity.provisional === true && diagnosis.kind === 'unknown' && diagnosis.reason === 'not-read';

const was = (history: IdentityHistory | undefined): Pick<IdentityResult, 'was'> =>
  history === undefined ? { was: 'new' } : history.last === undefined ? {} : { was: history.last };

/** SES cannot be read and the snapshot is too old to judge DNS by: nothing is said about the identities, and of their history only that changes. */
export function unjudged({ identities }: Inventory, gap: Gap | undefined, { histories, plan }: Judging): readonly IdentityResult[] {
  return identities.map((identity) => ({
    identity,
    expectation: expectationOf(identity, plan.keys),
    diagnosis: { kind: 'unknown', reason: 'target-unreadable', detail: gap?.detail ?? 'SES could not be read.', findings: [] },
    history: { ...(histories[identity.identity] ?? { firstSeenAt: plan.now, unknownSweeps: 0 }), last: 'unknown' as const },
    ...was(histories[identity.identity]),
    panel: false,
  }));
}
