// A part of the estate bench: whole sweeps over the sandbox, in a process of their own whose processor time and memory are the sweep's alone.
import { connect } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { nullChannel } from '../../lambda/channel/null-channel.ts';
import { openDns } from '../../lambda/dns/open-dns.ts';
import { openInventory } from '../../lambda/inventory/open-inventory.ts';
import { s3Memory } from '../../lambda/memory/s3-memory.ts';
import type { Target } from '../../lambda/model/identity.ts';
import { parseAccountId, parseRegion } from '../../lambda/model/names.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';
import { runSweep, type SweepWorld } from '../../lambda/sweep/run-sweep.ts';
import { serve } from '../dns-process.ts';
import type { Opened } from '../dns-slow-internet.ts';
import type { AwsOpened } from './aws-part.ts';
import { type Announce, type BenchClock, leapingClock, realClock } from './clock.ts';
import { type BenchEstate, BUCKET, HUB, ROLE, targetsOf } from './estates.ts';
import { readNaively } from './naive-client.ts';
import { rightDns } from './right-dns.ts';

export interface SweepOpen {
  readonly kind: 'open';
  readonly aws: AwsOpened;
  readonly estate: BenchEstate;
  /** `leaping`: waiting costs no time, and DNS is always right; else real time, and questions over real sockets. */
  readonly clock: 'real' | 'leaping';
  readonly internet?: Opened;
  /** Milliseconds that the clock is ahead of the machine's. */
  readonly aheadMs: number;
  /** Network delay of each AWS call. */
  readonly delayMs: number;
}

export interface SweepOnce {
  readonly kind: 'sweep';
  /** The clock is moved on before. */
  readonly afterMs: number;
  /** Calls a second to SES in each target. */
  readonly callsPerSecond: number;
  /** Packets a second to one name server, and to all resolvers. */
  readonly perServer: number;
  readonly resolvers: number;
}

export type SweepMessage = SweepOpen | SweepOnce | { readonly kind: 'naive' };

export interface Sweep {
  /** By the part's clock; `concludeSeconds` of it after the last target. */
  readonly seconds: number;
  readonly concludeSeconds: number;
  /** Seconds of processor time. */
  readonly cpu: number;
  /** Largest resident set since the start, MiB. */
  readonly peakMiB: number;
  readonly node: string;
  readonly sesCalls: number;
  readonly stsCalls: number;
  readonly dnsQuestions: number;
  readonly healthy: number;
  readonly broken: number;
  readonly unknown: number;
  readonly gaps: number;
  /** Targets whose inventory was ever complete, and those that were read completely in this sweep. */
  readonly complete: number;
  readonly readAnew: number;
  /** Identities whose details have never been read. */
  readonly undetailed: number;
  /** Lines of the log, and their characters without what the logger adds to each. */
  readonly logLines: number;
  readonly logCharacters: number;
  /** Bytes sent to the bucket, compressed as they are. */
  readonly writtenBytes: number;
  readonly metrics: readonly string[];
  readonly troubles: readonly string[];
}

const SCHEDULE_MS = 300_000;
/** The function's time limit without the last 90 s, and the share of the schedule that reading SES may take (lambda/sweep-plan.ts). */
const LIMIT_MS = 810_000;
const INVENTORY_MS = 180_000;

interface Room {
  readonly open: SweepOpen;
  readonly clock: BenchClock;
  readonly targets: readonly Target[];
}

let room: Room | undefined;

serve(async (message: SweepMessage): Promise<Sweep | Pick<Sweep, 'seconds' | 'cpu'> | 'open'> => {
  if (message.kind === 'open') {
    room = await open(message);
    return 'open';
  }
  if (room === undefined) throw new Error('nothing was opened');
  return message.kind === 'sweep' ? sweep(room, message) : naive(room);
});

async function open(message: SweepOpen): Promise<Room> {
  const { endpoint, accessKeyId, secretAccessKey, clockPort } = message.aws;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: message.estate.regions[0],
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  const announce = await timeLine(clockPort);
  const clock = message.clock === 'leaping' ? leapingClock(announce, message.aheadMs) : realClock(announce, message.aheadMs);
  delayRequests(clock, message.delayMs);
  const targets = targetsOf(message.estate).map(({ account, region }): Target => {
    const [a, r] = [parseAccountId(account), parseRegion(region)];
    if (!a.ok || !r.ok) throw new Error(`the bench has a bad target ${account}/${region}`);
    return { account: a.value, region: r.value };
  });
  return { open: message, clock, targets };
}

async function timeLine(port: number): Promise<Announce> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return (ms) =>
    new Promise((resolve) => {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(ms);
      socket.once('data', () => resolve());
      socket.write(bytes);
    });
}

let writtenBytes = 0;

