// One long run: sweep after sweep in simulated time, with what happens in between.
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { randomFrom } from '../diagnosis/random.ts';
import { schedule } from './incidents.ts';
import { type Score, score } from './score.ts';
import { DAY, MINUTE, SoakWorld, START } from './world.ts';

export interface SoakOptions {
  readonly days: number;
  readonly identities: number;
  /** Minutes between two sweeps. */
  readonly minutes: number;
  readonly seed: number;
  readonly onDay?: (day: number, messages: number) => void;
}

export interface SoakResult {
  readonly score: Score;
  readonly sweeps: number;
  /** Sweeps that ended in an error, those that were killed among them. */
  readonly failed: number;
  readonly kills: number;
}

/** Runs it. The same options give the same run on every machine. */
export async function runSoak({ days, identities, minutes, seed, onDay }: SoakOptions): Promise<SoakResult> {
  const world = new SoakWorld(identities);
  const plan = schedule(world, days, randomFrom(seed, 0));
  const detected = new Map<number, number>();
  const happenings = [...plan.happenings];
  let [sweeps, failed, day] = [0, 0, 0];
  for (let due = START; due < START + days * DAY; due += minutes * MINUTE) {
    // A slow sweep may end after the next one is due.
    world.now = Math.max(world.now, due);
    while (happenings[0] !== undefined && happenings[0].at <= world.now) happenings.shift()?.run(world);
    world.sesLooks();
    sweeps += 1;
    await runSweep(world.plan(minutes * MINUTE), world.world()).catch(() => {
      failed += 1;
    });
    world.killAt = undefined;
    const told = world.toldOf();
    plan.incidents.forEach((incident, i) => {
      if (detected.has(i) || incident.from > world.now || !incident.who.every((who) => told.has(who))) return;
      detected.set(i, world.now);
    });
    if (due - START >= (day + 1) * DAY) onDay?.(++day, world.sent.length);
  }
  return { score: score(plan, world, detected, minutes * MINUTE), sweeps, failed, kills: world.kills };
}
