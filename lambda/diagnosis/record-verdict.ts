// Weighs what the servers say about one record: present, wrong, absent, in dispute, or not to be told. Nothing is called wrong after a single look.
import type { UnknownReason } from '../model/diagnosis.ts';
import type { DnsEvidence } from '../model/evidence.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { AmbiguousCause, WrongTypeCause } from '../model/finding.ts';
import type { Delegation, Outcome } from '../model/lookup.ts';
import { isConfirmed } from './confirmed.ts';
import type { BadKey, Says, TxtFailure } from './says.ts';
import type { ServerReading } from './server-reading.ts';
import { outcomeWords, serverName } from './server-words.ts';
import { areTwoKeys } from './two-keys.ts';

export type RecordVerdict =
  | { readonly kind: 'present'; readonly value: string }
  | { readonly kind: 'wrong'; readonly targets: readonly string[] }
  | { readonly kind: 'bad-key'; readonly key: BadKey }
  | { readonly kind: 'wrong-type'; readonly cause: WrongTypeCause; readonly value: string }
  | { readonly kind: 'ambiguous'; readonly cause: AmbiguousCause; readonly values: readonly string[]; readonly usable: boolean }
  /** `wildcard`: what a wildcard gives in its place. */
  | { readonly kind: 'absent-confirmed'; readonly absence: 'nxdomain' | 'nodata' | 'mixed'; readonly wildcard?: string }
  /** Absent in the first round; the second is still to come. */
  | { readonly kind: 'absent-suspected' }
  | { readonly kind: 'disagree' }
  | {
      readonly kind: 'txt-unanswerable';
      readonly failing: readonly ServerReading[];
      readonly failures: readonly TxtFailure[];
      readonly all: boolean;
    }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly detail: string };

export interface VerdictContext {
  readonly record: ExpectedRecord;
  readonly dns: DnsEvidence;
  readonly delegation: Extract<Delegation, { kind: 'delegated' }>;
  /** The absence of this record was confirmed in an earlier sweep. */
  readonly absenceKnown: boolean;
  /** Every resolver that was asked says that the record is not there, and at least one does. */
  readonly resolversAgree: boolean;
}

type Of<K extends Says['kind']> = ServerReading & { readonly now: Extract<Says, { kind: K }> };
const saying =
  <K extends Says['kind']>(kind: K) =>
  (reading: ServerReading): reading is Of<K> =>
    reading.now.kind === kind;

const unknown = (reason: UnknownReason, detail: string): RecordVerdict => ({ kind: 'unknown', reason, detail });

/** The verdict over all servers that were asked about one record ("What counts as what" of the design). */
export function verdictOf(readings: readonly ServerReading[], context: VerdictContext): RecordVerdict {
  const right = readings.filter(saying('right'));
  const failing = readings.filter(saying('txt-failing'));
  const against = readings.filter(({ now }) => !['right', 'mute', 'txt-failing'].includes(now.kind));
  const apart = areTwoKeys(
    context.record,
    right.map(({ now }) => now.value),
  );
  if (right.length > 0 && against.length === 0 && !apart) return presentOrUnreadable(right, readings, context);
  if (right.length === 0 && against.length === 0 && failing.length === 0) return nobodySpoke(readings, context);
  if (readings.some(({ changed }) => changed)) return unknown('unconfirmed', 'The servers answered differently in the second round.');
  const odd = against.find(saying('not-judged'));
  // Beside servers that have the record, another CNAME is another value, wherever it ends.
  if (odd && right.length === 0) return unknown('not-judged', `${serverName(odd.server)}: ${odd.now.detail}.`);
  if (readings.every(({ now }) => now.kind === 'absent' || now.kind === 'mute')) return absence(readings.filter(saying('absent')), context);
  if (!isConfirmed(context.dns))
    return unknown(context.dns.outOfTime ? 'out-of-time' : 'unconfirmed', 'What looks wrong was not asked for a second time.');
  if (right.length > 0) return { kind: 'disagree' };
  const badKey = against.find(saying('bad-key'));
  if (badKey) return { kind: 'bad-key', key: badKey.now.key };
  const several = against.find(saying('ambiguous'));
  if (several) return { kind: 'ambiguous', cause: several.now.cause, values: several.now.values, usable: several.now.usable };
  const wrongType = against.find(saying('wrong-type'));
  if (wrongType) return { kind: 'wrong-type', cause: wrongType.now.cause, value: wrongType.now.value };
  const others = against.filter(saying('other'));
  if (others.length > 0) return { kind: 'wrong', targets: [...new Set(others.map(({ now }) => now.value))] };
  if (against.length > 0) return unknown('dns-unanswered', 'Some servers say the record is not there, others cannot read its TXT.');
  return unreadable(
    failing,
    failing.map(({ now }) => now.failure),
    readings,
  );
}

