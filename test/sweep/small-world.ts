// A small world of ports for tests of the story: DNS and SES as literals that a test changes, memory and mailbox that it reads.

import type { Identity, Inventory, Target } from '../../lambda/model/identity.ts';
import type { Delegation, DnsRecord, Lookup, NameServer, Question, Server } from '../../lambda/model/lookup.ts';
import type { Message } from '../../lambda/model/message.ts';
import { type AccountId, type DnsName, dnsName, type Region } from '../../lambda/model/names.ts';
import type { Channel, Dns, InventoryReader, Memory, MemoryRead } from '../../lambda/sweep/ports.ts';
import type { SweepPlan, SweepWorld } from '../../lambda/sweep/run-sweep.ts';

export const TARGET: Target = { account: '111111111111' as AccountId, region: 'eu-west-1' as Region };
const SERVERS = ['192.0.2.1', '192.0.2.2'];
export const START = Date.parse('2026-03-01T00:00:00Z');

/** An Easy DKIM identity that SES calls SUCCESS. */
export function easyIdentity(domain: string, target: Target = TARGET): Identity {
  return {
    ...target,
    identity: domain,
    type: 'domain',
    domain: dnsName(domain),
    method: 'easy',
    tokens: ['a', 'b', 'c'].map((letter) => letter.repeat(32)),
    hostedZone: dnsName('dkim.amazonses.com'),
    ses: { status: 'SUCCESS', signing: true, verifiedForSending: true, readAt: new Date(START).toISOString() },
    tags: {},
  };
}

/** What the small world holds; tests change it between sweeps. */
export class SmallWorld {
  now = START;
  identities: Identity[] = [];
  /** `name → CNAME target`, published on both servers of every zone. */
  readonly cnames = new Map<string, string>();
  /** Servers that do not answer. */
  readonly silent = new Set<string>();
  listing: 'complete' | 'partial' | 'refused' = 'complete';
  confirmed = 1;
  publishFails = false;
  readonly sent: Message[] = [];
  /** Exits beside the main topic by id, with what each got; absent ones are not there. */
  readonly exits = new Map<string, Message[]>();
  /** Exits that take nothing. */
  readonly deaf = new Set<string>();
  readonly blobs = new Map<string, { version: string; text: string }>();
  readonly log: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  readonly asked: string[] = [];
  sesReads = 0;
  /** Identities that were read again at once. */
  readonly freshened: string[] = [];
  /** Identities that were read because an event named them. */
  readonly named: string[] = [];
  /** Milliseconds of the small world's time that one question to a server takes; they are asked one after the other. */
  questionMs = 0;
  slept = 0;
  private written = 0;

  publish(...identities: Identity[]): void {
    for (const { tokens, domain } of identities)
      for (const token of tokens) this.cnames.set(`${token}._domainkey.${domain}`, `${token}.dkim.amazonses.com`);
  }

  world(): SweepWorld {
    return {
      dns: this.dns(),
      inventory: this.inventory(),
      memory: this.memory(),
      channel: this.channel(),
      clock: () => this.now,
      sleep: async (ms) => {
        this.slept += ms;
        this.now += ms;
      },
      randomLabel: () => 'xrandom',
      log: (_level, event, fields) => void this.log.push({ event, fields }),
      metrics: () => {},
    };
  }

  plan(overrides: Partial<SweepPlan> = {}): SweepPlan {
    return {
      targets: [TARGET],
      regionMayBeOff: false,
      keys: [],
      policy: { remindEveryMs: 86_400_000, minimumSeverity: 'warning', mute: [] },
      inventoryEveryMs: 3_600_000,
      scheduleMs: 300_000,
      inventoryMs: 180_000,
      sesCallsPerSecond: 1,
      confirmAfterMs: 1_000,
      until: this.now + 600_000,
      leaseUntil: this.now + 900_000,
      toPaste: false,
      owner: `invocation-${this.now}`,
      ...overrides,
    };
  }

  private dns(): Dns {
    const at = () => new Date(this.now).toISOString();
    const ask = (server: Server, question: Question): Lookup => {
      this.asked.push(`${server.address} ${question.type} ${question.name}`);
      return { server, question, at: at(), outcome: this.answer(server, question) };
    };
    return {
      delegation: async (name) => this.delegation(name),
      ask: async (server, question) => {
        this.now += this.questionMs;
        return ask(server, question);
      },
      askResolvers: async (question) => [ask({ role: 'resolver', address: '192.0.2.53' }, question)],
      validationControl: async () => [],
      serversNamed: async () => [],
      forget: () => {},
      questions: () => this.asked.length,
      exportCache: () => ({}),
      importCache: () => {},
      close: () => {},
    };
  }

