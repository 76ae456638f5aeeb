// Asks DNS about many identities in four steps: a quick look at all, the full panel for what looks wrong, one pause for all of it, and a second round.
import { validators } from '../diagnosis/dnssec.ts';
import { keepsKey, looksRight, quickQuestions } from '../dkim/questions.ts';
import { type DnsEvidence, firstEvidence, type IdentityHistory } from '../model/evidence.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Identity } from '../model/identity.ts';
import type { Lookup, NameServer, Question } from '../model/lookup.ts';
import { type DnsName, parseDnsName } from '../model/names.ts';
import { inParallel } from './in-parallel.ts';
import { byCrowd, latestAt, leanAgain, leanFirst, PANELS_OF_SERVER_SET } from './lean-look.ts';
import { isMailDoubted, isMailDue, mailRound } from './mail-look.ts';
import { domainKeyName, fullPanel, secondRound } from './panel.ts';
import type { Clock, Dns, Progress, Sleep } from './ports.ts';
import { hashOf } from './spread.ts';
import { worldAsks } from './world-look.ts';
import { isRefused, isRefusedBy, leadsNowhere, withResolvers } from './world-view.ts';

/** One identity to be examined. */
export interface Examinee {
  readonly key: string;
  readonly expectation: Extract<Expectation, { kind: 'records' }>;
  readonly history: IdentityHistory | undefined;
  /** True if an alert is open or suspected: only a healthy full panel may recover it, or rotation over servers would open and close it for ever. */
  readonly fullPanel: boolean;
  /** The custom MAIL FROM domain, if there is one. */
  readonly mailFrom?: DnsName;
  /** Names below the domain that are in use: its records may have been put there. */
  readonly children?: readonly DnsName[];
  /** SES publishes no keys for it, or not yet: CNAMEs that lead nowhere are no doubt. */
  readonly emptyIsNormal?: true;
  /** The primary name server that SES says it saw. */
  readonly sesPrimary?: DnsName;
}

/** The examinee for an identity whose records are known. */
export function examineeFor(
  { identity, ses }: Identity,
  expectation: Examinee['expectation'],
  { history, fullPanel, emptyIsNormal, children = [] }: Pick<Examinee, 'history' | 'fullPanel' | 'emptyIsNormal' | 'children'>,
): Examinee {
  const primary = parseDnsName(ses.soa?.primaryNameServer ?? '');
  const mailFrom = ses.mailFrom?.domain;
  return {
    children: [...children, ...(mailFrom === undefined ? [] : [mailFrom])],
    key: identity,
    expectation,
    history,
    fullPanel,
    ...(mailFrom === undefined ? {} : { mailFrom }),
    ...(emptyIsNormal ? { emptyIsNormal } : {}),
    ...(primary.ok ? { sesPrimary: primary.value } : {}),
  };
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
  /** The share of all that may be looked at through the resolvers for the first time in one go, if they are many (default: all). */
  readonly firstLookShare?: number;
  /** True if what gets the full panel is looked at quickly too: for somebody who wants to see every step. */
  readonly firstLook?: true;
  /** A label nobody has published, for the wildcard probe. */
  readonly randomLabel: () => string;
  readonly progress?: (event: Omit<Parameters<Progress>[0], 'target'>) => void;
}

/** Identities in progress at once. The DNS room paces the questions; this only bounds memory. */
const QUICK_AT_ONCE = 400;
/** Fewer panels, each of dozens of questions: what is under way when the time runs out must end soon. */
const PANELS_AT_ONCE = 64;

/**
 * All as it should be on one of the domain's own servers, but: `resolver-doubts`, one fails for it (it may be DNSSEC) or finds no key;
 * `delegation-refused`, one failed for its delegation; `server-mute`, the server asked before gave no answer.
 */
type Quick =
  | { readonly kind: 'odd'; readonly evidence?: DnsEvidence }
  | { readonly kind: 'right' | 'resolver-doubts' | 'delegation-refused' | 'server-mute'; readonly evidence: DnsEvidence };

/** More domains than these, and this share of those it was asked about, that a resolver sees otherwise at once are no trouble of theirs but of the resolver. */
const DOUBTED_AT_MOST = 20;
const DOUBTED_SHARE = 0.05;
const isTheirs = (doubted: number, asked: number): boolean => doubted <= Math.max(DOUBTED_AT_MOST, asked * DOUBTED_SHARE);

