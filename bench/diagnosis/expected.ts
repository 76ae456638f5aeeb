// What has to be told of a whole estate in the end: the injected causes, without what they explain, with what follows across identities.
import { type Estate, keyOf, type Member } from './estate.ts';
import type { Due, Ending, Fault, Moment, Severity, Told } from './fault.ts';
import { needsRecords, needsSight, statusOf, unexplained, withDmarc } from './principles.ts';

/** What is expected of one identity, of a target (`account/region`), or of a domain in several targets (`across/domain`). */
export interface Expected {
  readonly key: string;
  /** Names of the faults that hit it, for the matrix; empty for those that are well. */
  readonly faults: readonly string[];
  readonly told: readonly Due[];
  readonly diagnosis: 'healthy' | 'broken' | 'unknown';
  /** Kinds that may be told in a sweep before the last, by the moment from which on. */
  readonly allowed: { readonly begin: ReadonlySet<string>; readonly after: ReadonlySet<string>; readonly late: ReadonlySet<string> };
}

/** One for each identity, target and domain of the estate that something can be told of. */
export function expectedOf(estate: Estate, faults: readonly Fault[], now: number): readonly Expected[] {
  const end: Ending = { estate, now };
  const identities = estate.members.map((member) => ofMember(member, faults, end));
  const targets = faults.flatMap((fault) =>
    (fault.targets ?? []).map(({ target, told }) =>
      settled(target, [{ fault, kinds: [told.kind] }], [{ ...told, flickers: false }], false),
    ),
  );
  return [...identities, ...targets, ...acrossTargets(estate, identities, faults)];
}

function ofMember(member: Member, faults: readonly Fault[], end: Ending): Expected {
  const mine = faults.flatMap((fault) =>
    fault.hits.filter((hit) => hit.member === member).map((hit) => ({ fault, hit, told: hit.told(end) })),
  );
  const all = mine.flatMap(({ hit, told }) =>
    told.map((one): Due => ({ ...withLastWord(one, member), severity: severityOf(one.severity, member), flickers: hit.flickers === true })),
  );
  const dark = all.some(({ kind }) => kind === 'identity-unknown');
  const known = all.filter((one) => !(needsRecords(one) && !knowsRecords(member)) && !(dark && needsSight(one)));
  const due = withDmarc(unexplained(known), member, end.estate);
  const involved = mine.map(({ fault, told }) => ({ fault, kinds: told.map(({ kind }) => kind) }));
  const hiding = faults.filter(({ targets = [] }) => targets.some(({ target }) => target === `${member.account}/${member.region}`));
  const expected = settled(
    keyOf(member),
    [...involved, ...hiding.map((fault) => ({ fault, kinds: [] }))],
    due,
    due.some(({ kind }) => kind === 'identity-unknown'),
  );
  // What cannot be read for a day is neither healthy nor broken, whatever else is wrong with it; until then its records are judged.
  return hiding.length === 0 ? expected : { ...expected, told: [], diagnosis: 'unknown' };
}

/** SES has one error for an identity: of two faults that give it one, the later stands. */
function withLastWord(told: Told, { state }: Member): Told {
  return told.facts.errorType === undefined ? told : { ...told, facts: { ...told.facts, errorType: state.errorType } };
}

/** Without a word of SES about tokens nobody can say which records to look for. */
function knowsRecords({ state, part, signer }: Member): boolean {
  return state.tokens === undefined || state.tokens.length > 0 || (part === 'own-key' && signer?.configured === true);
}

function severityOf(severity: Told['severity'], member: Member): Severity {
  if (severity !== 'by-status' && severity !== 'while-success') return severity;
  const critical = severity === 'by-status' ? ['SUCCESS', 'TEMPORARY_FAILURE'] : ['SUCCESS'];
  return critical.includes(statusOf(member)) ? 'critical' : 'warning';
}

/** What lies beyond our sight makes nothing broken. */
const BLINDNESS = ['identity-unknown', 'target-unreadable'];

interface Involved {
  readonly fault: Fault;
  /** All that it would have to be told by itself. */
  readonly kinds: readonly string[];
}

function settled(key: string, involved: readonly Involved[], told: readonly Due[], unknown: boolean): Expected {
  const broken = told.some(({ kind, severity }) => severity !== 'notice' && !BLINDNESS.includes(kind));
  const since = (...moments: readonly Moment[]): ReadonlySet<string> =>
    new Set(
      involved
        .filter(({ fault }) => moments.some((moment) => fault[moment] !== undefined))
        .flatMap(({ fault, kinds }) => [...kinds, ...(fault.onTheWay ?? []), 'dmarc-at-risk']),
    );
  return {
    key,
    faults: [...new Set(involved.map(({ fault }) => fault.name))],
    told,
    diagnosis: broken ? 'broken' : unknown ? 'unknown' : 'healthy',
    allowed: { begin: since('begin'), after: since('begin', 'after'), late: since('begin', 'after', 'late') },
  };
}

/** Never begun, given up, or switched off: what was forgotten in one place and done in another. */
function isForgotten(member: Member): boolean {
  const status = statusOf(member);
  return status === 'NOT_STARTED' || status === 'FAILED' || (status === 'SUCCESS' && member.state.signing === false);
}

/** The same domain is fine in one target and forgotten in another. */
function acrossTargets(estate: Estate, identities: readonly Expected[], faults: readonly Fault[]): readonly Expected[] {
  const of = (member: Member): Expected | undefined => identities.find(({ key }) => key === keyOf(member));
  const excused = (member: Member): boolean =>
    of(member)?.told.some(({ kind }) => kind === 'domain-gone' || kind === 'identity-abandoned' || kind === 'replica-broken') === true;
  const domains = new Map<string, Member[]>();
  for (const member of estate.members) {
    if (member.part === 'address') continue;
    const name = member.name.toLowerCase();
    domains.set(name, [...(domains.get(name) ?? []), member]);
  }
  return [...domains].flatMap(([domain, members]) => {
    const fine = members.some(
      (member) => of(member)?.diagnosis === 'healthy' && statusOf(member) === 'SUCCESS' && member.state.signing !== false,
    );
    const forgotten = members.filter(isForgotten);
    if (members.length < 2 || forgotten.length === 0) return [];
    const involved = faults.filter(({ hits }) => hits.some(({ member }) => forgotten.includes(member)));
    const told: Due = { kind: 'setup-differs', severity: 'warning', facts: {}, flickers: false };
    const kinds = ['setup-differs'];
    return [
      settled(
        `across/${domain}`,
        involved.map((fault) => ({ fault, kinds })),
        fine && !forgotten.every(excused) ? [told] : [],
        false,
      ),
    ];
  });
}
