// The bill of a month, from the counts of single sweeps. Pure.
import { inFunction } from '../../bench/estate/figures.ts';
import type { CountedEstate, Counts } from '../../bench/estate/measured.ts';
import { FUNCTION_MEMORY_MIB } from '../../lambda/settings.ts';
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
  /** Identities that one function is asked to hold; above that, children of a Distributed Map. */
  oneFunction: 20_000,
  perChild: 10_000,
  startSeconds: 2,
  transitionsOfChild: 4,
  transitionsBeside: 10,
} as const;

const MINUTES_OF_MONTH = ASSUMED.daysOfMonth * 24 * 60;
const SWEEPS = MINUTES_OF_MONTH / ASSUMED.scheduleMinutes;
const REFRESHES = MINUTES_OF_MONTH / ASSUMED.inventoryMinutes;

export type Amounts = Readonly<Record<Item, number>>;

/** Seconds that the function is charged for a sweep: as long as it took here, or as its share of a processor needs. */
const chargedSeconds = ({ seconds, cpuSeconds }: Counts): number => inFunction({ seconds, cpu: cpuSeconds }, FUNCTION_MEMORY_MIB);

/** What a month uses. `children`: the estate is swept by so many children of a Distributed Map, each charged as `shard`. */
export function amountsOf(
  { dns, refresh }: Pick<CountedEstate, 'dns' | 'refresh'>,
  large?: { readonly shard: CountedEstate; readonly children: number; readonly targets: number },
): Amounts {
  const month = (of: (counts: Counts) => number): number => (SWEEPS - REFRESHES) * of(dns) + REFRESHES * of(refresh);
  const parts = large ?? { shard: { dns, refresh }, children: 1 };
  const start = large === undefined ? 0 : ASSUMED.startSeconds;
  const seconds =
    parts.children *
    ((SWEEPS - REFRESHES) * (chargedSeconds(parts.shard.dns) + start) + REFRESHES * (chargedSeconds(parts.shard.refresh) + start));
  const gigabytes = (bytes: number): number => bytes / 1e9;
  const logs = gigabytes(
    month(({ logCharacters, logLines }) => logCharacters + logLines * ASSUMED.bytesOfLine + parts.children * ASSUMED.bytesOfInvocation),
  );
  return {
    lambdaGbSeconds: (seconds * FUNCTION_MEMORY_MIB) / 1024,
    lambdaRequests: SWEEPS * parts.children,
    // Children do not share the ledger: each target's history is written in every sweep, and each child's report.
    s3Writes: month(({ s3Writes }) => s3Writes) + (large === undefined ? 0 : SWEEPS * (large.targets + large.children)),
    s3Reads: month(({ s3Reads }) => s3Reads) + (large === undefined ? 0 : SWEEPS * (2 * large.targets + large.children)),
    s3Storage: gigabytes(month(({ writtenBytes }) => writtenBytes) * (ASSUMED.keptDays / ASSUMED.daysOfMonth)),
    logs,
    logStorage: logs,
    metrics: Object.keys(STEADY_METRICS).length,
    alarms: Object.keys(ALARM_NAMES).length,
    dashboards: 1,
    queueRequests: MINUTES_OF_MONTH * ASSUMED.pollsAMinute,
    emails: ASSUMED.emails,
    transitions: large === undefined ? 0 : SWEEPS * (large.children * ASSUMED.transitionsOfChild + ASSUMED.transitionsBeside),
    trafficOut: gigabytes(month(({ dnsQuestions }) => dnsQuestions) * ASSUMED.bytesOfQuestion),
  };
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