/** Domains whose records are right that are looked at closer for a dead server at once: all the domains of a hoster share its servers. */
const MUTE_AT_MOST = 20;

/** Evidence by examinee key. Every examinee gets an entry; what the time does not allow is marked as out of time, never judged by half. */
export async function examine(examinees: readonly Examinee[], world: ExamineWorld): Promise<ReadonlyMap<string, DnsEvidence>> {
  const found = new Map<string, DnsEvidence>();
  const doubtful: Examinee[] = [];
  const doubted: Examinee[] = [];
  const refused: Examinee[] = [];
  const mute: Examinee[] = [];
  const odd = new Map<string, DnsEvidence>();
  const crowded = examinees.filter((one) => one.fullPanel && !isKnown(one)).length > PANELS_OF_SERVER_SET;
  const asks = worldAsks(examinees.length, world);
  let done = 0;
  await inParallel(examinees, QUICK_AT_ONCE, async (examinee) => {
    const wanted = !examinee.fullPanel || world.firstLook === true || (crowded && !isKnown(examinee));
    const quick = wanted && world.clock() < world.until ? await quickLook(examinee, world, asks.due) : undefined;
    if (quick?.kind === 'odd' && quick.evidence !== undefined) odd.set(examinee.key, quick.evidence);
    if (quick === undefined || quick.kind === 'odd' || examinee.fullPanel) doubtful.push(examinee);
    else {
      found.set(examinee.key, quick.evidence);
      if (quick.kind === 'resolver-doubts') doubted.push(examinee);
      if (quick.kind === 'delegation-refused') refused.push(examinee);
      if (quick.kind === 'server-mute') mute.push(examinee);
    }
    done += 1;
    world.progress?.({ stage: 'dns', done, of: examinees.length });
  });
  if (isTheirs(doubted.length, asks.asked())) doubtful.push(...doubted);
  if (isTheirs(refused.length, examinees.length)) doubtful.push(...refused);
  const known = examinees.filter(({ history }) => history?.serverTroubleSweeps !== undefined).length;
  doubtful.push(...mute.slice(0, Math.max(0, MUTE_AT_MOST - known)));
  const { panel, lean } = byCrowd(inOrder(doubtful, world), odd);
  const [unconfirmed, lost] = await Promise.all([panels(panel, found, world), leanRounds(lean, odd, found, world)]);
  await confirmations([...unconfirmed, ...lost], found, world);
  return found;
}

/** What turned bad just now comes first, so that a mass of old troubles delays no new one; the old ones take turns. */
function inOrder(doubtful: readonly Examinee[], world: ExamineWorld): readonly Examinee[] {
  const old = doubtful.filter(isKnown);
  const turn = old.length > 0 ? (world.rotation * PANELS_AT_ONCE) % old.length : 0;
  return [...doubtful.filter((examinee) => !isKnown(examinee)), ...old.slice(turn), ...old.slice(0, turn)];
}

const isKnown = ({ history }: Examinee): boolean => history?.confirmedWrong !== undefined || (history?.absentRecords?.length ?? 0) > 0;

/** Both rounds for a crowd at one set of servers, as far as the quick look is long enough ago; the others are left for the common pause. */
async function leanRounds(
  lean: readonly Examinee[],
  quick: ReadonlyMap<string, DnsEvidence>,
  found: Map<string, DnsEvidence>,
  world: ExamineWorld,
): Promise<readonly Examinee[]> {
  const unconfirmed: Examinee[] = [];
  await inParallel(lean, PANELS_AT_ONCE, async (examinee) => {
    const seen = quick.get(examinee.key);
    const first = seen !== undefined && world.clock() < world.until ? await leanFirst(examinee, seen, world.dns) : undefined;
    found.set(examinee.key, first ?? OUT_OF_TIME);
    if (first === undefined) return;
    const rested = world.clock() - latestAt(first) >= world.confirmAfterMs && world.clock() < world.until;
    if (rested) found.set(examinee.key, await leanAgain(first, world.dns));
    else unconfirmed.push(examinee);
  });
  return unconfirmed;
}

