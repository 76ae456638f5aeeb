// A simulated world of ports for a long run: 300 identities at a dozen DNS hosts, an SES that looks every hour, a memory and a mailbox that can fail.
import type { AlertMemory } from '../../lambda/model/alert.ts';
import type { Identity, Inventory, SesStatus, Target } from '../../lambda/model/identity.ts';
import type { Delegation, DnsRecord, Lookup, NameServer, Question, Server } from '../../lambda/model/lookup.ts';
import type { Message } from '../../lambda/model/message.ts';
import { type AccountId, type DnsName, dnsName, type Region } from '../../lambda/model/names.ts';
import type { Channel, Dns, InventoryReader, Memory, MemoryRead } from '../../lambda/sweep/ports.ts';
import type { SweepPlan, SweepWorld } from '../../lambda/sweep/run-sweep.ts';

export const START = Date.parse('2026-01-01T00:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const HOSTS = 12;
/** SES looks at each identity about once an hour, and drops what it misses for five days. */
const SES_LOOKS = HOUR;
const SES_DROPS = 5 * DAY;

export const TARGETS: readonly Target[] = [
  ['111111111111', 'eu-west-1'],
  ['111111111111', 'us-east-1'],
  ['222222222222', 'eu-west-1'],
].map(([account, region]) => ({ account: account as AccountId, region: region as Region }));

/** One identity with what SES thinks of it. */
export interface Sender {
  readonly name: string;
  readonly target: Target;
  readonly host: number;
  status: SesStatus;
  signing: boolean;
  deleted: boolean;
  checkedAt: number;
  successAt: number;
  failingSince?: number;
}

export interface Sent {
  readonly at: number;
  readonly message: Message;
  /** Identities and targets that it names, as `account/region/identity` or `account/region`. */
  readonly names: readonly string[];
}

class Killed extends Error {}

/** The whole world. Faults are switches, which the run turns. */
export class SoakWorld {
  now = START;
  readonly senders: readonly Sender[];
  /** `name → CNAME target`. */
  readonly cnames = new Map<string, string>();
  readonly silentHosts = new Set<number>();
  readonly halfSilentHosts = new Set<number>();
  /** Targets whose role refuses, as `account/region`. */
  readonly refused = new Set<string>();
  resolversFail = false;
  snsDown = false;
  /** Every second publish fails. */
  snsHalf = false;
  memoryDown = false;
  /** The sweep dies at this step of memory and channel; undefined: it lives. */
  killAt: number | undefined;
  readonly sent: Sent[] = [];
  kills = 0;
  private readonly blobs = new Map<string, { readonly version: string; readonly text: string }>();
  private written = 0;
  private step = 0;
  private publishes = 0;

  constructor(identities: number) {
    this.senders = Array.from({ length: identities }, (_, i) => ({
      name: `customer-${i}.example`,
      target: TARGETS[i % TARGETS.length] as Target,
      host: Math.floor(i / TARGETS.length) % HOSTS,
      status: 'SUCCESS',
      signing: true,
      deleted: false,
      checkedAt: START - (i % 60) * MINUTE,
      successAt: START - (i % 60) * MINUTE,
    }));
    for (const sender of this.senders) this.publish(sender);
  }

  publish(sender: Sender): void {
    for (const name of recordNames(sender)) this.cnames.set(name, rightTarget(name));
  }

  /** True if all three records are there and right. */
  isRight(sender: Sender): boolean {
    return recordNames(sender).every((name) => this.cnames.get(name) === rightTarget(name));
  }

  /** What SES does by itself until now: it looks every hour, and after five days of misses drops the set-up. */
  sesLooks(): void {
    for (const sender of this.senders) {
      if (sender.deleted || sender.status === 'FAILED') continue;
      if (this.now - sender.checkedAt < SES_LOOKS) continue;
      sender.checkedAt = this.now;
      if (this.isRight(sender)) {
        sender.status = 'SUCCESS';
        sender.successAt = this.now;
        delete sender.failingSince;
        continue;
      }
      sender.failingSince ??= this.now;
      sender.status = this.now - sender.failingSince >= SES_DROPS ? 'FAILED' : 'TEMPORARY_FAILURE';
    }
  }

  /** Whoever was dropped is set up again by its owner, with the same tokens. */
  restart(sender: Sender): void {
    if (sender.status !== 'FAILED') return;
    sender.status = 'SUCCESS';
    sender.checkedAt = this.now;
    sender.successAt = this.now;
    delete sender.failingSince;
  }

  world(): SweepWorld {
    this.step = 0;
    return {
      dns: this.dns(),
      inventory: this.inventory(),
      memory: this.memory(),
      channel: this.channel(),
      clock: () => this.now,
      sleep: async (ms) => {
        this.now += ms;
      },
      randomLabel: () => 'xrandom',
      log: () => {},
      metrics: () => {},
    };
  }

  plan(everyMs: number): SweepPlan {
    return {
      targets: TARGETS,
      regionMayBeOff: false,
      keys: [],
      policy: { remindEveryMs: DAY, minimumSeverity: 'warning', mute: [] },
      inventoryEveryMs: HOUR,
      scheduleMs: everyMs,
      inventoryMs: 3 * MINUTE,
      sesCallsPerSecond: 1,
      confirmAfterMs: 45_000,
      until: this.now + 12 * MINUTE,
      leaseUntil: this.now + 15 * MINUTE,
      toPaste: false,
      owner: `invocation-${this.now}`,
    };
  }

  /** Whom people were told of and not yet told to be well, as `account/region/identity` or `account/region`. */
  toldOf(): ReadonlySet<string> {
    const blob = [...this.blobs.entries()].find(([key]) => key.startsWith('alerts/'));
    const { alerts = {} } = blob === undefined ? {} : (JSON.parse(blob[1].text) as Partial<AlertMemory>);
    return new Set(
      Object.values(alerts).flatMap(({ key, affected, told }) => {
        if (told === undefined) return [];
        if (affected.length === 0) return [key];
        const who = affected.map(({ subject }) => `${subject.account}/${subject.region}/${subject.identity}`);
        return who.filter((name) => told.points?.some((point) => point.startsWith(`${name} `)) !== false);
      }),
    );
  }

  private async mortal<T>(effect: () => Promise<T>): Promise<T> {
    this.step += 1;
    if (this.killAt === undefined || this.step < this.killAt) return effect();
    if (this.step === this.killAt) {
      this.kills += 1;
      // Every second time after its effect, before anybody hears of it.
      if (this.kills % 2 === 0) await effect();
    }
    throw new Killed('the function was ended');
  }

  private dns(): Dns {
    const ask = (server: Server, question: Question): Lookup => ({
      server,
      question,
      at: new Date(this.now).toISOString(),
      outcome: this.answer(server, question),
    });
    return {
      delegation: async (name) => this.delegation(name),
      ask: async (server, question) => ask(server, question),
      askResolvers: async (question) => [ask({ role: 'resolver', address: '192.0.2.53' }, question)],
      validationControl: async () => [],
      serversNamed: async () => [],
      forget: () => {},
      questions: () => 0,
      exportCache: () => ({}),
      importCache: () => {},
      close: () => {},
    };
  }

  private delegation(name: DnsName): Delegation {
    const apex = dnsName(name.replace(/^_domainkey\./, ''));
    const host = this.senders.find((sender) => sender.name === apex)?.host ?? 0;
    const servers: NameServer[] = [1, 2].map((n) => ({
      role: 'authoritative',
      name: dnsName(`ns${n}.host-${host}.example`),
      address: `198.18.${host}.${n}`,
    }));
    return { kind: 'delegated', apex, servers, unusable: [], source: 'resolver' };
  }

  private answer(server: Server, { name, type }: Question): Lookup['outcome'] {
    const [, , host = '', n = ''] = (server.address ?? '').split('.');
    if (server.role === 'resolver' && this.resolversFail) return { kind: 'silent', how: 'timeout' };
    if (server.role !== 'resolver' && (this.silentHosts.has(Number(host)) || (n === '1' && this.halfSilentHosts.has(Number(host)))))
      return { kind: 'silent', how: 'timeout' };
    if (name === 'amazonses.com') return { kind: 'answer', aa: false, records: [{ type: 'NS', name, ttl: 60, value: 'ns.example' }] };
    if (type === 'SOA')
      return {
        kind: 'answer',
        aa: true,
        records: [{ type: 'SOA', name, ttl: 60, primary: `ns1.host-${host}.example`, serial: 7, refresh: 3600, minimum: 60 }],
      };
    if (name.startsWith('_dmarc.'))
      return { kind: 'answer', aa: false, records: [{ type: 'TXT', name, ttl: 60, strings: ['v=DMARC1; p=none'] }] };
    const target = this.cnames.get(name);
    const apex = dnsName(name.split('.').slice(-2).join('.'));
    if (target === undefined) return { kind: 'absent', how: 'nxdomain', aa: true, soa: apex };
    const record: DnsRecord = { type: 'CNAME', name, ttl: 60, value: target };
    const key: DnsRecord = { type: 'TXT', name: target, ttl: 60, strings: ['p=MIIBIjANBgkq'] };
    return { kind: 'answer', aa: true, records: server.role === 'resolver' && target === rightTarget(name) ? [record, key] : [record] };
  }

  private inventory(): InventoryReader {
    const iso = (ms: number): string => new Date(ms).toISOString();
    const facts = (sender: Sender): Identity => ({
      ...sender.target,
      identity: sender.name,
      type: 'domain',
      domain: dnsName(sender.name),
      method: 'easy',
      tokens: tokensOf(sender),
      hostedZone: dnsName('dkim.amazonses.com'),
      ses: {
        status: sender.status,
        signing: sender.signing,
        verifiedForSending: sender.status !== 'FAILED',
        readAt: iso(this.now),
        lastCheckedAt: iso(sender.checkedAt),
        lastSuccessAt: iso(sender.successAt),
        ...(sender.status === 'SUCCESS' ? {} : { errorType: 'TYPE_NOT_FOUND' }),
      },
      tags: {},
    });
    return {
      refresh: async (target, previous) => {
        if (this.refused.has(`${target.account}/${target.region}`)) {
          const inventory: Inventory = previous ?? { ...target, complete: false, identities: [], unread: [] };
          return { inventory, gap: { reason: 'role-refused', detail: 'The role refuses.' } };
        }
        const identities = this.senders.filter((s) => s.target === target && !s.deleted).map(facts);
        return { inventory: { ...target, complete: true, identities, unread: [], listedAt: iso(this.now), completedAt: iso(this.now) } };
      },
      // No event is played here: what sweeps find without any is what the soak is about.
      readNamed: async (_target, inventory) => ({ inventory }),
      freshen: async (target, inventory, names) => {
        if (this.refused.has(`${target.account}/${target.region}`)) return inventory;
        const wanted = new Set(names);
        const fresh = new Map(
          this.senders
            .filter((s) => s.target.account === target.account && s.target.region === target.region && wanted.has(s.name) && !s.deleted)
            .map((s) => [s.name, facts(s)]),
        );
        return { ...inventory, identities: inventory.identities.map((one) => fresh.get(one.identity) ?? one) };
      },
      calls: () => ({ sesCalls: 0, stsCalls: 0 }),
    };
  }

  private memory(): Memory {
    return {
      read: (key) =>
        this.mortal(async (): Promise<MemoryRead> => {
          if (this.memoryDown) return { kind: 'unreadable', detail: 'S3 is down' };
          const blob = this.blobs.get(key);
          return blob ? { kind: 'found', value: JSON.parse(blob.text), version: blob.version } : { kind: 'absent' };
        }),
      write: (key, value, expected) =>
        this.mortal(async () => {
          if (this.memoryDown) throw new Error('S3 is down');
          const current = this.blobs.get(key)?.version ?? 'absent';
          if (expected !== 'any' && expected !== current) return { kind: 'conflict' };
          this.written += 1;
          const version = `v${this.written}`;
          if (!key.startsWith('reports/')) this.blobs.set(key, { version, text: JSON.stringify(value) });
          return { kind: 'written', version };
        }),
    };
  }

  private channel(): Channel {
    return {
      publish: (message) =>
        this.mortal(async () => {
          this.publishes += 1;
          if (this.snsDown || (this.snsHalf && this.publishes % 2 === 0)) return { kind: 'failed', detail: 'SNS is down' };
          this.sent.push({ at: this.now, message, names: namesIn(message) });
          return { kind: 'sent', channelId: `c${this.sent.length}` };
        }),
      audience: () => this.mortal(async () => ({ kind: 'known', confirmed: 1, pending: 0 })),
    };
  }
}

function tokensOf({ name }: Sender): readonly string[] {
  const number = name.replace(/\D/g, '');
  return ['a', 'b', 'c'].map(
    (letter) => `${letter.repeat(28)}${number.padStart(4, 'x').replace(/\d/g, (d) => 'defghijklm'[Number(d)] ?? 'd')}`,
  );
}

export const recordNames = (sender: Sender): readonly string[] => tokensOf(sender).map((token) => `${token}._domainkey.${sender.name}`);
const rightTarget = (name: string): string => `${name.split('.')[0]}.dkim.amazonses.com`;

function namesIn({ json }: Message): readonly string[] {
  const {
    identities = [],
    targets = [],
    omitted = 0,
  } = JSON.parse(json) as {
    identities?: { account: string; region: string; identity: string }[];
    targets?: { account: string; region: string }[];
    omitted?: number;
  };
  const named = identities.map(({ account, region, identity }) => `${account}/${region}/${identity}`);
  return [
    ...named,
    ...(named.length === 0 ? targets.map(({ account, region }) => `${account}/${region}`) : []),
    ...(omitted > 0 ? ['and more'] : []),
  ];
}
