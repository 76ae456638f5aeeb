// A run of the state machine over an estate that was not measured, on paper: from one target of 10,000 identities that was.
import { STEPS_CUT, STEPS_MEMORY_MIB } from '../../lambda/settings.ts';
import { inFunction } from './figures.ts';
import type { CountedEstate } from './measured.ts';

/** What the figures rest on besides how the estate is cut; all of it is printed. */
export const ASSUMED_OF_RUN = {
  /** Seconds until a step runs: state machine, cold start. */
  startSeconds: 2,
  /** Share of the identities whose DNS is at the largest DNS host, and addresses that it answers from. */
  hostShare: 0.2,
  hostAddresses: 2,
  /** Questions a second to one address, of all steps together: what the plan divides among them. */
  hostPerSecond: 50,
  questionsEach: 3,
} as const;

export interface RunOnPaper {
  readonly parts: number;
  /** Steps that may ask at once, and rounds of them, one after the other. */
  readonly askers: number;
  readonly rounds: number;
  /** Seconds of one part, and of them what its processor and the pace of a lone one would need. */
  readonly partSeconds: number;
  readonly ownSeconds: number;
  /** Seconds until all parts are done, and of all parts together, as they are charged. */
  readonly seconds: number;
  readonly charged: number;
}

/** So many identities in parts. A part waits for the largest host at its share of the pace, whatever else it does. */
export function runOnPaper(identities: number, shard: CountedEstate, memoryMiB: number = STEPS_MEMORY_MIB): RunOnPaper {
  const { partIdentities, itemsAtOnce, partsAtOnce } = STEPS_CUT;
  const { startSeconds, hostShare, hostAddresses, hostPerSecond, questionsEach } = ASSUMED_OF_RUN;
  const parts = Math.ceil(identities / partIdentities);
  const askers = Math.min(itemsAtOnce * partsAtOnce, parts);
  const rounds = Math.ceil(parts / askers);
  const share = partIdentities / shard.identities;
  const { seconds, cpuSeconds } = shard.dns;
  const ownSeconds = inFunction({ seconds: seconds * share, cpu: cpuSeconds * share }, memoryMiB);
  const hostSeconds = (partIdentities * hostShare * questionsEach) / hostAddresses / (hostPerSecond / askers);
  const partSeconds = Math.max(ownSeconds, hostSeconds) + startSeconds;
  return { parts, askers, rounds, partSeconds, ownSeconds, seconds: rounds * partSeconds, charged: parts * partSeconds };
}
