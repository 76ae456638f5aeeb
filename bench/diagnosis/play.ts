// Plays a batch of estates: healthy first, then the faults, then as many sweeps as they need to show, and compares what is told.
import type { Report } from '../../lambda/model/report.ts';
import type { Estate, Member, SesState } from './estate.ts';
import { type Expected, expectedOf } from './expected.ts';
import { type Fault, type FaultKind, foretell, MOMENTS, type Moment, perform, type Step } from './fault.ts';
import { configuredKeys, emptyEstate, furnish } from './healthy-estate.ts';
import { judge, type Mistake, toldIn } from './judge.ts';
import { END, START, SWEEPS } from './moments.ts';
import { addNoise, type Noise } from './noise.ts';
import { randomFrom } from './random.ts';
import { openStage } from './stage.ts';
import { targetsOf, worldOf } from './world.ts';

/** One estate with what happens to it. */
export interface Plot {
  readonly estate: Estate;
  readonly faults: readonly Fault[];
  readonly noise: readonly Noise[];
}

export interface Played {
  readonly plot: Plot;
  readonly expected: readonly Expected[];
  /** What each sweep told. */
  readonly sweeps: readonly ReturnType<typeof toldIn>[];
  readonly mistakes: readonly Mistake[];
}

/** Plans estate number `index` under `seed`. `faultsOf` chooses the faults. */
export function plan(seed: number, index: number, choose: (random: ReturnType<typeof randomFrom>) => readonly FaultKind[]): Plot {
  const random = randomFrom(seed, index);
  const estate = emptyEstate(index, random);
  furnish(estate, 2 + random.int(5), random);
  const faults = choose(random).map((kind) => kind.plan(estate, random));
  return { estate, faults, noise: addNoise(estate, random) };
}

/** Plays estates side by side in one world; each is judged by itself. */
export async function play(plots: readonly Plot[], seed: number): Promise<readonly Played[]> {
  const world = worldOf(plots.map(({ estate }) => estate));
  const keys = plots.flatMap(({ estate }) => configuredKeys(estate));
  for (const { faults } of plots) for (const moment of MOMENTS) for (const fault of faults) foretell(fault[moment] ?? []);
  const expected = plots.map(({ estate, faults }) => expectedOf(estate, faults, END));
  const targets = targetsOf(plots.map(({ estate }) => estate));
  const stage = await openStage(world, { now: START, targets, keys, random: randomFrom(seed, -1 - (plots[0]?.estate.index ?? 0)) });
  const reports: { readonly moment: Moment; readonly report: Report }[] = [];
  try {
    const states = new Map<Member, SesState>();
    let reached: Moment = 'begin';
    for (const { at, moment } of SWEEPS) {
      if (moment !== undefined) {
        reached = moment;
        await perform(
          plots.flatMap((plot) => stepsAt(plot, moment)),
          stage.sandbox,
          states,
        );
      }
      reports.push({ moment: reached, report: await stage.sweepAt(at) });
    }
  } finally {
    await stage.close();
  }
  const told = reports.map(({ moment, report }) => ({ moment, told: toldIn(report) }));
  return plots.map((plot, i) => {
    const own = expected[i] ?? [];
    return { plot, expected: own, sweeps: told.map((one) => one.told), mistakes: judge(own, told) };
  });
}

/** Noise comes last, for some of it freezes what a server has. */
function stepsAt({ faults, noise }: Plot, moment: Moment): readonly Step[] {
  return [...faults, ...noise].flatMap((one) => one[moment] ?? []);
}
