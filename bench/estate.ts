// `npm run bench:estate`: whole estates on the sandbox, with SES at one call a second for each target and 25 ms to everywhere. docs/performance.md explains it.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { boundOf } from './dns-estate.ts';
import { countsOf } from './estate/counts.ts';
import { type BenchEstate, fewestCalls, regions, targetsOf } from './estate/estates.ts';
import { allMet, callsOf, count, duration, goal, inFunction, printSweep, say } from './estate/figures.ts';
import { firstSight } from './estate/first-sight.ts';
import { type CountedEstate, keepMeasured, MANY_ACCOUNTS, measuredEstate, readMeasured, SHARD } from './estate/measured.ts';
import { paperTable } from './estate/paper.ts';
import { HOSTERS, type Measured, openLeapingStage, openStage, PER_SERVER } from './estate/stage.ts';
import { node24 } from './node24.ts';

const MINUTE_MS = 60_000;
const MANY: BenchEstate = { accounts: 300, regions: regions(5), identities: 20_000, oneIn: 10, largest: 2000 };
const ONE: BenchEstate = { accounts: 1, regions: regions(1), identities: 10_000, oneIn: 1 };
/** Small ones, for the costs: identities in so many accounts of one region. */
const SMALL: readonly (readonly [identities: number, accounts: number])[] = [
  [20, 1],
  [20, 20],
  [20, 300],
  [1000, 1],
  [1000, 20],
  [1000, 300],
];
const MEMORY_MIB = 512;

interface Pair {
  readonly dns: Measured;
  readonly refresh: Measured;
  /** The sweep after it, which may have details left to read. */
  readonly next: Measured;
}

/** A sweep from the snapshot, and an hour after the first one the sweep that reads SES again; nothing changes in between. */
async function steadyPair(folder: string, node: string, estate: BenchEstate): Promise<Pair> {
  const stage = await openStage(folder, estate, node);
  try {
    await stage.prime();
    // Once more at its real pace: what is found once is found, and the delegations are kept.
    const dns = await stage.sweep(5 * MINUTE_MS);
    const refresh = await stage.sweep(56 * MINUTE_MS);
    const next = await stage.sweep(5 * MINUTE_MS);
    return { dns, refresh, next };
  } finally {
    await stage.close();
  }
}

async function naiveBeside(folder: string, node: string, estate: BenchEstate): Promise<void> {
  const stage = await openLeapingStage(folder, estate, node);
  try {
    const { seconds, cpu, calls } = await stage.naive();
    say(
      `naive client (listing, then GetEmailIdentity of each)\n  ${duration(seconds)} of simulated time · ${cpu.toFixed(1)} s of CPU · SES calls ${count(callsOf(calls, 'ses'))} (${count(calls.throttled)} of them throttled) · STS calls ${count(callsOf(calls, 'sts'))}`,
    );
  } finally {
    await stage.close();
  }
}

const detailsIn = ({ calls }: Measured): number => calls.calls['ses:GetEmailIdentity'] ?? 0;

const dnsBound = (estate: BenchEstate): number => boundOf({ customers: estate.identities, hosters: HOSTERS, brokenEvery: 0 }, PER_SERVER);

function counted(name: string, estate: BenchEstate, { dns, refresh, next }: Pair): CountedEstate {
  const { accounts, identities } = estate;
  return {
    name,
    accounts,
    targets: targetsOf(estate).length,
    identities,
    dns: countsOf(dns),
    refresh: countsOf(refresh),
    ...(next.sesCalls > 0 ? { details: countsOf(next) } : {}),
  };
}

async function manyAccounts(folder: string, node: string): Promise<CountedEstate> {
  const targets = targetsOf(MANY).length;
  say(
    `\n(a) ${MANY.accounts} accounts × ${MANY.regions.length} regions, ${count(MANY.identities)} identities in one target of ten, ${count(MANY.largest ?? 0)} in the largest.` +
      `\n    SES calls at least ${count(fewestCalls(MANY))}; the busiest DNS host's share alone takes ${dnsBound(MANY).toFixed(0)} s.`,
  );
  await naiveBeside(folder, node, MANY);
  const pair = await steadyPair(folder, node, MANY);
  printSweep('DNS sweep, from the snapshot', pair.dns, 'wall');
  printSweep('full refresh: SES read again, DNS asked', pair.refresh, 'wall');
  const { dns, refresh } = pair;
  const there = inFunction(refresh, MEMORY_MIB);
  goal(
    `a full refresh of ${count(targets)} targets in under 3 min in one function of ${MEMORY_MIB} MB`,
    there < 180 && refresh.peakMiB < MEMORY_MIB && refresh.readAnew === targets && refresh.healthy === MANY.identities,
    `${duration(there)}, ${refresh.peakMiB.toFixed(0)} MiB, ${count(refresh.sesCalls)} SES calls, ${count(refresh.readAnew)} targets read to the end`,
  );
  goal('no SES call in a DNS sweep', dns.sesCalls === 0, count(dns.sesCalls));
  return counted(MANY_ACCOUNTS, MANY, pair);
}

