// `npm run bench:dns`: our DNS room beside node:dns and dnsperf on one local Knot, through one local Unbound, and over slow lines. docs/performance.md explains it.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTION_MEMORY_MIB } from '../lambda/settings.ts';
import { answerTo } from '../test/sandbox/ask.ts';
import type { Where } from '../test/third-party/real-dns.ts';
import type { Round } from './dns-client.ts';
import { boundOf, type Estate, SERVERS_EACH } from './dns-estate.ts';
import { massLoss } from './dns-mass-loss.ts';
import { type Part, startPart } from './dns-process.ts';
import { type BenchServers, startBenchServers } from './dns-servers.ts';
import type { Line, Opened } from './dns-slow-internet.ts';
import type { Swept } from './dns-sweep.ts';
import { type DnsperfRound, dnsperf } from './dnsperf.ts';
import { node24 } from './node24.ts';

const DOMAINS = 10_000;
const IN_FLIGHT = 100;
/** After one that only warms up. */
const ROUNDS = 9;
const PER_SECOND = 50;
/** As lib/sweeper.ts has it in the function's environment. */
const FUNCTION_HEAP = ['--max-semi-space-size=16', `--max-old-space-size=${Math.floor(FUNCTION_MEMORY_MIB * 0.9)}`];
const ESTATE: Estate = { customers: DOMAINS, hosters: 20, brokenEvery: 500 };
const LINE: Line = { delayMs: [10, 190], loss: 0.01 };

const say = (text = ''): void => void process.stdout.write(`${text}\n`);

const goals: boolean[] = [];

function goal(words: string, met: boolean, figures: string): void {
  goals.push(met);
  say(`  ${met ? 'met    ' : 'NOT met'} ${words}: ${figures}`);
}

/** The program with its version; undefined if it is not installed. */
function versionOf(command: string, ...args: string[]): string | undefined {
  const { error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  const version = /\d+\.\d+(\.\d+)*/.exec(`${stdout}${stderr}`)?.[0] ?? '';
  return error === undefined ? `${command} ${version}` : undefined;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

interface Figures {
  readonly perSecond: number;
  /** Microseconds of processor time. */
  readonly cpu: number;
  readonly answered: number;
  readonly peakMiB?: number;
  readonly packets?: number;
}

/** The best rate, for other work on the machine only slows; the median of processor time, which it disturbs both ways. */
function figuresOf(rounds: readonly Round[]): Figures {
  const last = rounds.at(-1);
  return {
    perSecond: Math.max(...rounds.map(({ answered, seconds }) => answered / seconds)),
    cpu: median(rounds.map(({ cpu, questions }) => (cpu / questions) * 1e6)),
    answered: Math.min(...rounds.map(({ answered, questions }) => answered / questions)),
    ...(last === undefined ? {} : { peakMiB: last.peakMiB }),
    ...(last?.packets === undefined ? {} : { packets: last.packets / last.questions }),
  };
}

function limitOf(rounds: readonly DnsperfRound[]): Figures {
  return {
    perSecond: Math.max(...rounds.map(({ perSecond }) => perSecond)),
    cpu: median(rounds.map(({ cpuPerQuestion }) => cpuPerQuestion * 1e6)),
    answered: Math.min(...rounds.map(({ share }) => share)),
  };
}

/** Rounds of all three in turn, so that whatever else the machine does hits all of them alike. */
async function compare(folder: string, at: Where, as: 'server' | 'resolver', names: readonly string[]): Promise<Record<string, Figures>> {
  const clients = ['ours', 'node:dns'] as const;
  const parts = new Map<string, Part>();
  const rounds: Record<(typeof clients)[number], Round[]> = { ours: [], 'node:dns': [] };
  const limits: DnsperfRound[] = [];
  for (const client of clients) {
    const part = await startPart('dns-client', folder);
    await part.ask({ kind: 'open', client, at, as, names, inFlight: IN_FLIGHT });
    parts.set(client, part);
  }
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const client of clients) {
      const measured = await parts.get(client)?.ask<Round>({ kind: 'run' });
      if (measured !== undefined && round > 0) rounds[client].push(measured);
    }
    const limit = await dnsperf(folder, at, names);
    if (round > 0) limits.push(limit);
  }
  await Promise.all([...parts.values()].map((part) => part.stop()));
  return { ours: figuresOf(rounds.ours), 'node:dns': figuresOf(rounds['node:dns']), dnsperf: limitOf(limits) };
}

function table(rows: Record<string, Figures>): void {
  say('              questions/s    µs CPU each   answered   packets each   peak memory');
  for (const [name, { perSecond, cpu, answered, packets, peakMiB }] of Object.entries(rows)) {
    const cells = [
      Math.round(perSecond).toLocaleString('en').padStart(10),
      cpu.toFixed(1).padStart(14),
      `${(answered * 100).toFixed(2)} %`.padStart(13),
      (packets?.toFixed(3) ?? '').padStart(12),
      (peakMiB === undefined ? '' : `${peakMiB.toFixed(0)} MiB`).padStart(15),
    ];
    say(`  ${name.padEnd(10)}${cells.join('')}`);
  }
}

const ratio = (rows: Record<string, Figures>, what: 'perSecond' | 'cpu'): number =>
  (rows.ours?.[what] ?? Number.NaN) / (rows['node:dns']?.[what] ?? Number.NaN);

async function atOneServer(folder: string, { knot, easy }: BenchServers): Promise<void> {
  say(`\nAt one server: Knot with ${DOMAINS.toLocaleString('en')} zones, three TXT questions a domain, ${IN_FLIGHT} in flight`);
  const rows = await compare(folder, knot, 'server', easy);
  table(rows);
  goal('at least 1.5 × the rate of node:dns', ratio(rows, 'perSecond') >= 1.5, `${ratio(rows, 'perSecond').toFixed(2)} ×`);
  goal('at most 0.7 × its processor time a question', ratio(rows, 'cpu') <= 0.7, `${ratio(rows, 'cpu').toFixed(2)} ×`);
}

