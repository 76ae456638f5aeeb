// The last step of a run: concludes over the reports of all pieces as one sweep would, reading them in turn and holding only what decisions need.
import { toReportFinding } from '../diagnosis/report-finding.ts';
import { type AlertMemory, EMPTY_ALERT_MEMORY } from '../model/alert.ts';
import { type Cost, type IdentityResult, knownIn, type Report, type TargetReport } from '../model/report.ts';
import { countIdentity, reportAround, reportIdentity, startCounts, unreadIdentity, type Wording } from '../sweep/assemble-report.ts';
import { ALERTS_KEY, SCHEMA } from '../sweep/blobs.ts';
import { decideAndTell, openIn, overridingIn, unreadableTargets } from '../sweep/conclude.ts';
import { isListed, notKept, reportKeeper } from '../sweep/keep-report.ts';
import { releaseLease } from '../sweep/lease.ts';
import { readPolicy } from '../sweep/mutes.ts';
import { account, type SweepPlan, type SweepWorld, versionOf } from '../sweep/run-sweep.ts';
import { type Estate, type FirstLook, firstLook } from './estate.ts';
import { sorters } from './needed.ts';
import { rememberLarge } from './remember-large.ts';
import { RUN_SCHEMA, type Run, type RunPlanBlob, runPlanKey, targetsOf } from './run.ts';
import { openReports, type RunReports } from './run-reports.ts';
import { keepSizes } from './sizes.ts';

export interface ConcludedRun {
  readonly summary: Report['summary'];
  readonly told: number;
  /** What went wrong that a person must know of: the run fails at its very end. */
  readonly troubles: readonly string[];
}

/**
 * Concludes a run, and frees its lease whatever happens. `plan` is that of one function; its targets are taken from the run. Throws only for our own bugs and for a memory that cannot be reached.
 */
export async function concludeRun(run: Run, plan: SweepPlan, world: SweepWorld): Promise<ConcludedRun> {
  try {
    const planned = await world.memory.read(runPlanKey(run), RUN_SCHEMA);
    if (planned.kind !== 'found') throw new Error(`The plan of the run ${run.id} is not there: ${planned.kind}.`);
    const { items, estate: named } = planned.value as RunPlanBlob;
    const began = Date.parse(run.startedAt);
    const { policy, noMutes } = await readPolicy(plan.policy, world, began);
    const first = firstLook(policy.addresses ?? []);
    const reports = await openReports(run, items, first.note, world);
    return await over(
      reports,
      { plan: { ...plan, policy, targets: targetsOf(items), ...(named === undefined ? {} : { estate: named }) }, run, first, noMutes },
      world,
    );
  } finally {
    await releaseLease(world.memory, run.id);
  }
}

interface Around {
  readonly plan: SweepPlan;
  readonly run: Run;
  readonly first: FirstLook;
  readonly noMutes: string | undefined;
}

async function over(reports: RunReports, { plan, run, first, noMutes }: Around, world: SweepWorld): Promise<ConcludedRun> {
  const { startedAt } = run;
  const began = Date.parse(startedAt);
  const remembered = await world.memory.read(ALERTS_KEY, SCHEMA.alerts);
  const alerts = remembered.kind === 'found' ? (remembered.value as AlertMemory) : EMPTY_ALERT_MEMORY;
  const estate = await first.beside(reports, overridingIn(alerts));
  const targets = await needed(estate, alerts, startedAt, world);
  // Before this run's report takes the place of the last one.
  await keepSizes(targets, world.memory);
  const seen = plan.estate?.organization === undefined ? {} : { organization: plan.estate.organization };
  const input = {
    ...seen,
    startedAt,
    targets,
    configured: plan.targets,
    policy: plan.policy,
    alerts,
    alertsVersion: versionOf(remembered),
  };
  const targetFindings = unreadableTargets(input);
  const told = await decideAndTell({ ...input, domains: estate.domains }, targetFindings, world);
  const calls = world.inventory.calls();
  const cost: Cost = {
    sesCalls: reports.cost.sesCalls + calls.sesCalls,
    stsCalls: reports.cost.stsCalls + calls.stsCalls,
    dnsQuestions: reports.cost.dnsQuestions + world.dns.questions(),
  };
  const finishedAt = new Date(world.clock()).toISOString();
  const wording: Wording = { policy: plan.policy, finishedAt, toPaste: plan.toPaste, words: toReportFinding };
  const counts = startCounts();
  const open = openIn(told.alerts ?? alerts);
  const keeper = reportKeeper(
    world.memory,
    startedAt,
    targets.reduce((sum, target) => sum + knownIn(target), 0),
  );
  const around = (identities: Report['identities']) =>
    reportAround({ ...wording, ...seen, startedAt, targets, targetFindings, cost }, identities, counts);
  let report: Report | undefined;
  const unkept: string[] = [];
  try {
    for await (const { head, results } of estate.walk()) {
      const identities = results.map((result) => reportIdentity(result, wording));
      const last = head === undefined ? [] : head.unread.map((unread) => unreadIdentity(head, unread));
      for (const one of [...identities, ...last]) countIdentity(counts, one);
      await keeper.add([...identities, ...last], (identity) => isListed(identity, (who) => open.has(who)));
    }
    report = await keeper.finish(around);
  } catch (error) {
    unkept.push(...notKept(error, world.log));
  }
  const shown = report ?? around([]);
  const troubles = [
    ...targets.flatMap(({ account: id, region, failed, gap }) => (failed === true ? [`${id}/${region}: ${gap?.detail}`] : [])),
    ...told.troubles,
    ...unkept,
    ...(plan.estate?.troubles ?? []),
    ...(remembered.kind === 'unreadable' ? [`The memory of alerts cannot be read: ${remembered.detail}`] : []),
    ...(noMutes === undefined ? [] : [`The mutes of the command cannot be read, and mute nothing: ${noMutes}`]),
  ];
  const unreadable = (remembered.kind === 'unreadable' ? 1 : 0) + (noMutes === undefined ? 0 : 1);
  await account({ plan, targets, concluded: { ...told, report: shown }, troubles, began, unreadable }, world);
  return { summary: shown.summary, told: told.told, troubles };
}

/** The reports with those results that decisions need. What is remembered of large targets is renewed meanwhile. */
async function needed(estate: Estate, alerts: AlertMemory, startedAt: string, world: SweepWorld): Promise<readonly TargetReport[]> {
  const sorter = sorters(alerts, (name) => estate.troubled.mayHave(name));
  const reports: TargetReport[] = [];
  let one = sorter();
  let kept: IdentityResult[] = [];
  let remember: Pick<IdentityResult, 'identity' | 'history'>[] = [];
  for await (const { target, head, results } of estate.walk()) {
    kept.push(...one.sort(results));
    if (target.large !== undefined) for (const { identity, history } of results) remember.push({ identity, history });
    if (head === undefined) continue;
    const besides = one.besides();
    reports.push({ ...head, results: kept, ...(besides === undefined ? {} : { besides }) });
    if (target.large !== undefined) await rememberLarge(head, remember, target.large.changes, startedAt, world);
    [one, kept, remember] = [sorter(), [], []];
  }
  return reports;
}