async function oneTarget(folder: string, node: string): Promise<CountedEstate> {
  say(
    `\n(b) one target with ${count(ONE.identities)} identities.\n    SES calls at least ${count(fewestCalls(ONE))}; the busiest DNS host's share alone takes ${dnsBound(ONE).toFixed(0)} s.`,
  );
  await naiveBeside(folder, node, ONE);
  const pair = await steadyPair(folder, node, ONE);
  printSweep('DNS sweep, from the snapshot', pair.dns, 'wall');
  printSweep('refresh without changes', pair.refresh, 'wall');
  printSweep('the sweep after it, which goes on with the details of single identities', pair.next, 'wall');
  const times = pair.dns.seconds / dnsBound(ONE);
  goal('a DNS sweep within 1.25 × the bound of the pace', times <= 1.25, `${times.toFixed(2)} ×, ${duration(pair.dns.seconds)}`);
  goal('no SES call in a DNS sweep', pair.dns.sesCalls === 0, count(pair.dns.sesCalls));
  goal(
    'a refresh without changes in at most 115 SES calls, besides the details that are due once a day',
    pair.refresh.sesCalls - detailsIn(pair.refresh) <= 115 && pair.refresh.readAnew === 1,
    `${count(pair.refresh.sesCalls - detailsIn(pair.refresh))}, ${pair.refresh.readAnew === 1 ? 'complete' : 'not complete'}; ${count(detailsIn(pair.refresh))} details in turn`,
  );
  const limit = fewestCalls(ONE);
  goal(
    "a status refresh within 2 × the limit's own time",
    pair.refresh.readAnew === 1 && pair.refresh.seconds <= 2 * limit,
    `${duration(pair.refresh.seconds)} of ${2 * limit} s`,
  );
  return counted(SHARD, ONE, pair);
}

async function small(folder: string, node: string): Promise<readonly CountedEstate[]> {
  say('\nSmall estates, for the costs: seconds, SES calls, S3 reads and writes, lines of log; DNS sweep and refresh');
  const estates: CountedEstate[] = [];
  for (const [identities, accounts] of SMALL) {
    const estate: BenchEstate = { accounts, regions: regions(1), identities, oneIn: 1 };
    const one = counted(`${identities} in ${accounts}`, estate, await steadyPair(folder, node, estate));
    estates.push(one);
    for (const [what, c] of [
      ['dns    ', one.dns],
      ['refresh', one.refresh],
    ] as const)
      say(
        `  ${count(identities).padStart(6)} in ${String(accounts).padStart(3)}  ${what} ${c.seconds.toFixed(1).padStart(6)} s ${count(c.sesCalls).padStart(6)} ${count(c.s3Reads).padStart(5)} ${count(c.s3Writes).padStart(5)} ${count(c.logLines).padStart(5)}`,
      );
  }
  return estates;
}

async function main(parts: readonly string[]): Promise<void> {
  const wanted = (part: string): boolean => parts.length === 0 || parts.includes(part);
  const folder = await mkdtemp(join(tmpdir(), 'dkim-monitor-bench-'));
  try {
    const node = node24(folder) ?? process.execPath;
    say(`Whole estates on the sandbox: SES 1 call/s for each target, 25 ms to AWS and to every name server; ${cpus().length} processors.`);
    if (wanted('a')) keepMeasured({ estates: [await manyAccounts(folder, node)] });
    if (wanted('b')) keepMeasured({ estates: [await oneTarget(folder, node)] });
    if (wanted('first')) {
      say('\nFirst sight of (b)');
      keepMeasured({ firstSight: await firstSight(folder, node, ONE) });
    }
    if (wanted('small')) keepMeasured({ estates: await small(folder, node) });
    if (wanted('c')) {
      say('\n(c) 17 regions × 10,000, and a million, as children of a Distributed Map: on paper, from (b).');
      say(paperTable(measuredEstate(readMeasured(), SHARD)));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.exitCode = allMet() ? 0 : 1;
}

await main(process.argv.slice(2));
