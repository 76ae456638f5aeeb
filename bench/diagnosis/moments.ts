// When things happen on the stage: the sweeps, and what is done to the world before each.
import type { Moment } from './fault.ts';

const MINUTE = 60_000;

/** When the estates are first seen: ms since the epoch. */
export const START = Date.parse('2026-06-01T12:00:00Z');

/**
 * Start of each sweep, ms since the epoch. Five in a row, so that each of up to four name servers is asked first once; then one after the hours
 * that delegations are kept for, and that SES needs to be late; the last more than a day after the faults.
 */
export const SWEEPS: readonly { readonly at: number; readonly moment?: Moment }[] = [
  { at: START, moment: 'begin' },
  { at: START + 5 * MINUTE, moment: 'after' },
  { at: START + 10 * MINUTE },
  { at: START + 15 * MINUTE },
  { at: START + 20 * MINUTE },
  { at: START + 480 * MINUTE, moment: 'late' },
  { at: START + 1_900 * MINUTE },
];

/** When the last sweep begins. */
export const END = SWEEPS.at(-1)?.at ?? START;
