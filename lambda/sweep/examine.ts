// Asks DNS about many identities in four steps: a quick look at all, the full panel for what looks wrong, one pause for all of it, and a second round.
import { besideName, doubledNames, looksRight, panelQuestions, quickQuestions } from '../dkim/questions.ts';
import type { DnsEvidence, IdentityHistory, RecordEvidence } from '../model/evidence.ts';
import type { Expectation, ExpectedRecord } from '../model/expectation.ts';
import type { Delegation, Lookup, NameServer, Question } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import { dnsName } from '../model/names.ts';
import { inParallel } from './in-parallel.ts';
import type { Clock, Dns, Progress, Sleep } from './ports.ts';

/** One identity to be examined. */
export interface Examinee {
  readonly key: string;
  readonly expectation: Extract<Expectation, { kind: 'records' }>;
  readonly history: IdentityHistory | undefined;
  /** True if an alert is open or suspected: only a healthy full panel may recover it, or rotation over servers would open and close it for ever. */
  readonly fullPanel: boolean;
}

export interface ExamineWorld {
  readonly dns: Dns;
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** Milliseconds before a doubtful answer is asked for again. */
  readonly confirmAfterMs: number;
  /** Milliseconds since the epoch at which everything left becomes "out of time". */
  readonly until: number;
  /** Moves over the sweeps, so that each sweep asks another server first. */
  readonly rotation: number;
  /** A label nobody has published, for the wildcard probe. */
  readonly randomLabel: () => string;
  readonly progress?: (event: Omit<Parameters<Progress>[0], 'target'>) => void;
}

/** Identities in progress at once. The DNS room paces the questions; this only bounds memory. */
const PARALLEL = 400;
/** Servers asked for the probes beside the records: they only need somebody who answers. */
const PROBE_SERVERS = 2;

/** Evidence by examinee key. Every examinee gets an entry. */
export async function examine(examinees: readonly Examinee[], world: ExamineWorld): Promise<ReadonlyMap<string, DnsEvidence>> {
  const found = new Map<string, DnsEvidence>();
  const doubtful: Examinee[] = [];
  let done = 0;
  await inParallel(examinees, PARALLEL, async (examinee) => {
    const quick = outOfTime(world) ? undefined : await quickLook(examinee, world);
    if (quick?.right === true && !examinee.fullPanel) found.set(examinee.key, quick.evidence);
    else doubtful.push(examinee);
    done += 1;
    world.progress?.({ stage: 'dns', done, of: examinees.length });
  });
  const unconfirmed: Examinee[] = [];
  await inParallel(doubtful, PARALLEL, async (examinee) => {
    const panel = outOfTime(world) ? OUT_OF_TIME : await fullPanel(examinee, world);
    found.set(examinee.key, panel);
    if (!panel.confirmed && panel.outOfTime !== true) unconfirmed.push(examinee);
  });
  if (unconfirmed.length === 0) return found;
  world.progress?.({ stage: 'confirm', done: 0, of: unconfirmed.length });
  if (world.clock() + world.confirmAfterMs < world.until) await world.sleep(world.confirmAfterMs);
  await inParallel(unconfirmed, PARALLEL, async (examinee) => {
    const first = found.get(examinee.key) ?? OUT_OF_TIME;
    found.set(examinee.key, outOfTime(world) ? { ...first, outOfTime: true } : await secondRound(examinee, first, world));
  });
  return found;
}

const OUT_OF_TIME: DnsEvidence = { level: 'none', records: [], soa: [], soaConfirmation: [], confirmed: false, outOfTime: true };

const outOfTime = (world: ExamineWorld): boolean => world.clock() >= world.until;

/** Delegation is asked for `_domainkey.<domain>`: that label may be a zone of its own. */
const domainKeyName = (domain: DnsName): DnsName => dnsName(`_domainkey.${domain}`);

/** One server, one question a record. */
async function quickLook(examinee: Examinee, world: ExamineWorld): Promise<{ right: boolean; evidence: DnsEvidence }> {
  const delegation = await world.dns.delegation(domainKeyName(examinee.expectation.domain));
  const evidence: DnsEvidence = { level: 'quick', delegation, records: [], soa: [], soaConfirmation: [], confirmed: true };
  if (delegation.kind !== 'delegated' || delegation.servers.length === 0) return { right: false, evidence };
  // Another server each sweep, and not the same one for all the domains of a hoster: politeness to one server sets the time of a sweep.
  const server = delegation.servers[(world.rotation + spread(examinee.key)) % delegation.servers.length];
  if (server === undefined) return { right: false, evidence };
  const records = await Promise.all(
    quickQuestions(examinee.expectation).map(async ({ record, question }) => empty(record, [await world.dns.ask(server, question)])),
  );
  const right = records.every(({ record, lookups }) => lookups.every((lookup) => looksRight(lookup, record)));
  return { right, evidence: { ...evidence, records } };
}

/** A number that is always the same for a name. */
function spread(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i += 1) hash = (hash * 31 + name.charCodeAt(i)) % 1_000_003;
  return hash;
}

function empty(record: ExpectedRecord, lookups: readonly Lookup[]): RecordEvidence {
  return { record, lookups, confirmation: [], doubled: [], beside: [], besideDoubled: [], resolvers: [] };
}