/** Every SDK client of this process sends through this class: here the line's delay is put in, on the clock of the bench. */
function delayRequests(clock: BenchClock, delayMs: number): void {
  const handle = NodeHttpHandler.prototype.handle;
  NodeHttpHandler.prototype.handle = async function delayed(...request) {
    await clock.sleep(delayMs);
    const [{ method, body }] = request;
    if (method === 'PUT' && body instanceof Uint8Array) writtenBytes += body.byteLength;
    return clock.during(() => handle.apply(this, request));
  };
}

/** Processor time and clock of some work. */
async function measured<T>(clock: BenchClock, work: () => Promise<T>): Promise<{ result: T; seconds: number; cpu: number }> {
  const before = process.cpuUsage();
  const began = clock.now();
  const result = await work();
  const seconds = (clock.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { result, seconds, cpu: (user + system) / 1e6 };
}

async function sweep({ open: { estate, internet, clock: kind }, clock, targets }: Room, once: SweepOnce): Promise<Sweep> {
  await clock.advance(once.afterMs);
  const pace = { perServerPerSecond: once.perServer, resolverPerSecond: once.resolvers };
  const dns: Dns =
    kind === 'real' && internet !== undefined
      ? openDns({ ...internet, resolvers: [internet.resolver], port: 53, allowPrivateNameServers: false, clock: clock.now, pace })
      : rightDns(clock.now);
  const accounts = [...new Set(targets.map(({ account }) => account))].map((id) => ({ id, roleName: ROLE }));
  const [home] = targets;
  if (home === undefined || home.account !== HUB) throw new Error('the hub is no target');
  const inventory = openInventory({
    accounts,
    homeAccount: home.account,
    ratePerSecond: once.callsPerSecond,
    clock: clock.now,
    sleep: clock.sleep,
  });
  const log = { lines: 0, characters: 0 };
  let lastTargetAt = clock.now();
  let metrics: readonly string[] = [];
  const world: SweepWorld = {
    dns,
    inventory,
    memory: s3Memory({ client: new S3Client({}), bucket: BUCKET }),
    channel: nullChannel(),
    clock: clock.now,
    sleep: clock.sleep,
    randomLabel: () => 'x4f81ac0b2d6e',
    log: (level, event, fields) => {
      log.lines += 1;
      if (event === 'target-swept') lastTargetAt = clock.now();
      log.characters += JSON.stringify({ level, message: event, ...fields }).length;
    },
    metrics: (values) => {
      metrics = Object.keys(values);
    },
  };
  const now = clock.now();
  const writtenBefore = writtenBytes;
  const plan = {
    targets,
    regionMayBeOff: false,
    keys: [],
    policy: { remindEveryMs: 86_400_000, minimumSeverity: 'warning' as const, mute: [] },
    inventoryEveryMs: 3_600_000,
    scheduleMs: SCHEDULE_MS,
    inventoryMs: INVENTORY_MS,
    sesCallsPerSecond: once.callsPerSecond,
    confirmAfterMs: 45_000,
    until: now + LIMIT_MS,
    leaseUntil: now + LIMIT_MS + 90_000,
    toPaste: false,
    owner: `sweep-${now}`,
  };
  const { result: outcome, seconds, cpu } = await measured(clock, () => runSweep(plan, world));
  const concludeSeconds = (clock.now() - lastTargetAt) / 1000;
  dns.close();
  inventory.close();
  if (outcome.kind !== 'swept') throw new Error(`the sweep was held by ${outcome.owner} in an estate of ${estate.identities}`);
  const { report, troubles } = outcome;
  const { healthy, broken, unknown } = report.summary;
  return {
    seconds,
    concludeSeconds,
    cpu,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    node: process.version,
    ...report.cost,
    healthy,
    broken,
    unknown,
    gaps: report.targets.filter(({ gap }) => gap !== undefined).length,
    complete: report.targets.filter(({ inventoryAt }) => inventoryAt !== undefined).length,
    undetailed: report.targets.reduce((sum, { undetailed = 0 }) => sum + undetailed, 0),
    readAnew: report.targets.filter(({ inventoryAt }) => inventoryAt !== undefined && Date.parse(inventoryAt) >= now).length,
    logLines: log.lines,
    logCharacters: log.characters,
    writtenBytes: writtenBytes - writtenBefore,
    metrics,
    troubles,
  };
}

async function naive({ clock, targets }: Room): Promise<Pick<Sweep, 'seconds' | 'cpu'>> {
  const all = targets.map(({ account, region }) => ({
    account,
    region,
    ...(account === HUB ? {} : { roleArn: `arn:aws:iam::${account}:role/${ROLE}` }),
  }));
  const { seconds, cpu } = await measured(clock, () => readNaively(all, all.length, clock));
  return { seconds, cpu };
}
