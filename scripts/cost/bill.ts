// The bill of a month, from the counts of single sweeps. Pure.
import { inFunction } from '../../bench/estate/figures.ts';
import type { CountedEstate, Counts } from '../../bench/estate/measured.ts';
import { runOnPaper } from '../../bench/estate/run-on-paper.ts';
import { FUNCTION_MEMORY_MIB, STEPS_MEMORY_MIB } from '../../lambda/settings.ts';
import { STEADY_METRICS } from '../../lambda/sweep/metrics.ts';
import { ALARM_NAMES } from '../../lib/alarms.ts';
import { type Item, PRICES } from './prices.ts';

/** What the bill rests on besides what was counted; the page prints all of it. */
export const ASSUMED = {
  daysOfMonth: 30,
  /** Minutes between two sweeps, and between two readings of SES: the defaults. */
  scheduleMinutes: 5,
  inventoryMinutes: 60,
  /** Bytes that the logger adds to each line, that Lambda logs of each invocation, and that the metrics of a sweep take. */
  bytesOfLine: 400,
  bytesOfInvocation: 1500,
  /** Days that reports are kept, and replaced versions after that. */
  keptDays: 37,
  /** Bytes that one DNS question is on the line, headers included. */
  bytesOfQuestion: 100,
  /** Five pollers of Lambda that wait twenty seconds each at the queue of early events. */
  pollsAMinute: 15,
  emails: 30,
  /** Identities that one function is asked to hold; above that, a state machine, less often. */
  oneFunction: 20_000,
  largeScheduleMinutes: 15,
  /** Identities of one target, there. */
  perTarget: 10_000,
  transitionsOfPart: 3,
  transitionsBeside: 10,
} as const;

const MINUTES_OF_MONTH = ASSUMED.daysOfMonth * 24 * 60;
const REFRESHES = MINUTES_OF_MONTH / ASSUMED.inventoryMinutes;

export type Amounts = Readonly<Record<Item, number>>;

/** Seconds that the function is charged for a sweep: as long as it took here, or as its share of a processor needs. */
const chargedSeconds = ({ seconds, cpuSeconds }: Counts): number => inFunction({ seconds, cpu: cpuSeconds }, FUNCTION_MEMORY_MIB);

/** Of the sweeps between two hourly ones, how many go on with the details of single identities: each is read once a day. */
export function sweepsWithDetails({ identities, targets, refresh, details }: CountedEstate, between: number): number {
  if (details?.detailCalls === undefined || details.detailCalls === 0) return 0;
  const left = identities / 24 - (refresh.detailCalls ?? 0);
  return Math.min(between, Math.max(0, Math.ceil(left / Math.max(details.detailCalls, targets))));
}

