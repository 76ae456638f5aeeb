// The function's answer to `dkim-monitor doctor`: the same examination with the function's own rights.
import { createHash } from 'node:crypto';
import { type ConfigurationRead, DEFAULT_CONFIGURATION } from './configuration.ts';
import { runCheckup } from './doctor/run-checkup.ts';
import { brokenPlan, type DoctorAsked, doctorPlan } from './doctor-plan.ts';
import { watchedTargets } from './doctor-targets.ts';
import { openDoctor } from './doctor-wiring.ts';
import type { Checkup } from './model/checkup.ts';
import { ENVIRONMENT } from './settings.ts';
import type { Home } from './sweep/plan-targets.ts';

/** The answer is waited for: the longest look, and what of the invocation's time is left for the answer, in milliseconds. */
const LONGEST_MS = 240_000;
const RESERVE_MS = 15_000;

export interface DoctorSurroundings {
  readonly read: ConfigurationRead;
  /** The configuration as it was deployed. */
  readonly text: string;
  readonly home: Home;
  readonly functionName: string;
  readonly remainingMs: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Never throws for what the world does: a broken configuration too is an answer. */
export async function answerDoctor(event: unknown, around: DoctorSurroundings): Promise<Checkup> {
  const { read, text, home, functionName, remainingMs, environment } = around;
  const until = Date.now() + Math.min(LONGEST_MS, Math.max(0, remainingMs - RESERVE_MS));
  const shared = {
    home,
    functionName,
    rights: 'function' as const,
    until,
    configurationHash: hashOfConfiguration(text),
    configurationName: 'as deployed',
    bucket: environment[ENVIRONMENT.bucket],
    topicArn: environment[ENVIRONMENT.topicArn],
  };
  const plan = read.ok
    ? doctorPlan(read.value, await watchedTargets(read.value, home, until), askedOf(event), shared)
    : brokenPlan(read.problems, shared);
  const world = openDoctor({ configuration: read.ok ? read.value : DEFAULT_CONFIGURATION, plan });
  try {
    return await runCheckup(plan, world);
  } finally {
    world.close();
  }
}

/** SHA-256 of a configuration's text, in hexadecimal: tells whether two are the same, and nothing of what is in them. */
export const hashOfConfiguration = (text: string): string => createHash('sha256').update(text).digest('hex');

function askedOf(event: unknown): DoctorAsked {
  const { accounts, regions, heartbeat } = event as Readonly<Record<string, unknown>>;
  const texts = (value: unknown): readonly string[] =>
    Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string').slice(0, 1000) : [];
  return { accounts: texts(accounts), regions: texts(regions), heartbeat: heartbeat === true };
}
