// Puts the parts of the estate bench together: one estate with its AWS and its internet, and sweeps over it.
import { type Part, startPart } from '../dns-process.ts';
import type { Line, Opened } from '../dns-slow-internet.ts';
import type { AwsOpened, CallCounts } from './aws-part.ts';
import type { BenchEstate } from './estates.ts';
import type { Sweep, SweepOnce, SweepOpen } from './sweep-part.ts';

/** Network delay to AWS, and to every name server. */
export const DELAY_MS = 25;
const LINE: Line = { delayMs: [DELAY_MS, DELAY_MS], loss: 0 };
export const HOSTERS = 20;
/** As the DNS room paces itself. */
export const PER_SERVER = 50;
const RESOLVERS = 400;

export interface Measured extends Sweep {
  /** What the sandbox's AWS was asked. */
  readonly calls: CallCounts;
}

export interface Stage {
  /** Sweeps ten times as fast as customers would like, until everything is known. Nothing of it is measured. */
  prime(): Promise<void>;
  /** One sweep at the real pace, so long after the one before, in a process of its own. */
  sweep(afterMs: number): Promise<Measured>;
  close(): Promise<void>;
}

/** As Node has it in 512 MB: on a machine with more it lets garbage lie, and its peak says little. */
const HEAP = ['--max-old-space-size=400', '--max-semi-space-size=16'];

const MOST_PRIMING = 40;
const FAST: Omit<SweepOnce, 'kind'> = { afterMs: 0, callsPerSecond: 2000, perServer: 500, resolvers: 4000 };

/** A stage whose sweeps run in real time and ask real sockets. SES is limited to one call a second for each target. */
export async function openStage(folder: string, estate: BenchEstate, node: string): Promise<Stage> {
  const aws = await startPart('estate/aws-part', folder);
  const internet = await startPart('dns-slow-internet', folder);
  const opened = await aws.ask<AwsOpened>({ kind: 'open', estate });
  const where = await internet.ask<Opened>({
    kind: 'open',
    estate: { customers: estate.identities, hosters: HOSTERS, brokenEvery: 0, keys: true },
    line: LINE,
  });
  let aheadMs = 0;
  const once = async (perSecond: number | undefined, delayMs: number, how: Omit<SweepOnce, 'kind'>): Promise<Measured> => {
    await aws.ask({ kind: 'rate', perSecond });
    const part = await startPart('estate/sweep-part', folder, node, perSecond === undefined ? [] : HEAP);
    const open: SweepOpen = { kind: 'open', aws: opened, estate, clock: 'real', internet: where, aheadMs, delayMs };
    await part.ask(open);
    await aws.ask({ kind: 'counts' });
    const swept = await part.ask<Sweep>({ kind: 'sweep', ...how });
    aheadMs += how.afterMs;
    await part.stop();
    return { ...swept, calls: await aws.ask<CallCounts>({ kind: 'counts' }) };
  };
  return {
    prime: async () => {
      for (let sweeps = 1; sweeps <= MOST_PRIMING; sweeps += 1) {
        const { healthy, sesCalls } = await once(undefined, 0, FAST);
        // Also what is read bit by bit has been read.
        if (healthy === estate.identities && sesCalls === 0) return;
      }
      throw new Error(`after ${MOST_PRIMING} sweeps not everything is known`);
    },
    sweep: (afterMs) => once(1, DELAY_MS, { afterMs, callsPerSecond: 1, perServer: PER_SERVER, resolvers: RESOLVERS }),
    close: () => stopAll(aws, internet),
  };
}

export interface LeapingStage {
  sweep(afterMs: number): Promise<Measured>;
  naive(): Promise<Pick<Sweep, 'seconds' | 'cpu'> & { readonly calls: CallCounts }>;
  close(): Promise<void>;
}

/** A stage whose clock leaps over waiting, and whose DNS is always right: what reading SES takes, in minutes instead of hours. */
export async function openLeapingStage(folder: string, estate: BenchEstate, node: string): Promise<LeapingStage> {
  const aws = await startPart('estate/aws-part', folder);
  const opened = await aws.ask<AwsOpened>({ kind: 'open', estate });
  await aws.ask({ kind: 'rate', perSecond: 1 });
  const part = await startPart('estate/sweep-part', folder, node);
  const open: SweepOpen = { kind: 'open', aws: opened, estate, clock: 'leaping', aheadMs: 0, delayMs: DELAY_MS };
  await part.ask(open);
  const counted = async <T extends object>(message: unknown): Promise<T & { readonly calls: CallCounts }> => {
    const answer = await part.ask<T>(message);
    return { ...answer, calls: await aws.ask<CallCounts>({ kind: 'counts' }) };
  };
  return {
    sweep: (afterMs) => counted({ kind: 'sweep', afterMs, callsPerSecond: 1, perServer: PER_SERVER, resolvers: RESOLVERS }),
    naive: () => counted({ kind: 'naive' }),
    close: () => stopAll(part, aws),
  };
}

async function stopAll(...parts: readonly Part[]): Promise<void> {
  await Promise.all(parts.map((part) => part.stop()));
}
