// What a scenario is: a world, what happens to it, and what a monitor must and must not say.
import type { Sandbox } from '../sandbox.ts';
import type { World } from '../world.ts';

export interface Step {
  /** One sentence: what happens. */
  readonly title: string;
  apply(sandbox: Sandbox): void | Promise<void>;
  /** What holds from now on, where it differs from before. */
  readonly expect?: Expectations;
}

/** What must and must not be said, by `account/region/identity`, or `account/region` for a target. Names are kinds of findings. */
export type Expectations = Readonly<Record<string, Expectation>>;

export interface Expectation {
  readonly mandatory: readonly string[];
  readonly forbidden: readonly string[];
  /** The answer as a whole, where only one is right. */
  readonly diagnosis?: 'healthy' | 'broken' | 'unknown';
  /** Facts that a mandatory finding must carry, by its kind. */
  readonly facts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** When the scenarios play unless they say otherwise. */
export const NOW = '2026-06-01T12:00:00Z';

export interface Scenario {
  readonly name: string;
  /** One or two sentences: what this is about. */
  readonly describe: string;
  readonly world: World;
  /** When it plays, ISO 8601 UTC: the times in SES's facts make sense from here. */
  readonly now: string;
  readonly steps: readonly Step[];
  /** What holds after the last step. Identities that are not named are healthy. */
  readonly expect: Expectations;
}
