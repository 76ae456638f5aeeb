// One step of a run of the state machine, in the function that otherwise sweeps alone.
import type { Configuration } from './configuration.ts';
import { RUN_ASK_SECONDS, RUN_TIMEOUT_SECONDS, STEPS_CUT } from './settings.ts';
import { concludeRun } from './steps/conclude-run.ts';
import type { Cut } from './steps/make-items.ts';
import type { Step } from './steps/parse-step.ts';
import { planRun } from './steps/plan-run.ts';
import type { Pace, Run } from './steps/run.ts';
import { readLarge, type StepLine, sweepPart, sweepSmall } from './steps/sweep-item.ts';
import { releaseLease } from './sweep/lease.ts';
import type { ItemList } from './sweep/ports.ts';
import type { Resolved } from './sweep/resolve-targets.ts';
import type { SweepWorld } from './sweep/run-sweep.ts';
import { type Moment, readingMs, sweepPlan } from './sweep-plan.ts';
import type { SharedPace } from './wiring.ts';

/** What a step answers: short, since what it learned is in the bucket. */
export type StepAnswer =
  | StepLine
  | { readonly outcome: 'planned'; readonly run: Run; readonly bucket: string; readonly key: string }
  | { readonly outcome: 'held' }
  | { readonly outcome: 'swept'; readonly healthy: number; readonly broken: number; readonly unknown: number; readonly told: number }
  | { readonly outcome: 'released' };

/** What one step works with. */
export interface StepInvocation {
  readonly configuration: Configuration;
  readonly moment: Moment;
  readonly bucket: string;
  readonly items: ItemList;
  /** Who is watched; asked by the first step alone. Throws if that is not known. */
  readonly watched: () => Promise<Pick<Extract<Resolved, { kind: 'resolved' }>, 'targets' | 'estate'>>;
  /** How the estate is cut; absent: {@link STEPS_CUT}. */
  readonly cut?: Cut;
  /** Opens the world for one piece of work, until `until` (ms since the epoch). */
  readonly inWorld: <T>(until: number, pace: SharedPace | undefined, work: (world: SweepWorld) => Promise<T>) => Promise<T>;
}

/** Does one step. Throws if it could not: the state machine tries again, or goes on without it. */
export async function handleStep(
  step: Step,
  { configuration, moment, bucket, items, watched, cut = STEPS_CUT, inWorld }: StepInvocation,
): Promise<StepAnswer> {
  const plan = sweepPlan(configuration, [], moment);
  switch (step.step) {
    case 'plan':
      return await inWorld(plan.until, undefined, async (world) => {
        const { targets, estate } = await watched();
        const planned = await planRun(
          {
            run: step.run,
            targets,
            estate,
            cut,
            sharedResolvers: configuration.dns.resolvers.length > 0,
            askMs: RUN_ASK_SECONDS * 1000,
            leaseMs: RUN_TIMEOUT_SECONDS * 1000,
            waitMs: moment.remainingMs / 2,
          },
          { ...world, items },
        );
        return planned.outcome === 'held' ? { outcome: 'held' } : { outcome: 'planned', run: planned.run, bucket, key: planned.key };
      });
    case 'target':
      return await inWorld(Math.min(plan.until, step.run.until), paceOf(step.item.pace), (world) =>
        sweepSmall(step.run, step.item, plan, cut.partIdentities, world),
      );
    case 'inventory':
      return await inWorld(Math.min(plan.until, step.run.until), paceOf(step.item.pace), (world) =>
        readLarge(step.run, step.item, { ...plan, listingMs: readingMs(moment) }, world),
      );
    case 'part': {
      const { item, part, run } = step;
      // Its parts share what SES allows their target.
      const sesCallsPerSecond = configuration.ses.callsPerSecond / Math.min(cut.partsAtOnce, item.parts.length);
      const pace = { ...paceOf(item.pace), sesCallsPerSecond };
      return await inWorld(Math.min(plan.until, run.until), pace, (world) => sweepPart(run, item, part, plan, world));
    }
    case 'conclude':
      return await inWorld(plan.until, undefined, async (world) => {
        const { summary, told, troubles } = await concludeRun(step.run, plan, world);
        if (troubles.length > 0) throw new Error(`The run ended, but: ${troubles.join(' · ')}`);
        const { healthy, broken, unknown } = summary;
        return { outcome: 'swept', healthy, broken, unknown, told };
      });
    case 'release':
      return await inWorld(plan.until, undefined, async ({ memory, log }) => {
        await releaseLease(memory, step.run);
        log('error', 'run-ended-early', { run: step.run, reason: 'Step Functions says that it failed, was stopped or ran out of time' });
        return { outcome: 'released' };
      });
  }
}

/** Questions under way to one server, and packets at once, of one process that asks alone: see lambda/dns/open-dns.ts. */
const AT_ONCE = 32;

const paceOf = ({ askers, perServerPerSecond, resolverPerSecond }: Pace): SharedPace => ({
  perServerPerSecond,
  perServerAtOnce: Math.max(1, Math.floor(AT_ONCE / askers)),
  ...(askers > 1 ? { burst: 1 } : {}),
  ...(resolverPerSecond === undefined ? {} : { resolverPerSecond }),
});
