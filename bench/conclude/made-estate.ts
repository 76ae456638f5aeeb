// A made estate: what a run of very many identities would have left in the bucket, written when it is read, and a world that counts what is asked of it.
import { gunzipSync, gzipSync } from 'node:zlib';
import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { expectationOf } from '../../lambda/dkim/expectation.ts';
import { type DnsEvidence, firstEvidence } from '../../lambda/model/evidence.ts';
import type { Identity, Target } from '../../lambda/model/identity.ts';
import { type AccountId, dnsName, type Region } from '../../lambda/model/names.ts';
import type { IdentityResult, TargetReport } from '../../lambda/model/report.ts';
import { STEPS_CUT } from '../../lambda/settings.ts';
import { concludeRun } from '../../lambda/steps/conclude-run.ts';
import { makeItems } from '../../lambda/steps/make-items.ts';
import { type PartBlob, type Run, runPlanKey, type TargetsBlob } from '../../lambda/steps/run.ts';
import type { SweepPlan, SweepWorld } from '../../lambda/sweep/run-sweep.ts';

const NOW = '2026-03-01T00:00:00.000Z';
const REGIONS = ['eu-west-1', 'us-east-1', 'eu-central-1', 'ap-southeast-2', 'us-west-2'];
/** One in so many is broken. */
const BROKEN = 1_000;

export interface Measured {
  readonly targets: number;
  readonly broken: number;
  readonly reads: number;
  readonly seconds: number;
  /** Of the processor, without what it took to make the estate. */
  readonly cpuSeconds: number;
  readonly peakHeapMiB: number;
  readonly peakRssMiB: number;
  readonly parts: number;
}

/** Two thirds of the identities in small targets of 200, the rest in large ones of 10,000. */
function targetsOf(identities: number): readonly { readonly target: Target; readonly size: number }[] {
  const large = Math.floor(identities / 3 / 10_000);
  const small = Math.ceil((identities - large * 10_000) / 200);
  return Array.from({ length: large + small }, (_, i) => ({
    target: {
      account: String(100_000_000_000 + Math.floor(i / REGIONS.length)) as AccountId,
      region: REGIONS[i % REGIONS.length] as Region,
    },
    size: i < large ? 10_000 : 200,
  }));
}

function madeResult(target: Target, i: number): IdentityResult {
  const domain = `customer-${i}.${target.account}-${target.region}.example`;
  const identity: Identity = {
    ...target,
    identity: domain,
    type: 'domain',
    domain: dnsName(domain),
    method: 'easy',
    tokens: ['a', 'b', 'c'].map((letter) => `${letter}${i}`.padEnd(32, letter)),
    hostedZone: dnsName('dkim.amazonses.com'),
    ses: { status: 'SUCCESS', signing: true, verifiedForSending: true, readAt: NOW },
    tags: {},
  };
  const expectation = expectationOf(identity, []);
  const dns = i % BROKEN === 7 ? lost(identity) : undefined;
  const history = { firstSeenAt: NOW, unknownSweeps: 0, last: 'healthy' as const };
  return {
    identity,
    expectation,
    diagnosis: dns === undefined ? { kind: 'healthy', findings: [] } : diagnose({ identity, expectation, dns, history, now: NOW }),
    history,
    was: 'healthy',
    panel: false,
    zone: domain,
    nameServers: [1, 2].map((n) => `ns${n}.hoster-${i % 50}.example`),
  };
}

/** All three records are gone, by the word of the domain's one server, twice. */
function lost(identity: Identity): DnsEvidence {
  const apex = dnsName(identity.identity);
  const server = { role: 'authoritative' as const, name: dnsName('ns1.hoster.example'), address: '192.0.2.1' };
  const expectation = expectationOf(identity, []);
  const records = (expectation.kind === 'records' ? expectation.records : []).map((record) => {
    const lookup = {
      server,
      question: { name: record.name, type: 'TXT' as const },
      at: NOW,
      outcome: { kind: 'absent' as const, how: 'nxdomain' as const, aa: true, soa: apex },
    };
    return { ...firstEvidence(record, [lookup]), confirmation: [lookup] };
  });
  const soa = {
    server,
    question: { name: apex, type: 'SOA' as const },
    at: NOW,
    outcome: {
      kind: 'answer' as const,
      aa: true,
      records: [{ type: 'SOA' as const, name: apex, ttl: 60, primary: 'ns1.hoster.example', serial: 7, refresh: 3600, minimum: 60 }],
    },
  };
  return {
    level: 'panel',
    delegation: { kind: 'delegated', apex, servers: [server], unusable: [], source: 'resolver' },
    records,
    soa: [soa],
    soaConfirmation: [soa],
    confirmed: true,
  };
}

