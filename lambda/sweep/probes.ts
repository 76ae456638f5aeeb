// The probes of a panel: where else a record may be, what stands in its place, and whether a wildcard fools us.
import { fingerprints } from '../diagnosis/server-reading.ts';
import { besideName, doubledNames, misplacedNames } from '../dkim/questions.ts';
import type { RecordEvidence } from '../model/evidence.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { Lookup, NameServer, QuestionType } from '../model/lookup.ts';
import { type DnsName, dnsName } from '../model/names.ts';
import type { Examinee, ExamineWorld } from './examine.ts';

export interface Around {
  readonly examinee: Examinee;
  readonly apex: DnsName;
  readonly servers: readonly NameServer[];
}

/** Probes for the records that did not look right everywhere; the others come back as they are. */
export async function withProbes(
  asked: readonly RecordEvidence[],
  odd: readonly RecordEvidence[],
  around: Around,
  world: ExamineWorld,
): Promise<readonly RecordEvidence[]> {
  if (odd.length === 0) return asked;
  const speakers = voices(odd, around.servers);
  const label = besideName(around.examinee.expectation.domain, world.randomLabel());
  const beside = await askSomebody(speakers, label, 'TXT', world);
  const besideAddresses = odd.some(hidesCname) ? await askSomebody(speakers, label, 'A', world) : [];
  const lost = odd.filter((evidence) => isAbsent(evidence, beside));
  const misplaced = await misplacedOf(lost, around, world);
  return Promise.all(
    asked.map(async (evidence) => {
      if (!odd.includes(evidence)) return evidence;
      const own = voices([evidence], around.servers);
      const addresses = hidesCname(evidence) ? await askSomebody(own, evidence.record.name, 'A', world) : [];
      const doubled = await doubledOf(evidence.record, own, around, world);
      return { ...evidence, beside, ...doubled, ...misplaced.get(evidence.record.name), addresses, besideAddresses };
    }),
  );
}

/** A CNAME is expected, the name exists, and some server says that no such record is there: something else may stand in its place. */
const hidesCname = ({ record, lookups }: RecordEvidence): boolean =>
  record.type === 'CNAME' && lookups.some(({ outcome }) => outcome.kind === 'absent' && outcome.how === 'nodata');

/** Nobody has it: all who speak say so, or give what any name beside it gets. */
function isAbsent({ lookups }: RecordEvidence, beside: readonly Lookup[]): boolean {
  const wild = fingerprints(beside);
  const spoke = lookups.filter(({ outcome }) => outcome.kind === 'absent' || outcome.kind === 'answer');
  return (
    spoke.length > 0 &&
    spoke.every((lookup) => lookup.outcome.kind === 'absent' || [...fingerprints([lookup])].some((one) => wild.has(one)))
  );
}

async function doubledOf(
  record: ExpectedRecord,
  speakers: readonly NameServer[],
  { examinee, apex }: Around,
  world: ExamineWorld,
): Promise<Pick<RecordEvidence, 'doubled' | 'besideDoubled'>> {
  const found = await Promise.all(
    doubledNames(record, examinee.expectation.domain, apex).map((name) => askWithNeighbour(speakers, name, world)),
  );
  return { doubled: found.flatMap(({ at }) => at), besideDoubled: found.flatMap(({ beside }) => beside) };
}

type Misplaced = Pick<RecordEvidence, 'misplaced' | 'besideMisplaced'>;

/**
 * One record is looked for at every likely wrong name; the others only where that one was found, for the same hand put them there. Whose absence
 * is news comes first. Thousands of domains lost at once must not each cost dozens of questions.
 */
async function misplacedOf(lost: readonly RecordEvidence[], around: Around, world: ExamineWorld): Promise<ReadonlyMap<DnsName, Misplaced>> {
  const { history, expectation, children } = around.examinee;
  const known = history?.absentRecords ?? [];
  const [first, ...rest] = [...lost].sort((a, b) => Number(known.includes(a.record.name)) - Number(known.includes(b.record.name)));
  if (first === undefined) return new Map();
  const namesOf = ({ record }: RecordEvidence) => misplacedNames(record, expectation.domain, around.apex, children);
  const ask = async (evidence: RecordEvidence, names: ReturnType<typeof namesOf>): Promise<readonly [DnsName, Misplaced]> => {
    const speakers = voices([evidence], around.servers);
    // A child of the domain may be a zone of its own, with servers of its own: the resolvers find it.
    const found = await Promise.all(
      names.map(({ name, how }) => (how === 'under-child' ? resolvedWithNeighbour(name, world) : askWithNeighbour(speakers, name, world))),
    );
    return [evidence.record.name, { misplaced: found.flatMap(({ at }) => at), besideMisplaced: found.flatMap(({ beside }) => beside) }];
  };
  const sighted = await ask(first, namesOf(first));
  const foundAt = new Set(sighted[1].misplaced.filter(({ outcome }) => outcome.kind === 'answer').map(({ question }) => question.name));
  const places = namesOf(first).flatMap(({ name }, i) => (foundAt.has(name) ? [i] : []));
  const others = await Promise.all(
    rest.map((evidence) =>
      ask(
        evidence,
        namesOf(evidence).filter((_, i) => places.includes(i)),
      ),
    ),
  );
  return new Map([sighted, ...others]);
}

/** TXT at the name; only what was found there needs the question whether everything is found there. */
async function askWithNeighbour(
  servers: readonly NameServer[],
  name: DnsName,
  world: ExamineWorld,
): Promise<{ readonly at: readonly Lookup[]; readonly beside: readonly Lookup[] }> {
  const at = await askSomebody(servers, name, 'TXT', world);
  const found = at.some(({ outcome }) => outcome.kind === 'answer');
  return { at, beside: found ? await askSomebody(servers, neighbour(name, world.randomLabel()), 'TXT', world) : [] };
}

/** The same of the resolvers. */
async function resolvedWithNeighbour(
  name: DnsName,
  { dns, randomLabel }: ExamineWorld,
): Promise<{ readonly at: readonly Lookup[]; readonly beside: readonly Lookup[] }> {
  const at = await dns.askResolvers({ name, type: 'TXT' });
  const found = at.some(({ outcome }) => outcome.kind === 'answer');
  return { at, beside: found ? await dns.askResolvers({ name: neighbour(name, randomLabel()), type: 'TXT' }) : [] };
}

/** The same name with its first label replaced by one that nobody has published; cut where it would be too long. */
function neighbour(name: DnsName, label: string): DnsName {
  const parent = name.slice(name.indexOf('.') + 1);
  return dnsName(`${label.slice(0, Math.max(1, 252 - parent.length))}.${parent}`);
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

/** Asks one server after the other until one gives an answer. */
async function askSomebody(
  servers: readonly NameServer[],
  name: DnsName,
  type: QuestionType,
  { dns }: ExamineWorld,
): Promise<readonly Lookup[]> {
  const lookups: Lookup[] = [];
  for (const server of servers.slice(0, PROBE_TRIES)) {
    const lookup = await dns.ask(server, { name, type });
    lookups.push(lookup);
    if (lookup.outcome.kind === 'answer' || lookup.outcome.kind === 'absent') break;
  }
  return lookups;
}