/** What a month uses. `shard`: the estate is swept by a state machine, each target of {@link ASSUMED.perTarget} as this one. */
export function amountsOf(estate: CountedEstate, large?: { readonly shard: CountedEstate; readonly targets: number }): Amounts {
  const { dns, refresh, details } = estate;
  const minutes = large === undefined ? ASSUMED.scheduleMinutes : ASSUMED.largeScheduleMinutes;
  const sweeps = MINUTES_OF_MONTH / minutes;
  const between = ASSUMED.inventoryMinutes / minutes - 1;
  const detailed = details === undefined ? 0 : REFRESHES * sweepsWithDetails(estate, between);
  const month = (of: (counts: Counts) => number): number =>
    (sweeps - REFRESHES - detailed) * of(dns) + REFRESHES * of(refresh) + (details === undefined ? 0 : detailed * of(details));
  const run = large === undefined ? undefined : runOnPaper(estate.identities, large.shard);
  const gbSeconds =
    run === undefined || large === undefined
      ? (month(chargedSeconds) * FUNCTION_MEMORY_MIB) / 1024
      : ((sweeps * run.charged + readingSeconds(estate.identities, large.shard, between)) * STEPS_MEMORY_MIB) / 1024;
  const invocations = 1 + (run?.parts ?? 0);
  const gigabytes = (bytes: number): number => bytes / 1e9;
  const logs = gigabytes(
    month(({ logCharacters, logLines }) => logCharacters + logLines * ASSUMED.bytesOfLine + invocations * ASSUMED.bytesOfInvocation),
  );
  return {
    lambdaGbSeconds: gbSeconds,
    lambdaRequests: sweeps * invocations,
    // The pieces of a run do not share the ledger: each target's history is written in every sweep, and each piece's report.
    s3Writes: month(({ s3Writes }) => s3Writes) + (run === undefined ? 0 : sweeps * ((large?.targets ?? 0) + run.parts)),
    s3Reads: month(({ s3Reads }) => s3Reads) + (run === undefined ? 0 : sweeps * (2 * (large?.targets ?? 0) + 3 * run.parts)),
    s3Storage: gigabytes(month(({ writtenBytes }) => writtenBytes) * (ASSUMED.keptDays / ASSUMED.daysOfMonth)),
    logs,
    logStorage: logs,
    metrics: Object.keys(STEADY_METRICS).length,
    alarms: Object.keys(ALARM_NAMES).length + (run === undefined ? 0 : 1),
    dashboards: 1,
    queueRequests: MINUTES_OF_MONTH * ASSUMED.pollsAMinute,
    emails: ASSUMED.emails,
    transitions: run === undefined ? 0 : sweeps * (run.parts * ASSUMED.transitionsOfPart + ASSUMED.transitionsBeside),
    trafficOut: gigabytes(month(({ dnsQuestions }) => dnsQuestions) * ASSUMED.bytesOfQuestion),
  };
}

/** Seconds of a month in which a state machine's function waits for SES: each target by itself, before its parts. */
function readingSeconds(identities: number, shard: CountedEstate, between: number): number {
  const targets = identities / ASSUMED.perTarget;
  const { refresh, details } = shard;
  return REFRESHES * targets * (refresh.seconds + sweepsWithDetails(shard, between) * (details?.seconds ?? 0));
}

/** Dashboards beyond three are rare, and the first three are free even where nothing else is left of what is free. */
const isPaid = (item: Item): boolean => item !== 'dashboards';

/** USD of each item; `free`: with what an account has free for good, if nothing else in it uses that up. */
export function billOf(amounts: Amounts, { free }: { readonly free: boolean }): Readonly<Record<Item, number>> {
  return mapped((item) => {
    const { usd, free: allowance } = PRICES[item];
    return isPaid(item) ? Math.max(0, amounts[item] - (free ? allowance : 0)) * usd : 0;
  });
}

export const totalOf = (bill: Readonly<Record<Item, number>>): number => Object.values(bill).reduce((sum, usd) => sum + usd, 0);

function mapped(of: (item: Item) => number): Readonly<Record<Item, number>> {
  return Object.fromEntries((Object.keys(PRICES) as Item[]).map((item) => [item, of(item)])) as Readonly<Record<Item, number>>;
}

/**
 * An estate that is like a measured one but larger: what each identity adds is measured between a thousand and ten thousand of them in one target, in
 * both kinds of sweep.
 */
export function grown(
  from: CountedEstate,
  identities: number,
  between: { readonly small: CountedEstate; readonly large: CountedEstate },
): CountedEstate {
  const more = identities - from.identities;
  const { small, large } = between;
  const added = (kind: 'dns' | 'refresh'): Counts => {
    const add = (of: (counts: Counts) => number): number =>
      of(from[kind]) + (more * Math.max(0, of(large[kind]) - of(small[kind]))) / (large.identities - small.identities);
    return {
      ...from[kind],
      seconds: add(({ seconds }) => seconds),
      cpuSeconds: add(({ cpuSeconds }) => cpuSeconds),
      sesCalls: add(({ sesCalls }) => sesCalls),
      dnsQuestions: add(({ dnsQuestions }) => dnsQuestions),
      logLines: add(({ logLines }) => logLines),
      logCharacters: add(({ logCharacters }) => logCharacters),
      writtenBytes: add(({ writtenBytes }) => writtenBytes),
    };
  };
  return { ...from, identities, dns: added('dns'), refresh: added('refresh') };
}