/** Concludes a run over so many identities, and says what it took. */
export async function concludeMade(identities: number): Promise<Measured> {
  const all = targetsOf(identities);
  const sizes = new Map(all.map(({ target, size }) => [`${target.account}/${target.region}`, size]));
  const items = makeItems(
    all.map(({ target }) => target),
    sizes,
    STEPS_CUT,
    false,
  );
  const run: Run = { id: 'bench', startedAt: NOW, until: Date.parse(NOW) + 1_000 };
  const none = { sesCalls: 0, stsCalls: 0, dnsQuestions: 0 };
  const size = (target: Target): number => sizes.get(`${target.account}/${target.region}`) ?? 0;
  const results = (target: Target, from: number, to: number) => Array.from({ length: to - from }, (_, i) => madeResult(target, from + i));
  let [reads, parts, broken, makingMicros] = [0, 0, 0, 0];
  const micros = ({ user, system }: NodeJS.CpuUsage): number => user + system;
  const cpu = process.cpuUsage();

  /** What the piece left, as its bytes in the bucket: made when asked for, for nobody could hold all of them. */
  function made(key: string): object | undefined {
    const [, n, what] = /^runs\/bench\/reports\/(\d+)(?:-(\w+))?$/.exec(key) ?? [];
    const item = items[Number(n)];
    if (key === runPlanKey(run)) return { schema: 1, items };
    if (item === undefined) return undefined;
    if (item.kind === 'large') {
      if (what === 'inventory') return { schema: 1, cost: none };
      const each = Math.ceil(size(item.target) / item.parts.length);
      const part = Number(what);
      const blob: PartBlob = {
        schema: 1,
        results: results(item.target, part * each, Math.min(size(item.target), (part + 1) * each)),
        cost: none,
      };
      return blob;
    }
    const targets = item.targets.map(
      (target): TargetReport => ({
        ...target,
        inventoryComplete: true,
        inventoryAt: NOW,
        results: results(target, 0, size(target)),
        unread: [],
      }),
    );
    const blob: TargetsBlob = { schema: 1, targets, cost: none };
    return blob;
  }

  /** Of a large target. */
  function remembered(key: string): object | undefined {
    const [, kind, account, region] = /^(inventory|history)\/(\d+)\/(.+)$/.exec(key) ?? [];
    const target = { account: account as AccountId, region: region as Region };
    if (kind === undefined) return undefined;
    const own = results(target, 0, size(target));
    if (kind === 'history')
      return { schema: 1, histories: Object.fromEntries(own.map(({ identity, history }) => [identity.identity, history])) };
    const inventory = { ...target, complete: true, completedAt: NOW, identities: own.map(({ identity }) => identity), unread: [] };
    return { schema: 1, inventory };
  }

  const kept = new Map<string, Buffer>();
  const began = performance.now();
  let [peakHeap, peakRss] = [0, 0];
  const look = (): void => {
    const { heapUsed, rss } = process.memoryUsage();
    peakHeap = Math.max(peakHeap, heapUsed);
    peakRss = Math.max(peakRss, rss);
  };
  const memory: SweepWorld['memory'] = {
    read: async (key) => {
      const stored = kept.get(key);
      if (stored !== undefined) {
        reads += 1;
        look();
      }
      if (stored !== undefined) return { kind: 'found', value: JSON.parse(gunzipSync(stored).toString('utf8')), version: '1' };
      const before = process.cpuUsage();
      const value = made(key) ?? remembered(key);
      if (value === undefined) return { kind: 'absent' };
      reads += 1;
      look();
      // There and back, as through the bucket; the bytes lie outside of the heap.
      kept.set(key, gzipSync(JSON.stringify(value), { level: 1 }));
      makingMicros += micros(process.cpuUsage(before));
      return { kind: 'found', value: JSON.parse(gunzipSync(kept.get(key) ?? new Uint8Array()).toString('utf8')), version: '1' };
    },
    write: async (key, value) => {
      const bytes = gzipSync(JSON.stringify(value), { level: 1 });
      look();
      if (/^reports\/.*Z-\d+$/.test(key)) parts += 1;
      if (key === 'alerts/deployment') kept.set(key, bytes);
      return { kind: 'written', version: '1' };
    },
  };
  const { summary } = await concludeRun(run, plan(), world(memory));
  broken = summary.broken;
  if (summary.healthy + summary.broken + summary.unknown !== all.reduce((sum, one) => sum + one.size, 0))
    throw new Error('identities are missing');
  const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
  return {
    targets: all.length,
    broken,
    reads,
    seconds: (performance.now() - began) / 1000,
    cpuSeconds: (micros(process.cpuUsage(cpu)) - makingMicros) / 1e6,
    peakHeapMiB: mebibytes(peakHeap),
    peakRssMiB: mebibytes(peakRss),
    parts,
  };
}

function plan(): SweepPlan {
  return {
    targets: [],
    regionMayBeOff: false,
    keys: [],
    policy: { remindEveryMs: 86_400_000, minimumSeverity: 'warning', mute: [] },
    inventoryEveryMs: 3_600_000,
    scheduleMs: 300_000,
    inventoryMs: 180_000,
    sesCallsPerSecond: 1,
    confirmAfterMs: 45_000,
    until: Date.parse(NOW) + 600_000,
    leaseUntil: Date.parse(NOW) + 900_000,
    toPaste: false,
    owner: 'bench',
  };
}

/** Nobody is asked anything here but the memory. */
function world(memory: SweepWorld['memory']): SweepWorld {
  const never = () => {
    throw new Error('the conclusion asks nothing of this');
  };
  return {
    memory,
    dns: {
      delegation: never,
      ask: never,
      askResolvers: async (question) => [
        { server: { role: 'resolver', address: '192.0.2.53' }, question, at: NOW, outcome: { kind: 'answer', aa: false, records: [] } },
      ],
      validationControl: never,
      serversNamed: never,
      forget: never,
      questions: () => 0,
      exportCache: never,
      importCache: never,
      close: never,
    },
    inventory: { refresh: never, freshen: never, readNamed: never, calls: () => ({ sesCalls: 0, stsCalls: 0 }) },
    channel: {
      publish: async () => ({ kind: 'sent', channelId: 'bench' }),
      audience: async () => ({ kind: 'known', confirmed: 1, pending: 0 }),
    },
    clock: () => Date.parse(NOW) + 300_000,
    sleep: async () => {},
    randomLabel: () => 'x',
    log: () => {},
    metrics: () => {},
  };
}
