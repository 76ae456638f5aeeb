// The second half of the story, once for all targets: report, decisions, messages, publish, remember.
import { digestTelling } from '../alerts/digest-content.ts';
import { subjectKey } from '../alerts/facts.ts';
import { type Plan, planAlerts } from '../alerts/plan.ts';
import { withFindingsAcross } from '../diagnosis/across.ts';
import { targetUnreadable } from '../diagnosis/rules/target-unreadable.ts';
import type { AlertMemory } from '../model/alert.ts';
import type { Decision } from '../model/decision.ts';
import type { OrganizationSeen } from '../model/estate.ts';
import { type Target, targetKey } from '../model/identity.ts';
import { dnsName } from '../model/names.ts';
import type { AlertPolicy } from '../model/policy.ts';
import { type Cost, knownIn, type Report, type TargetFinding, type TargetReport } from '../model/report.ts';
import type { Telling } from '../model/telling.ts';
import { domainsIn, watchedAddresses, withAddresses } from './alert-addresses.ts';
import { assembleReport } from './assemble-report.ts';
import { wordsFor } from './finding-words.ts';
import { keepReport } from './keep-report.ts';
import type { Channel, Clock, Dns, Log, Memory } from './ports.ts';
import { withRouteTags } from './routing.ts';
import { type Told, tellAll } from './tell-all.ts';

export interface ConcludeInput {
  readonly startedAt: string;
  readonly targets: readonly TargetReport[];
  readonly configured: readonly Target[];
  /** How the organisation's accounts among them came about. */
  readonly organization?: OrganizationSeen;
  readonly policy: AlertPolicy;
  readonly cost: Cost;
  /** See {@link assembleReport}. */
  readonly toPaste: boolean;
  readonly alerts: AlertMemory;
  /** As read; undefined if the memory of alerts cannot be read: then nothing is told and nothing overwritten. */
  readonly alertsVersion: string | undefined;
  /** The domains of all identities, where the reports hold only those that decisions need. */
  readonly domains?: ReadonlySet<string>;
  /** True for an early check of a few identities: it says nothing of the others, nor of targets, and the report kept stays that of the last sweep. */
  readonly early?: boolean;
}

