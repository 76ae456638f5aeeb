// Asks DNS about many identities in four steps: a quick look at all, the full panel for what looks wrong, one pause for all of it, and a second round.
import { looksRight, quickQuestions } from '../dkim/questions.ts';
import type { DnsEvidence, IdentityHistory, RecordEvidence } from '../model/evidence.ts';
import type { Expectation, ExpectedRecord } from '../model/expectation.ts';
import type { Lookup } from '../model/lookup.ts';
import { inParallel } from './in-parallel.ts';
import { domainKeyName, fullPanel, secondRound } from './panel.ts';
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
const QUICK_AT_ONCE = 400;
/** Fewer panels, each of dozens of questions: what is under way when the time runs out must end soon. */
const PANELS_AT_ONCE = 64;

/** Evidence by examinee key. Every examinee gets an entry; what the time does not allow is marked as out of time, never judged by half. */
export async function examine(examinees: readonly Examinee[], world: ExamineWorld): Promise<ReadonlyMap<string, DnsEvidence>> {
  const found = new Map<string, DnsEvidence>();
  const doubtful: Examinee[] = [];
  let done = 0;
  await inParallel(examinees, QUICK_AT_ONCE, async (examinee) => {
    const quick = world.clock() < world.until ? await quickLook(examinee, world) : undefined;
    if (quick?.right === true && !examinee.fullPanel) found.set(examinee.key, quick.evidence);
    else doubtful.push(examinee);
    done += 1;
    world.progress?.({ stage: 'dns', done, of: examinees.length });
  });
  const unconfirmed = await panels(inOrder(doubtful, world), found, world);
  await confirmations(unconfirmed, found, world);
  return found;
}

/** What turned bad just now comes first, so that a mass of old troubles delays no new one; the old ones take turns. */
function inOrder(doubtful: readonly Examinee[], world: ExamineWorld): readonly Examinee[] {
  const known = ({ history }: Examinee): boolean => history?.wrongConfirmed === true || (history?.absentRecords?.length ?? 0) > 0;
  const old = doubtful.filter(known);
  const turn = old.length > 0 ? (world.rotation * PANELS_AT_ONCE) % old.length : 0;
  return [...doubtful.filter((examinee) => !known(examinee)), ...old.slice(turn), ...old.slice(0, turn)];
}

/** First rounds, in at most half of the time that is left: what cannot be confirmed in the same sweep is of no use in it. Returns those to be confirmed. */
async function panels(doubtful: readonly Examinee[], found: Map<string, DnsEvidence>, world: ExamineWorld): Promise<readonly Examinee[]> {
  const began = world.clock();
  const until = began + Math.max(0, world.until - began - world.confirmAfterMs) / 2;
  const unconfirmed: Examinee[] = [];
  await inParallel(doubtful, PANELS_AT_ONCE, async (examinee) => {
    const panel = world.clock() < until ? await fullPanel(examinee, world) : OUT_OF_TIME;
    found.set(examinee.key, panel);
    if (!panel.confirmed && panel.outOfTime !== true) unconfirmed.push(examinee);
  });
  return unconfirmed;
}

/** One pause for all, then the second rounds. Without the time for the pause nothing is confirmed. */
async function confirmations(unconfirmed: readonly Examinee[], found: Map<string, DnsEvidence>, world: ExamineWorld): Promise<void> {
  if (unconfirmed.length === 0) return;
  const inTime = world.clock() + world.confirmAfterMs < world.until;
  let done = 0;
  world.progress?.({ stage: 'confirm', done, of: unconfirmed.length });
  if (inTime) await world.sleep(world.confirmAfterMs);
  await inParallel(unconfirmed, PANELS_AT_ONCE, async (examinee) => {
    const first = found.get(examinee.key) ?? OUT_OF_TIME;
    found.set(
      examinee.key,
      inTime && world.clock() < world.until ? await secondRound(examinee, first, world) : { ...first, outOfTime: true },
    );
    done += 1;
    world.progress?.({ stage: 'confirm', done, of: unconfirmed.length });
  });
}

const OUT_OF_TIME: DnsEvidence = { level: 'none', records: [], soa: [], soaConfirmation: [], confirmed: false, outOfTime: true };

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