/** Every server, the resolvers, the doubled names and the wildcard probes, with the delegation looked up anew: the domain may have moved. */
async function fullPanel(examinee: Examinee, world: ExamineWorld): Promise<DnsEvidence> {
  const delegation = await freshDelegation(examinee.expectation.domain, world);
  if (delegation.kind !== 'delegated') {
    const confirmed = delegation.kind === 'unknown' || examinee.history?.wrongConfirmed === true;
    return { level: 'panel', delegation, records: [], soa: [], soaConfirmation: [], confirmed };
  }
  const { servers, apex } = delegation;
  const soa = await askAll(world.dns, servers, [{ name: apex, type: 'SOA' }]);
  const records = await Promise.all(
    examinee.expectation.records.map((record) => recordPanel(record, examinee.expectation.domain, apex, servers, world)),
  );
  const doubtful = records.some(isDoubtful);
  const confirmed = !doubtful || wasConfirmed(examinee.history, records);
  if (doubtful) world.dns.forget(apex);
  return { level: 'panel', delegation, records, soa, soaConfirmation: [], confirmed };
}

/** What an earlier sweep of the same spell confirmed is not awaited again; an absence that is new is. */
function wasConfirmed(history: IdentityHistory | undefined, records: readonly RecordEvidence[]): boolean {
  if (history?.absenceConfirmed === true) return true;
  return history?.wrongConfirmed === true && !records.some(({ lookups }) => lookups.some(({ outcome }) => outcome.kind === 'absent'));
}

/** Nobody shows the record right, or somebody says otherwise. A server that is merely silent or lame beside one that is right is no doubt about the record. */
function isDoubtful({ record, lookups }: RecordEvidence): boolean {
  const asked = lookups.filter(({ question }) => question.type === 'TXT');
  const others = asked.filter((lookup) => !looksRight(lookup, record));
  return others.length === asked.length || others.some(({ outcome }) => outcome.kind === 'answer' || outcome.kind === 'absent');
}

async function freshDelegation(domain: DnsName, world: ExamineWorld): Promise<Delegation> {
  return world.dns.delegation(domainKeyName(domain), { fresh: true });
}

async function recordPanel(
  record: ExpectedRecord,
  domain: DnsName,
  apex: DnsName,
  servers: readonly NameServer[],
  world: ExamineWorld,
): Promise<RecordEvidence> {
  const { dns } = world;
  const some = servers.slice(0, PROBE_SERVERS);
  const label = world.randomLabel();
  const both = (name: DnsName): Question[] => [
    { name, type: 'TXT' },
    { name, type: 'CNAME' },
  ];
  const lookups = await askAll(dns, servers, panelQuestions(record));
  if (lookups.filter((l) => l.question.type === 'TXT').every((lookup) => looksRight(lookup, record))) return empty(record, lookups);
  const doubledAt = doubledNames(record, domain, apex);
  const [doubled, beside, besideDoubled, resolvers] = await Promise.all([
    askAll(dns, some, doubledAt.flatMap(both)),
    askAll(dns, some, both(besideName(domain, label))),
    askAll(dns, some, doubledAt.flatMap((name) => neighbour(name, label)).flatMap(both)),
    dns.askResolvers({ name: record.name, type: 'TXT' }),
  ]);
  return { record, lookups, confirmation: [], doubled, beside, besideDoubled, resolvers };
}

/** The same name with its first label replaced by one that nobody has published. */
function neighbour(name: DnsName, label: string): readonly DnsName[] {
  const parent = name.slice(name.indexOf('.') + 1);
  return parent.length + 1 + label.length <= 253 ? [dnsName(`${label}.${parent}`)] : [];
}

/** The same questions again on new sockets, of everybody. A domain said to be gone is looked up again. */
async function secondRound(examinee: Examinee, first: DnsEvidence, world: ExamineWorld): Promise<DnsEvidence> {
  if (first.delegation?.kind !== 'delegated') {
    const again = await freshDelegation(examinee.expectation.domain, world);
    // Gone twice is gone; back again in between is for the next sweep to judge.
    return again.kind === 'gone'
      ? { ...first, delegation: again, confirmed: true }
      : { ...first, delegation: again.kind === 'unknown' ? again : changedItsMind(again), confirmed: true };
  }
  const { servers, apex } = first.delegation;
  const soaConfirmation = await askAll(world.dns, servers, [{ name: apex, type: 'SOA' }], true);
  const records = await Promise.all(
    first.records.map(async (evidence) => ({
      ...evidence,
      confirmation: await askAll(world.dns, servers, panelQuestions(evidence.record), true),
    })),
  );
  return { ...first, records, soaConfirmation, confirmed: true };
}

function changedItsMind(now: Delegation): Delegation {
  return {
    kind: 'unknown',
    why: 'resolver-failed',
    detail: `the delegation was missing and came back within one sweep (${now.kind})`,
    lookups: [],
  };
}

async function askAll(
  dns: Dns,
  servers: readonly NameServer[],
  questions: readonly Question[],
  newSocket = false,
): Promise<readonly Lookup[]> {
  return Promise.all(questions.flatMap((question) => servers.map((server) => dns.ask(server, question, newSocket ? { newSocket } : {}))));
}