export interface ConcludeWorld {
  readonly memory: Memory;
  readonly channel: Channel;
  readonly dns: Pick<Dns, 'askResolvers'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Concluded {
  readonly report: Report;
  /** Messages sent. */
  readonly told: number;
  /** What went wrong that a person must know of: each makes the sweep fail at its very end. */
  readonly troubles: readonly string[];
  /** Messages that should have gone out and did not, and one if nobody could be told because who listens is unknown or nobody does. */
  readonly notPublished: number;
  /** The alerts as remembered now; undefined if their memory cannot be read. */
  readonly alerts: AlertMemory | undefined;
}

/**
 * Concludes one sweep. Messages go out one by one, and each is remembered before the next: a crash repeats at most one, under the same id.
 * The report comes last, for it is the largest and the least: without it people are told all the same.
 */
export async function conclude(judged: ConcludeInput, world: ConcludeWorld): Promise<Concluded> {
  const early = judged.early === true;
  // Side by side with what was not looked at, nothing can be compared.
  const input = early ? judged : { ...judged, targets: withFindingsAcross(judged.targets, overridingIn(judged.alerts)) };
  const targetFindings = early ? [] : unreadableTargets(input);
  const { troubles, ...decided } = await decideAndTell(input, targetFindings, world);
  const { startedAt, targets, policy, cost, toPaste } = input;
  const report = assembleReport({
    startedAt,
    finishedAt: new Date(world.clock()).toISOString(),
    targets,
    targetFindings,
    policy,
    cost,
    toPaste,
    words: await wordsFor(targets, targetFindings),
    ...(input.organization === undefined ? {} : { organization: input.organization }),
  });
  return {
    ...decided,
    report,
    troubles: early ? troubles : [...troubles, ...(await keepReport(report, openIn(decided.alerts ?? input.alerts), world))],
  };
}

/** Everybody in an open alert, as `account/region/identity`. */
export const openIn = ({ alerts }: AlertMemory): ReadonlySet<string> =>
  new Set(Object.values(alerts).flatMap(({ affected }) => affected.map(({ subject }) => subjectKey(subject))));

/** The part of the input that deciding needs. */
export type DecideInput = Omit<ConcludeInput, 'cost' | 'toPaste'>;

/** The addresses that are known to override their domain's DKIM, and that domain, by the alerts that say so. */
export function overridingIn({ alerts }: AlertMemory): ReadonlyMap<string, string> {
  return new Map(
    Object.values(alerts)
      .filter(({ closing }) => closing === undefined)
      .flatMap(({ affected }) => affected)
      .flatMap(({ subject, findings }) =>
        findings.flatMap((one) => (one.kind === 'address-overrides-domain' ? [[subjectKey(subject), one.facts.domain] as const] : [])),
      ),
  );
}

/** Decides, tells and remembers. The reports have been seen side by side (diagnosis/across.ts), and hold at least what decisions need. */
export async function decideAndTell(input: DecideInput, targetFindings: readonly TargetFinding[], world: ConcludeWorld): Promise<Told> {
  if (input.alertsVersion === undefined) return { told: 0, troubles: [], notPublished: 0, alerts: undefined };
  const { plan: bare, troubles } = await planned(input, targetFindings, world);
  const atRisk =
    input.early === true ? [] : watchedAddresses(input.policy.addresses ?? [], () => input.domains ?? domainsIn(input.targets), world.log);
  const plan = { ...bare, tellings: bare.tellings.map((telling) => withAddresses(telling, atRisk)) };
  const digest = ({ digestFor }: Plan, memory: AlertMemory): readonly Telling[] =>
    digestFor === undefined
      ? []
      : [digestTelling(digestFor, { memory, reports: input.targets, policy: input.policy, now: input.startedAt })];
  const told = await tellAll(plan, { ...input, alertsVersion: input.alertsVersion }, world, digest);
  return { ...told, troubles: [...troubles, ...told.troubles], notPublished: troubles.length + told.notPublished };
}

/** What is found about targets that could not be read. */
export function unreadableTargets({
  targets,
  alerts,
  startedAt,
}: Pick<ConcludeInput, 'targets' | 'alerts' | 'startedAt'>): readonly TargetFinding[] {
  return targets.flatMap((target) => {
    if (target.gap === undefined) return [];
    const since = alerts.unreadableSince[targetKey(target)] ?? startedAt;
    const finding = targetUnreadable({ ...target.gap, since, identities: knownIn(target) }, startedAt);
    return [{ targets: [{ account: target.account, region: target.region }], finding }];
  });
}

interface Planned {
  readonly plan: Plan;
  readonly troubles: readonly string[];
}

/** Plans with the audience and the control name looked up only where the answer could matter: most sweeps have nothing to tell. */
async function planned(input: DecideInput, targetFindings: readonly TargetFinding[], world: ConcludeWorld): Promise<Planned> {
  const { targets, configured, alerts, policy, startedAt, early = false } = input;
  const base = {
    early,
    reports: withRouteTags(targets, policy.routing),
    configuredTargets: configured,
    targetFindings,
    memory: alerts,
    policy,
    now: startedAt,
  };
  const ifHeard = planAlerts({ ...base, audience: { kind: 'known', confirmed: 1 }, controlFailed: false });
  if (ifHeard.tellings.length === 0 && ifHeard.digestFor === undefined) return { plan: logged(ifHeard, world.log), troubles: [] };
  const audience = await world.channel.audience();
  if (audience.kind === 'unknown') world.log('error', 'audience-unknown', { detail: audience.detail });
  const controlFailed = ifHeard.brake.newlyBroken > 0 && (await controlNameFails(world.dns));
  // Most often what was assumed is true: a plan over ten thousand identities is not made twice.
  const asAssumed = audience.kind === 'known' && audience.confirmed > 0 && !controlFailed;
  const plan = logged(asAssumed ? ifHeard : planAlerts({ ...base, audience, controlFailed }), world.log);
  return { plan, troubles: untold(plan, audience, startedAt) };
}

/** An alert that has waited this long for somebody who listens is told to those who run the monitor. */
const UNHEARD_MS = 3_600_000;

function untold(plan: Plan, audience: Awaited<ReturnType<Channel['audience']>>, now: string): readonly string[] {
  if (audience.kind === 'unknown') return [`There is something to tell, but who listens cannot be read: ${audience.detail}`];
  if (audience.confirmed > 0 || audience.nobodyWanted === true) return [];
  const waiting = Object.values(plan.memoryBefore.alerts).filter(
    ({ told, openedAt }) => told === undefined && Date.parse(now) - Date.parse(openedAt) >= UNHEARD_MS,
  );
  return waiting.length === 0
    ? []
    : [`Nobody has confirmed a subscription of the alert topic: alerts have waited for an hour or more (${waiting.length}).`];
}

/** SES's own zone is always there: if no resolver finds it, the fault is ours. What could no longer be asked says nothing. */
async function controlNameFails(dns: ConcludeWorld['dns']): Promise<boolean> {
  const lookups = await dns.askResolvers({ name: dnsName('amazonses.com'), type: 'NS' });
  const asked = lookups.filter(({ outcome }) => outcome.kind !== 'not-asked');
  return asked.length > 0 && asked.every(({ outcome }) => outcome.kind !== 'answer');
}

/** One structured line for each decision, quiet ones with their reason. */
function logged(plan: Plan, log: Log): Plan {
  const line = ({ key, tell, event, reason }: Decision): void =>
    log('info', 'decision', { alert: key, tell, ...(event ? { event } : {}), reason });
  plan.decisions.forEach(line);
  if (plan.brake.held) log('warn', 'brake', { ...plan.brake });
  return plan;
}