async function throughResolver(folder: string, { unbound, own }: BenchServers): Promise<void> {
  say('\nThrough a resolver: Unbound, which asks Knot; one TXT with a 2048-bit key a domain');
  const name = own[0] ?? '';
  const [plain, edns] = [
    await answerTo(unbound, name, 'TXT', { rd: true }),
    await answerTo(unbound, name, 'TXT', { rd: true, edns: 1232 }),
  ];
  say(`  the answer: ${edns.size} bytes with EDNS${plain.tc ? ', cut without it (then TCP)' : ', whole without it too'}`);
  // Fills Unbound's cache, so that its own walks to Knot are no part of the comparison.
  await dnsperf(folder, unbound, own);
  const rows = await compare(folder, unbound, 'resolver', own);
  table(rows);
  const packets = rows.ours?.packets ?? Number.NaN;
  goal('a TXT in one packet', !edns.tc && plain.tc && packets < 1.01, `${packets.toFixed(3)} packets a question`);
  goal('at least 2 × the rate of node:dns', ratio(rows, 'perSecond') >= 2, `${ratio(rows, 'perSecond').toFixed(2)} ×`);
}

async function overSlowLines(folder: string): Promise<void> {
  const { hosters, customers, brokenEvery } = ESTATE;
  const bound = boundOf(ESTATE, PER_SECOND);
  const node = node24(folder);
  say(
    `\nOver slow lines: ${customers.toLocaleString('en')} Easy DKIM identities at ${hosters} hosters of ${SERVERS_EACH} name servers, ${LINE.delayMs.join('–')} ms, ` +
      `${LINE.loss * 100} % of the datagrams lost each way,\n  ${PER_SECOND}/s to each server; one identity in ${brokenEvery} has lost a record. The busiest hoster's share alone takes ${bound.toFixed(0)} s.`,
  );
  if (node === undefined) say('  Node 24 is not to be had here: measured under this one.');
  const internet = await startPart('dns-slow-internet', folder);
  const opened = await internet.ask<Opened>({ kind: 'open', estate: ESTATE, line: LINE });
  try {
    let cache: string | undefined;
    for (const [rotation, title] of ['first sweep, nothing known', 'steady sweep, delegations known'].entries()) {
      const part = await startPart('dns-sweep', folder, node ?? process.execPath, FUNCTION_HEAP);
      await part.ask({ kind: 'open', estate: ESTATE, internet: opened, perSecond: PER_SECOND, cache });
      const swept = await part.ask<Swept>({ kind: 'sweep', rotation, known: rotation > 0 });
      cache = swept.cache;
      await part.stop();
      report(title, swept, bound, rotation > 0);
    }
  } finally {
    await internet.stop();
  }
}

/** In a first sweep the resolvers set the time as much as the servers do, so that only its first looks have a goal. */
function report(title: string, swept: Swept, bound: number, steady: boolean): void {
  const { lookedSeconds, seconds, questions, healthy, missing, wrong, cpu, peakMiB, node } = swept;
  const packets = (questions / ESTATE.customers).toFixed(3);
  const times = `all looked at in ${lookedSeconds.toFixed(1)} s, all judged in ${seconds.toFixed(1)} s (${(seconds / bound).toFixed(2)} ×)`;
  say(`  ${title} (Node ${node}): ${times}, ${packets} packets an identity, ${cpu.toFixed(1)} s of CPU`);
  for (const one of wrong) say(`    wrong: ${one}`);
  goal('all looked at within 1.25 × the bound of the pace', lookedSeconds <= 1.25 * bound, `${(lookedSeconds / bound).toFixed(2)} ×`);
  if (steady) goal('all judged within 1.25 × the bound, panels included', seconds <= 1.25 * bound, `${(seconds / bound).toFixed(2)} ×`);
  goal('no false verdict', wrong.length === 0, `${healthy} healthy, ${missing} with a record missing, ${wrong.length} wrong`);
  goal('under 300 MB (as Lambda counts: MiB)', peakMiB < 300, `${peakMiB.toFixed(0)} MiB`);
}

/** `--mass-loss`: that part alone, which needs nothing installed. */
async function massLossAlone(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dkim-monitor-bench-'));
  try {
    process.exitCode = (await massLoss(folder)) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  if (process.argv.includes('--mass-loss')) return massLossAlone();
  const versions = [versionOf('knotd', '-V'), versionOf('unbound', '-V'), versionOf('dnsperf', '-h')];
  if (versions.includes(undefined)) {
    process.stderr.write('This bench needs knotd, unbound and dnsperf (Debian: apt-get install knot unbound dnsperf).\n');
    process.exitCode = 64;
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'dkim-monitor-bench-'));
  say(`${cpus().length} cores, Node ${process.version} (c-ares ${process.versions.ares}); ${versions.join(' · ')}`);
  say(
    versionOf('massdns', '--help') === undefined
      ? 'massdns is not installed (Debian has no package of it): not measured.'
      : 'massdns is here, but this bench does not drive it.',
  );
  try {
    const servers = await startBenchServers(folder, DOMAINS);
    try {
      await atOneServer(folder, servers);
      await throughResolver(folder, servers);
    } finally {
      await servers.close();
    }
    await overSlowLines(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const missed = goals.filter((met) => !met).length;
  say(`\n${goals.length - missed} goals met, ${missed} not`);
  process.exitCode = missed === 0 ? 0 : 1;
}

await main();
