// The full panel about one identity: every server, the resolvers, the doubled names and the wildcard probe; and the second round that confirms it.
import { besideName, doubledNames, looksRight, panelQuestions } from '../dkim/questions.ts';
import type { DnsEvidence, IdentityHistory, RecordEvidence } from '../model/evidence.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { Delegation, Lookup, NameServer, Question } from '../model/lookup.ts';
import { type DnsName, dnsName } from '../model/names.ts';
import type { Examinee, ExamineWorld } from './examine.ts';
import type { Dns } from './ports.ts';

/** Delegation is asked for `_domainkey.<domain>`: that label may be a zone of its own. */
export const domainKeyName = (domain: DnsName): DnsName => dnsName(`_domainkey.${domain}`);

/** The first round, with the delegation looked up anew: the domain may have moved. `confirmed` is false if a second round is needed. */
export async function fullPanel(examinee: Examinee, world: ExamineWorld): Promise<DnsEvidence> {
  const { expectation, history } = examinee;
  const { dns } = world;
  const delegation = await dns.delegation(domainKeyName(expectation.domain), { fresh: true });
  if (delegation.kind !== 'delegated') {
    const confirmed = delegation.kind === 'unknown' || history?.wrongConfirmed === true;
    return { level: 'panel', delegation, records: [], soa: [], soaConfirmation: [], confirmed };
  }
  const { servers, apex } = delegation;
  const soa = await askAll(dns, servers, [{ name: apex, type: 'SOA' }]);
  const asked = await Promise.all(expectation.records.map(async (record) => without(record, await askRecord(dns, servers, record))));
  const doubtful = asked.filter(isDoubtful);
  const odd = asked.filter(({ record, lookups }) => !isRight(record, lookups));
  const beside = odd.length > 0 ? await askSomebody(dns, voices(odd, servers), besideName(expectation.domain, world.randomLabel())) : [];
  const records = await Promise.all(
    asked.map((evidence) => (odd.includes(evidence) ? probed(evidence, { beside, apex, servers }, examinee, world) : evidence)),
  );
  if (doubtful.length > 0) dns.forget(apex);
  return {
    level: 'panel',
    delegation,
    records,
    soa,
    soaConfirmation: [],
    confirmed: doubtful.every((evidence) => wasConfirmed(history, evidence)),
  };
}

/** The same questions again on new sockets, of everybody. A domain said to be gone is looked up again. */
export async function secondRound(examinee: Examinee, first: DnsEvidence, world: ExamineWorld): Promise<DnsEvidence> {
  const { dns } = world;
  if (first.delegation?.kind !== 'delegated') {
    const again = await dns.delegation(domainKeyName(examinee.expectation.domain), { fresh: true });
    // Gone twice is gone; back again in between is for the next sweep to judge.
    const delegation = again.kind === 'delegated' ? changedItsMind(again) : again;
    return { ...first, delegation, confirmed: true };
  }
  const { servers, apex } = first.delegation;
  const soaConfirmation = await askAll(dns, servers, [{ name: apex, type: 'SOA' }], true);
  const records = await Promise.all(
    first.records.map(async (evidence) => ({ ...evidence, confirmation: await askRecord(dns, servers, evidence.record, true) })),
  );
  return { ...first, records, soaConfirmation, confirmed: true };
}

function changedItsMind(now: Delegation): Delegation {
  return {
    kind: 'unknown',
    why: 'resolver-failed',
    detail: `The delegation was missing and came back within one sweep (${now.kind}).`,
    lookups: [],
  };
}

const without = (record: ExpectedRecord, lookups: readonly Lookup[]): RecordEvidence => ({
  record,
  lookups,
  confirmation: [],
  doubled: [],
  beside: [],
  besideDoubled: [],
  resolvers: [],
});

const txtOf = (lookups: readonly Lookup[]): readonly Lookup[] => lookups.filter(({ question }) => question.type === 'TXT');

/** Every server shows the record right. */
const isRight = (record: ExpectedRecord, lookups: readonly Lookup[]): boolean =>
  txtOf(lookups).every((lookup) => looksRight(lookup, record));

/** Nobody shows the record right, or somebody says otherwise. A server that is merely silent or lame beside one that is right is no doubt about the record. */
function isDoubtful({ record, lookups }: RecordEvidence): boolean {
  const asked = txtOf(lookups);
  const others = asked.filter((lookup) => !looksRight(lookup, record));
  return others.length === asked.length || others.some(({ outcome }) => outcome.kind === 'answer' || outcome.kind === 'absent');
}