  private delegation(name: DnsName): Delegation {
    const apex = dnsName(name.replace(/^_domainkey\./, ''));
    const servers: NameServer[] = SERVERS.map((address, i) => ({
      role: 'authoritative',
      name: dnsName(`ns${i + 1}.hoster.example`),
      address,
    }));
    return { kind: 'delegated', apex, servers, unusable: [], source: 'resolver' };
  }

  private answer(server: Server, { name, type }: Question): Lookup['outcome'] {
    if (this.silent.has(server.address)) return { kind: 'silent', how: 'timeout' };
    if (name === 'amazonses.com') return { kind: 'answer', aa: false, records: [{ type: 'NS', name, ttl: 60, value: 'ns.example' }] };
    if (type === 'SOA')
      return {
        kind: 'answer',
        aa: true,
        records: [{ type: 'SOA', name, ttl: 60, primary: 'ns1.hoster.example', serial: 7, refresh: 3600, minimum: 60 }],
      };
    if (name.startsWith('_dmarc.'))
      return { kind: 'answer', aa: false, records: [{ type: 'TXT', name, ttl: 60, strings: ['v=DMARC1; p=none'] }] };
    const target = this.cnames.get(name);
    if (target === undefined) return { kind: 'absent', how: 'nxdomain', aa: true, soa: dnsName(name.split('.').slice(-2).join('.')) };
    const record: DnsRecord = { type: 'CNAME', name, ttl: 60, value: target };
    // Only a resolver sees what stands behind it.
    const key: DnsRecord = { type: 'TXT', name: target, ttl: 60, strings: ['p=MIIBIjANBgkq'] };
    return { kind: 'answer', aa: true, records: server.role === 'resolver' ? [record, key] : [record] };
  }

  private inventory(): InventoryReader {
    return {
      refresh: async (target, previous) => {
        this.sesReads += 1;
        const at = new Date(this.now).toISOString();
        if (this.listing === 'refused') {
          const inventory: Inventory = previous ?? { ...target, complete: false, identities: [], unread: [] };
          return { inventory, gap: { reason: 'role-refused', detail: 'The role refuses.' } };
        }
        const complete = this.listing === 'complete';
        const identities = this.identities.filter((identity) => identity.region === target.region && identity.account === target.account);
        return { inventory: { ...target, complete, identities, unread: [], listedAt: at, ...(complete ? { completedAt: at } : {}) } };
      },
      readNamed: async (target, inventory, names) => {
        this.named.push(...names);
        if (this.listing === 'refused') return { inventory, gap: { reason: 'role-refused', detail: 'The role refuses.' } };
        const here = this.identities.filter(({ account, region }) => account === target.account && region === target.region);
        const others = inventory.identities.filter(({ identity }) => !names.includes(identity));
        return { inventory: { ...inventory, identities: [...others, ...here.filter(({ identity }) => names.includes(identity))] } };
      },
      freshen: async (_target, inventory, names) => {
        this.freshened.push(...names);
        return inventory;
      },
      calls: () => ({ sesCalls: this.sesReads, stsCalls: 0 }),
    };
  }

  private memory(): Memory {
    return {
      read: async (key): Promise<MemoryRead> => {
        const blob = this.blobs.get(key);
        return blob ? { kind: 'found', value: JSON.parse(blob.text), version: blob.version } : { kind: 'absent' };
      },
      write: async (key, value, expected) => {
        const current = this.blobs.get(key)?.version ?? 'absent';
        if (expected !== 'any' && expected !== current) return { kind: 'conflict' };
        this.written += 1;
        const version = `v${this.written}`;
        this.blobs.set(key, { version, text: JSON.stringify(value) });
        return { kind: 'written', version };
      },
    };
  }

  private channel(): Channel {
    return {
      publish: async (message) => {
        if (this.publishFails) return { kind: 'failed', detail: 'SNS is down' };
        this.sent.push(message);
        return { kind: 'sent', channelId: `c${this.sent.length}` };
      },
      audience: async () => ({ kind: 'known', confirmed: this.confirmed, pending: 0 }),
      exits: [...this.exits].map(([id, got]) => ({
        id,
        publish: async (message) => {
          if (this.deaf.has(id)) return { kind: 'failed', detail: `${id} is down` };
          got.push(message);
          return { kind: 'sent', channelId: `${id}${got.length}` };
        },
      })),
    };
  }
}
