// A part of the DNS bench: examines the whole estate as a sweep does, and judges every identity.
import { setTimeout as wait } from 'node:timers/promises';
import { diagnose } from '../lambda/diagnosis/diagnose.ts';
import { expectationOf } from '../lambda/dkim/expectation.ts';
import { openDns } from '../lambda/dns/open-dns.ts';
import type { DnsEvidence, IdentityHistory } from '../lambda/model/evidence.ts';
import type { Identity } from '../lambda/model/identity.ts';
import { dnsName, parseAccountId, parseRegion } from '../lambda/model/names.ts';
import { type Examinee, examine } from '../lambda/sweep/examine.ts';
import type { Dns } from '../lambda/sweep/ports.ts';
import { worldLookEveryMs } from '../lambda/sweep/world-look.ts';
import { tokensFor } from '../sandbox/aws/identities.ts';
import { domainOf, type Estate, isBroken, REGION } from './dns-estate.ts';
import { serve } from './dns-process.ts';
import type { Opened } from './dns-slow-internet.ts';

export type SweepMessage =
  | {
      readonly kind: 'open';
      readonly estate: Estate;
      readonly internet: Opened;
      readonly perSecond: number;
      /** Questions a second to the resolvers (default: the room's own pace). */
      readonly resolverPerSecond?: number;
      readonly cache: string | undefined;
    }
  | {
      readonly kind: 'sweep';
      readonly rotation: number;
      /** True: every identity was looked at through the resolvers before, each at a time of its own. */
      readonly known: boolean;
      /** Milliseconds for the whole (default ten minutes), and before the second round (default one second). */
      readonly untilMs?: number;
      readonly confirmAfterMs?: number;
    };

export interface Swept {
  /** Until each identity was looked at once, and until each was judged: panels and second rounds included. */
  readonly lookedSeconds: number;
  readonly seconds: number;
  readonly questions: number;
  readonly healthy: number;
  readonly missing: number;
  readonly unknown: number;
  /** Identities whose verdict is not what was done to them, in words; the first ones. */
  readonly wrong: readonly string[];
  /** Seconds of processor time. */
  readonly cpu: number;
  /** Largest resident set since the start, MiB. */
  readonly peakMiB: number;
  readonly node: string;
  /** What is kept for the next sweep, as JSON. */
  readonly cache: string;
}

interface Room {
  readonly estate: Estate;
  readonly dns: Dns;
}

let room: Room | undefined;

serve(async (message: SweepMessage): Promise<Swept | 'open'> => {
  if (message.kind === 'open') {
    const { estate, internet, perSecond, resolverPerSecond, cache } = message;
    const pace = { perServerPerSecond: perSecond, resolverPerSecond };
    const dns = openDns({ ...internet, resolvers: [internet.resolver], port: 53, allowPrivateNameServers: false, clock: Date.now, pace });
    if (cache !== undefined) dns.importCache(JSON.parse(cache));
    room = { estate, dns };
    return 'open';
  }
  if (room === undefined) throw new Error('nothing was opened');
  return sweep(room, message);
});

const NOW = '2026-06-01T00:00:00.000Z';

function identityOf(customer: number): Identity {
  const [account, region] = [parseAccountId('111111111111'), parseRegion(REGION)];
  if (!account.ok || !region.ok) throw new Error('the bench has a bad account or region');
  const domain = domainOf(customer);
  return {
    account: account.value,
    region: region.value,
    identity: domain,
    type: 'domain',
    domain: dnsName(domain),
    method: 'easy',
    tokens: tokensFor(domain, REGION),
    hostedZone: dnsName('dkim.amazonses.com'),
    ses: { status: 'SUCCESS', signing: true, readAt: NOW },
    tags: {},
  };
}

async function sweep(
  { estate, dns }: Room,
  { rotation, known, untilMs = 600_000, confirmAfterMs = 1000 }: Extract<SweepMessage, { kind: 'sweep' }>,
): Promise<Swept> {
  const identities = Array.from({ length: estate.customers }, (_, i) => identityOf(i));
  const examinees = identities.flatMap((identity, i): Examinee[] => {
    const expectation = expectationOf(identity, []);
    const history = known ? seenBefore(identity.identity, i / identities.length) : undefined;
    return expectation.kind === 'records' ? [{ key: identity.identity, expectation, history, fullPanel: false }] : [];
  });
  const before = dns.questions();
  const cpu = process.cpuUsage();
  const began = performance.now();
  let lookedSeconds = Number.NaN;
  const evidence = await examine(examinees, {
    dns,
    clock: Date.now,
    sleep: async (ms) => void (await wait(ms)),
    confirmAfterMs,
    until: Date.now() + untilMs,
    rotation,
    firstLookShare: EVERY_MS / 3_600_000,
    randomLabel: () => 'x4f81ac0b2d6e',
    progress: ({ stage, done, of }) => {
      if (stage === 'dns' && done === of) lookedSeconds = (performance.now() - began) / 1000;
    },
  });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const verdicts = identities.map((identity) => verdictOf(identity, evidence.get(identity.identity)));
  const expected = (i: number): string => (isBroken(i, estate) ? 'broken record-missing' : 'healthy');
  return {
    lookedSeconds,
    seconds,
    questions: dns.questions() - before,
    healthy: verdicts.filter((verdict) => verdict === 'healthy').length,
    missing: verdicts.filter((verdict) => verdict.startsWith('broken record-missing')).length,
    unknown: verdicts.filter((verdict) => verdict === 'unknown').length,
    wrong: verdicts.flatMap((verdict, i) => (verdict.startsWith(expected(i)) ? [] : [`${domainOf(i)}: ${verdict}`])).slice(0, 20),
    cpu: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    node: process.version,
    cache: JSON.stringify(dns.exportCache()),
  };
}

/** The default schedule. */
const EVERY_MS = 5 * 60_000;

/** Looked at through the resolvers so long ago, as a share of the time from one such look to the next, that some are due in this sweep. */
function seenBefore(key: string, share: number): IdentityHistory {
  const ago = share * worldLookEveryMs(key) + EVERY_MS;
  return { firstSeenAt: NOW, unknownSweeps: 0, worldAskedAt: new Date(Date.now() - ago).toISOString() };
}

function verdictOf(identity: Identity, dns: DnsEvidence | undefined): string {
  if (dns === undefined) return 'not examined';
  const diagnosis = diagnose({ identity, expectation: expectationOf(identity, []), dns, history: undefined, now: NOW });
  return diagnosis.kind === 'broken' ? `broken ${diagnosis.findings.map(({ kind }) => kind).join(' ')}` : diagnosis.kind;
}