/** What an earlier sweep of the same spell confirmed of this record is not awaited again; an absence that is new is. */
function wasConfirmed(history: IdentityHistory | undefined, { record, lookups }: RecordEvidence): boolean {
  if (history?.absentRecords?.includes(record.name) === true) return true;
  return history?.wrongConfirmed === true && !lookups.some(({ outcome }) => outcome.kind === 'absent');
}

/** TXT of every server; CNAME only of those whose TXT answer leaves it open, since a name that does not exist has neither. */
async function askRecord(dns: Dns, servers: readonly NameServer[], record: ExpectedRecord, newSocket = false): Promise<readonly Lookup[]> {
  const each = await Promise.all(
    servers.map(async (server) => {
      const lookups: Lookup[] = [];
      for (const question of panelQuestions(record)) {
        if (question.type === 'CNAME' && settles(lookups[0], record)) continue;
        lookups.push(await dns.ask(server, question, newSocket ? { newSocket } : {}));
      }
      return lookups;
    }),
  );
  return each.flat();
}

function settles(txt: Lookup | undefined, record: ExpectedRecord): boolean {
  if (txt === undefined) return false;
  const { outcome } = txt;
  if (outcome.kind === 'absent') return outcome.how === 'nxdomain';
  return (
    looksRight(txt, record) ||
    (outcome.kind === 'answer' && outcome.records.some(({ type, name }) => type === 'CNAME' && name === record.name))
  );
}

interface Around {
  readonly beside: readonly Lookup[];
  readonly apex: DnsName;
  readonly servers: readonly NameServer[];
}

/** Where else the record may be, and whether we are fooled: a TXT question shows a CNAME as well. */
async function probed(
  evidence: RecordEvidence,
  { beside, apex, servers }: Around,
  examinee: Examinee,
  world: ExamineWorld,
): Promise<RecordEvidence> {
  const { dns } = world;
  const { record } = evidence;
  const speakers = voices([evidence], servers);
  const [resolvers, ...perName] = await Promise.all([
    dns.askResolvers({ name: record.name, type: 'TXT' }),
    ...doubledNames(record, examinee.expectation.domain, apex).map(async (name) => {
      const doubled = await askSomebody(dns, speakers, name);
      // Only what was found there needs the question whether everything is found there.
      const found = doubled.some(({ outcome }) => outcome.kind === 'answer');
      return { doubled, beside: found ? await askSomebody(dns, speakers, neighbour(name, world.randomLabel())) : [] };
    }),
  ]);
  return {
    ...evidence,
    beside,
    resolvers,
    doubled: perName.flatMap(({ doubled }) => doubled),
    besideDoubled: perName.flatMap((one) => one.beside),
  };
}

/** The servers that said something in the first round, others after them: probes only need somebody who answers. */
function voices(evidence: readonly RecordEvidence[], servers: readonly NameServer[]): readonly NameServer[] {
  const spoke = new Set(
    evidence.flatMap(({ lookups }) =>
      lookups.flatMap(({ server, outcome }) => (outcome.kind === 'answer' || outcome.kind === 'absent' ? [server.address] : [])),
    ),
  );
  return [...servers.filter(({ address }) => spoke.has(address)), ...servers.filter(({ address }) => !spoke.has(address))];
}

/** Servers tried for one probe. */
const PROBE_TRIES = 2;

/** Asks TXT at the name of one server after the other until one gives an answer. */
async function askSomebody(dns: Dns, servers: readonly NameServer[], name: DnsName): Promise<readonly Lookup[]> {
  const lookups: Lookup[] = [];
  for (const server of servers.slice(0, PROBE_TRIES)) {
    const lookup = await dns.ask(server, { name, type: 'TXT' });
    lookups.push(lookup);
    if (lookup.outcome.kind === 'answer' || lookup.outcome.kind === 'absent') break;
  }
  return lookups;
}

/** The same name with its first label replaced by one that nobody has published; cut where it would be too long. */
function neighbour(name: DnsName, label: string): DnsName {
  const parent = name.slice(name.indexOf('.') + 1);
  return dnsName(`${label.slice(0, Math.max(1, 252 - parent.length))}.${parent}`);
}

async function askAll(
  dns: Dns,
  servers: readonly NameServer[],
  questions: readonly Question[],
  newSocket = false,
): Promise<readonly Lookup[]> {
  return Promise.all(questions.flatMap((question) => servers.map((server) => dns.ask(server, question, newSocket ? { newSocket } : {}))));
}
