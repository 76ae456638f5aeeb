// What a scenario is: a world, what happens to it, and what a monitor must and must not say.
import type { Sandbox } from '../sandbox.ts';
import type { World } from '../world.ts';

export interface Step {
  /** One sentence: what happens. */
  readonly title: string;
  apply(sandbox: Sandbox): void | Promise<void>;
  /** Time that passes before the next sweep; default 5. */
  readonly minutesLater?: number;
  /** How often the monitor looks after it, the further times 5 minutes apart; default once. */
  readonly sweeps?: number;
  /** What holds after those sweeps. Without it: only the last step's state is judged, by the scenario's own `expect`. */
  readonly expect?: Expectations;
}

/** What must and must not be said, by `account/region/identity`, or `account/region` for a target. Identities that are not named are healthy. */
export type Expectations = Readonly<Record<string, Expectation>>;

export type Severity = 'notice' | 'warning' | 'critical';
export type Diagnosis = 'healthy' | 'broken' | 'unknown';

/** Strings are kinds of findings. Every kind is in one of the three lists. */
export interface Expectation {
  readonly mandatory: readonly string[];
  readonly forbidden: readonly string[];
  /** Kinds that may be there or not. */
  readonly maybe?: readonly string[];
  /** The answer as a whole, or those that are right. */
  readonly diagnosis?: Diagnosis | readonly Diagnosis[];
  /** Facts that a finding must carry, by its kind; more facts may be there. */
  readonly facts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** By kind. */
  readonly severity?: Readonly<Record<string, Severity>>;
}

/** Time passes. */
export function wait(title: string, minutesLater: number): Step {
  return { title, minutesLater, apply: () => undefined };
}

export interface Scenario {
  readonly name: string;
  /** One or two sentences: what this is about. */
  readonly describe: string;
  readonly world: World;
  /** When it plays, ISO 8601 UTC: the times in SES's facts make sense from here. */
  readonly now: string;
  readonly steps: readonly Step[];
  /** What holds before the first step; absent: not judged. */
  readonly starts?: Expectations;
  /** What the monitor's configuration says besides accounts, regions and where the sandbox is, in its own words. */
  readonly monitor?: Readonly<Record<string, unknown>>;
  /** What holds at the end. */
  readonly expect: Expectations;
}

/** When the scenarios play unless they say otherwise. */
export const NOW = '2026-06-01T12:00:00Z';