/** First rounds, in at most half of the time that is left: what cannot be confirmed in the same sweep is of no use in it. Returns those to be confirmed. */
async function panels(doubtful: readonly Examinee[], found: Map<string, DnsEvidence>, world: ExamineWorld): Promise<readonly Examinee[]> {
  const began = world.clock();
  const until = began + Math.max(0, world.until - began - world.confirmAfterMs) / 2;
  const unconfirmed: Examinee[] = [];
  await inParallel(doubtful, PANELS_AT_ONCE, async (examinee) => {
    // What a quick look saw right stays right where there is no time for more.
    const panel = world.clock() < until ? await fullPanel(examinee, world) : (found.get(examinee.key) ?? OUT_OF_TIME);
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
    found.set(examinee.key, inTime && world.clock() < world.until ? await again(examinee, first, world) : { ...first, outOfTime: true });
    done += 1;
    world.progress?.({ stage: 'confirm', done, of: unconfirmed.length });
  });
}

const again = (examinee: Examinee, first: DnsEvidence, world: ExamineWorld): Promise<DnsEvidence> =>
  first.level === 'lean' ? leanAgain(first, world.dns) : secondRound(examinee, first, world);

const OUT_OF_TIME: DnsEvidence = { level: 'none', records: [], soa: [], soaConfirmation: [], confirmed: false, outOfTime: true };

/** One server, one question a record, and the next one where that is mute; where it is due, the MAIL FROM domain, and whether there are keys. */
async function quickLook(examinee: Examinee, world: ExamineWorld, asksWorld: (examinee: Examinee) => boolean): Promise<Quick> {
  const { expectation, fullPanel, history, mailFrom } = examinee;
  const { dns } = world;
  const delegation = await dns.delegation(domainKeyName(expectation.domain));
  const evidence: DnsEvidence = { level: 'quick', delegation, records: [], soa: [], soaConfirmation: [], confirmed: true };
  if (delegation.kind !== 'delegated' || delegation.servers.length === 0) return { kind: 'odd' };
  // Another server each sweep, and not the same one for all the domains of a hoster: politeness to one server sets the time of a sweep.
  const { servers } = delegation;
  const first = (world.rotation + hashOf(examinee.key)) % servers.length;
  const [asked, mail] = await Promise.all([
    Promise.all(
      quickQuestions(expectation).map(async ({ record, question }) => {
        const lookup = await askSpeaking([...servers.slice(first), ...servers.slice(0, first)], question, dns);
        return { evidence: firstEvidence(record, lookup.slice(-1)), mute: lookup.length > 1 };
      }),
    ),
    mailFrom !== undefined && !fullPanel && isMailDue(examinee.key, history, world.clock())
      ? mailRound(mailFrom, dns, { by: 'look', now: world.clock() })
      : undefined,
  ]);
  const records = asked.map(({ evidence: one }) => one);
  const right = records.every(({ record, lookups }) =>
    lookups.every((lookup) => looksRight(lookup, record) && keepsKey(lookup, record, history?.lastRecords)),
  );
  if (!right || (mail !== undefined && isMailDoubted(mail))) return { kind: 'odd', evidence: { ...evidence, records } };
  // Once a day or so: does the rest of the world see what the domain's own server says, and is there a key behind it?
  const seen = !fullPanel && asksWorld(examinee) ? await Promise.all(records.map((one) => withResolvers(one, dns))) : records;
  const keyless = examinee.emptyIsNormal !== true && seen.every(leadsNowhere);
  // What a resolver refuses that refuses what is surely well is no doubt about the domain.
  const proven = seen.some(isRefused) ? validators(await dns.validationControl()) : undefined;
  const bogus = proven !== undefined && seen.some((one) => isRefusedBy(one, proven));
  const doubt = bogus || keyless ? 'resolver-doubts' : delegation.resolverFailed === true ? 'delegation-refused' : undefined;
  return {
    kind: doubt ?? (asked.some(({ mute }) => mute) ? 'server-mute' : 'right'),
    evidence: { ...evidence, records: seen, ...(mail ? { mail: { first: mail } } : {}) },
  };
}

/** Servers tried in a quick look; two dead ones are for the panel. */
const QUICK_SERVERS = 2;

/** What the first that speaks says, and before it what the mute ones did not. */
async function askSpeaking(servers: readonly NameServer[], question: Question, dns: Dns): Promise<readonly Lookup[]> {
  const lookups: Lookup[] = [];
  for (const server of servers.slice(0, QUICK_SERVERS)) {
    const lookup = await dns.ask(server, question);
    lookups.push(lookup);
    if (lookup.outcome.kind === 'answer' || lookup.outcome.kind === 'absent') break;
  }
  return lookups;
}