/** The record is there; what remains is whether anybody can read the TXT behind it. */
function presentOrUnreadable(right: readonly Of<'right'>[], readings: readonly ServerReading[], context: VerdictContext): RecordVerdict {
  const answered = right.find(({ now }) => now.txt === 'answered');
  if (answered) return { kind: 'present', value: answered.now.value };
  const failures = right.flatMap(({ now }) => (now.txt === 'answered' || now.txt === 'not-asked' ? [] : [now.txt]));
  if (failures.length < right.length) return unknown('out-of-time', 'The record is there, but its TXT was not asked for everywhere.');
  if (!isConfirmed(context.dns))
    return unknown(context.dns.outOfTime ? 'out-of-time' : 'unconfirmed', 'Failing TXT questions were not asked a second time.');
  return unreadable(right, failures, readings);
}

function unreadable(failing: readonly ServerReading[], failures: readonly TxtFailure[], readings: readonly ServerReading[]): RecordVerdict {
  return { kind: 'txt-unanswerable', failing, failures: [...new Set(failures)], all: failing.length === readings.length };
}

/**
 * Missing is said only if every server that speaks for the zone (SOA with authority in the same round) says so, at least two addresses or
 * the only one, in both rounds. Where only one of several speaks, because the others are dead, the resolvers' agreement is the second voice.
 */
function absence(absent: readonly Of<'absent'>[], context: VerdictContext): RecordVerdict {
  if (context.dns.level === 'lean') return leanAbsence(absent, context);
  const firstRound = absent.filter(({ first, speaksForZone }) => first?.kind === 'absent' && speaksForZone[0]);
  const needed = onlyOneAddress(context.delegation) || context.resolversAgree ? 1 : 2;
  if (firstRound.length < needed)
    return unknown(
      context.dns.outOfTime ? 'out-of-time' : 'unconfirmed',
      `${absent.length === 1 ? 'One server says' : `${absent.length} servers say`} that it is not there, but only ${firstRound.length} of the ${needed} needed spoke for the zone.`,
    );
  const confirmed = firstRound.filter(({ second, speaksForZone }) => second?.kind === 'absent' && speaksForZone[1]);
  if (!context.absenceKnown && confirmed.length < needed) return { kind: 'absent-suspected' };
  const hows = new Set(absent.map(({ now }) => now.how));
  const wildcard = absent.find(({ now }) => now.wildcard !== undefined)?.now.wildcard;
  return {
    kind: 'absent-confirmed',
    absence: hows.size > 1 ? 'mixed' : ([...hows][0] ?? 'nodata'),
    ...(wildcard === undefined ? {} : { wildcard }),
  };
}

/**
 * After a lean look, where each server was asked once: one that holds the zone says so in the first round, and another one later; two at
 * least, or the only one both times.
 */
function leanAbsence(absent: readonly Of<'absent'>[], { dns, delegation }: VerdictContext): RecordVerdict {
  const saidIn = (round: 0 | 1) =>
    absent
      .filter((one) => one.speaksForZone[round] && (round === 0 ? one.first : one.second)?.kind === 'absent')
      .map(({ server }) => server);
  const [first, second] = [saidIn(0), saidIn(1)];
  const voices = new Set([...first, ...second].map(({ address }) => address)).size;
  const enough = first.length > 0 && second.length > 0 && voices >= (onlyOneAddress(delegation) ? 1 : 2);
  if (!dns.confirmed || !enough) return { kind: 'absent-suspected' };
  return { kind: 'absent-confirmed', absence: 'nxdomain' };
}

/** A name server without any address can be asked by nobody; any other that we could not ask may know better. */
function onlyOneAddress({ servers, unusable }: VerdictContext['delegation']): boolean {
  return new Set(servers.map(({ address }) => address)).size === 1 && unusable.every(({ why }) => why === 'no-address');
}

function nobodySpoke(readings: readonly ServerReading[], { dns, delegation }: VerdictContext): RecordVerdict {
  if (dns.outOfTime) return unknown('out-of-time', 'The time ran out before DNS had answered.');
  if (readings.length === 0) return unasked(delegation);
  const outcomes = readings.flatMap(({ now }) => (now.kind === 'mute' && now.outcome ? [now.outcome] : []));
  const notAsked = (how: Extract<Outcome, { kind: 'not-asked' }>['how']): boolean =>
    outcomes.length > 0 && outcomes.every((outcome) => outcome.kind === 'not-asked' && outcome.how === how);
  const reason = notAsked('out-of-time') ? 'out-of-time' : notAsked('address-refused') ? 'address-refused' : 'dns-unanswered';
  const tried = readings
    .slice(0, 4)
    .map(({ server, now }) => `${serverName(server)}: ${now.kind === 'mute' ? outcomeWords(now.outcome) : now.kind}`);
  const more = readings.length > 4 ? `; and ${readings.length - 4} more` : '';
  return unknown(reason, `No name server gave an answer that counts. ${tried.join('; ')}${more}.`);
}

function unasked({ unusable }: VerdictContext['delegation']): RecordVerdict {
  const all = (why: (typeof unusable)[number]['why']): boolean => unusable.length > 0 && unusable.every((one) => one.why === why);
  if (all('ipv6-only')) return unknown('ipv6-only', 'All name servers have IPv6 addresses only, which cannot be reached from here.');
  if (all('address-refused')) return unknown('address-refused', 'All name servers have private addresses, which are not asked.');
  return unknown('dns-unanswered', 'None of the name servers could be asked.');
}
