// What one server says about one expected record in one round: right, something else, absent, or nothing that counts.
import { cnameChain, cnameTargets, holdsBesideCname, txtAtEnd } from '../dkim/answer-chain.ts';
import { judgeKey } from '../dkim/judge-key.ts';
import { isSesDkimZone } from '../dkim/region-zones.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { AmbiguousCause } from '../model/finding.ts';
import type { DnsRecord, Lookup, Outcome } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import { visible } from '../model/safe-text.ts';
import type { Says, TxtFailure } from './says.ts';

/** What is known beside the server's own answers. */
export interface Surroundings {
  /** What a random label beside the record gets, as {@link fingerprint}s. */
  readonly wild: ReadonlySet<string>;
  /** The resolvers' answers to TXT at the record's name: they see where a chain ends that leaves the zone. */
  readonly resolvers: readonly Lookup[];
  /** Their answers to TXT at the targets of CNAMEs, where they could not see these from the record's name. */
  readonly beyond: readonly Lookup[];
}

/** `lookups` are one server's answers in one round to TXT and CNAME at the record's name. */
export function serverSays(record: ExpectedRecord, lookups: readonly Lookup[], around: Surroundings): Says {
  const txt = spoken(lookups, 'TXT');
  const cname = spoken(lookups, 'CNAME');
  return record.type === 'CNAME' ? saysOfCname(record, txt, cname, around) : saysOfKey(record, txt, cname, around);
}

/** An answer as one comparable string: its first CNAME target, else its TXT values. Undefined if there is neither. */
export function fingerprint(records: readonly DnsRecord[], name: DnsName): string | undefined {
  const target = cnameChain(records, name)[0];
  if (target !== undefined) return `CNAME ${target}`;
  const texts = txtAtEnd(records, name);
  return texts.length > 0 ? `TXT ${[...texts].sort().join('\n')}` : undefined;
}

/** The outcome of the question of this type; what is said without authority counts as lame. */
function spoken(lookups: readonly Lookup[], type: 'TXT' | 'CNAME'): Outcome | undefined {
  const outcome = lookups.findLast((lookup) => lookup.question.type === type)?.outcome;
  return (outcome?.kind === 'answer' || outcome?.kind === 'absent') && !outcome.aa ? { kind: 'lame', how: 'not-authoritative' } : outcome;
}

const recordsOf = (outcome: Outcome | undefined): readonly DnsRecord[] => (outcome?.kind === 'answer' ? outcome.records : []);

function saysOfCname(
  record: Extract<ExpectedRecord, { type: 'CNAME' }>,
  txt: Outcome | undefined,
  cname: Outcome | undefined,
  around: Surroundings,
): Says {
  const targets = [...new Set([txt, cname].flatMap((outcome) => cnameTargets(recordsOf(outcome), record.name)))];
  const [target, second] = targets;
  if (target === undefined) return withoutCname(record, txt, cname, around);
  const chains = [
    ...[txt, cname, ...around.resolvers.map(({ outcome }) => outcome)].map((outcome) => cnameChain(recordsOf(outcome), record.name)),
    ...around.beyond.map(({ question, outcome }) => [question.name, ...cnameChain(recordsOf(outcome), question.name)]),
  ];
  const leadsThere = chains.some((chain) => targets.includes(chain[0] ?? '') && chain.includes(record.target));
  if (second !== undefined) return ambiguous('several-cnames', targets, leadsThere);
  if (leadsThere) {
    const beside = standsBeside(txt, record.name);
    if (beside !== undefined) return ambiguous('cname-beside-other-data', [target, ...txtAtName(txt, record.name)], beside === 'with');
    return { kind: 'right', value: target, txt: howTxtFared(txt, record.name) };
  }
  if (around.wild.has(`CNAME ${target}`)) return wildcard(`CNAME ${target}`);
  const fared = howTxtFared(txt, record.name);
  if (isFollowed(record.name, target, around, fared !== 'answered') || isSesDkimZone(target) || target.startsWith(`${record.target}.`))
    return { kind: 'other', value: target };
  // Where the TXT cannot be had, resolvers do not get past this name either, and nobody can say where the CNAME ends.
  if (fared !== 'answered' && fared !== 'not-asked') return { kind: 'txt-failing', failure: fared };
  return {
    kind: 'not-judged',
    value: target,
    detail: `the CNAME at ${record.name} leads to ${shown(target)}, and no resolver said where that ends`,
  };
}

function howTxtFared(txt: Outcome | undefined, name: DnsName): Extract<Says, { kind: 'right' }>['txt'] {
  // An answer without anything at the name is nonsense.
  if (txt?.kind === 'answer') return cnameTargets(txt.records, name).length > 0 || txtAtName(txt, name).length > 0 ? 'answered' : 'formerr';
  return txt?.kind === 'absent' ? 'denied' : (txtFailure(txt) ?? 'not-asked');
}

/**
 * How the TXT question is answered with data at the very name that has a CNAME: `with` the CNAME, so that chance decides, or `instead` of it, so
 * that nobody who asks TXT ever comes to the key. A good key that is given instead is one of two things that may be meant.
 */
function standsBeside(txt: Outcome | undefined, name: DnsName): 'with' | 'instead' | undefined {
  if (txt?.kind !== 'answer') return undefined;
  if (holdsBesideCname(txt.records, name)) return 'with';
  const texts = cnameTargets(txt.records, name).length === 0 ? txtAtName(txt, name).filter((text) => !isSesNothing(text)) : [];
  if (texts.length === 0) return undefined;
  return judgeKey(texts, undefined).kind === 'usable' ? 'with' : 'instead';
}

/** What SES itself has behind those of its tokens that hold no key: an empty text, or a key taken back. Nothing of the user's. */
const isSesNothing = (text: string): boolean => text.trim() === '' || judgeKey([text], undefined).kind === 'revoked';

/**
 * A resolver went where the CNAME leads. One that does not see the CNAME remembers former times, and knows nothing of its end. Where TXT is
 * `denied`, a target without one may have a CNAME all the same: only that it does not exist is believed.
 */
function isFollowed(name: DnsName, target: string, { resolvers, beyond }: Surroundings, denied: boolean): boolean {
  const wasThere = (outcome: Outcome): boolean =>
    outcome.kind === 'answer' || (outcome.kind === 'absent' && (!denied || outcome.how === 'nxdomain'));
  return (
    resolvers.some(({ outcome }) => cnameChain(recordsOf(outcome), name)[0] === target) ||
    beyond.some(({ question, outcome }) => question.name === target && wasThere(outcome))
  );
}

const txtAtName = (txt: Outcome | undefined, name: DnsName): readonly string[] =>
  recordsOf(txt).flatMap((r) => (r.type === 'TXT' && r.name === name ? [r.strings.join('')] : []));

function ambiguous(cause: AmbiguousCause, values: readonly string[], usable: boolean): Says {
  return { kind: 'ambiguous', cause, values, usable, value: [...values].sort().join('\n') };
}

const wildcard = (value: string): Says => ({ kind: 'absent', how: 'nodata', wildcard: value });

/** No CNAME: the record is absent, unless something else stands in its place. A DNS host that "flattens" CNAMEs shows the key itself. */
function withoutCname(
  record: Extract<ExpectedRecord, { type: 'CNAME' }>,
  txt: Outcome | undefined,
  cname: Outcome | undefined,
  around: Surroundings,
): Says {
  const texts = txtAtEnd(recordsOf(txt), record.name);
  if (texts.length > 0) {
    const print = fingerprint(recordsOf(txt), record.name) ?? '';
    if (around.wild.has(print)) return wildcard(print);
    const value = texts.find((text) => !isSesNothing(text));
    if (value === undefined) return { kind: 'absent', how: 'nodata' };
    if (texts.some((text) => judgeKey([text], undefined).kind === 'usable')) return { kind: 'wrong-type', cause: 'flattened', value };
    const pasted = texts.find((text) => text.toLowerCase().includes(record.target));
    return pasted === undefined
      ? { kind: 'wrong-type', cause: 'other-txt', value }
      : { kind: 'wrong-type', cause: 'pasted-as-txt', value: pasted };
  }
  return absent(txt, cname) ?? { kind: 'mute', outcome: failure(cname) ?? failure(txt) };
}

function saysOfKey(
  record: Extract<ExpectedRecord, { type: 'TXT' }>,
  txt: Outcome | undefined,
  cname: Outcome | undefined,
  around: Surroundings,
): Says {
  const targets = [...new Set([txt, cname].flatMap((outcome) => cnameTargets(recordsOf(outcome), record.name)))];
  const [target, second] = targets;
  if (second !== undefined && !around.wild.has(`CNAME ${target}`)) return ambiguous('several-cnames', targets, false);
  const failed = txtFailure(txt);
  if (txt?.kind === 'answer') {
    const own = txtAtName(txt, record.name);
    if (target !== undefined && own.length > 0)
      return ambiguous('cname-beside-other-data', [target, ...own], judgeKey(own, record.publicKey).kind === 'usable');
    const texts = txtAtEnd(txt.records, record.name);
    if (texts.length > 0) return saysOfTexts(record, texts, wildPrint(txt, record.name, around));
    if (target !== undefined) return delegatedKey(record, target, around);
  } else if (failed !== undefined && (target !== undefined || (cname?.kind === 'absent' && cname.how === 'nodata'))) {
    return { kind: 'txt-failing', failure: failed };
  } else if (txt?.kind === 'absent' && target !== undefined) {
    return around.wild.has(`CNAME ${target}`) ? wildcard(`CNAME ${target}`) : { kind: 'txt-failing', failure: 'denied' };
  }
  // That there is no CNAME says nothing of a TXT, unless there is no such name at all.
  const nothing = cname?.kind === 'absent' && cname.how === 'nodata' ? absent(txt) : absent(txt, cname);
  return nothing ?? { kind: 'mute', outcome: failure(txt) ?? failure(cname) };
}

/** The answer, if it is the one that any name beside it gets. */
function wildPrint(txt: Extract<Outcome, { kind: 'answer' }>, name: DnsName, { wild }: Surroundings): string | undefined {
  const print = fingerprint(txt.records, name);
  return print !== undefined && wild.has(print) ? print : undefined;
}

function saysOfTexts(record: ExpectedRecord, texts: readonly string[], wild: string | undefined): Says {
  const verdict = judgeKey(texts, record.type === 'TXT' ? record.publicKey : undefined);
  const value = texts[0] ?? '';
  if (verdict.kind === 'usable') return { kind: 'right', value, txt: 'answered' };
  if (wild !== undefined) return wildcard(wild);
  if (verdict.kind === 'ambiguous') return ambiguous(verdict.cause, texts, verdict.usable);
  return verdict.kind === 'nothing' ? { kind: 'absent', how: 'nodata' } : { kind: 'bad-key', key: verdict, value };
}

/** A selector may be a CNAME to a key elsewhere; only a resolver sees what is there. */
function delegatedKey(record: ExpectedRecord, target: string, around: Surroundings): Says {
  if (around.wild.has(`CNAME ${target}`)) return wildcard(`CNAME ${target}`);
  const ends = [
    ...around.resolvers.map(({ outcome }) =>
      cnameChain(recordsOf(outcome), record.name)[0] === target ? txtAtEnd(recordsOf(outcome), record.name) : [],
    ),
    ...around.beyond.map(({ question, outcome }) => (question.name === target ? txtAtEnd(recordsOf(outcome), target) : [])),
  ];
  // A key that was spoilt is told as that; a text without any is no key record at all.
  const texts = ends.find((values) => values.some((text) => /(^|;)\s*p\s*=/.test(text)));
  if (texts !== undefined) return saysOfTexts(record, texts, undefined);
  return isFollowed(record.name, target, around, false)
    ? { kind: 'wrong-type', cause: 'cname-without-key', value: target }
    : {
        kind: 'not-judged',
        value: target,
        detail: `a CNAME at ${record.name} leads to ${shown(target)}, and no resolver said what is there`,
      };
}

function absent(...outcomes: readonly (Outcome | undefined)[]): Says | undefined {
  // An answer without anything at the name we asked about is nonsense, not an absence.
  if (outcomes.some((outcome) => outcome?.kind === 'answer')) return undefined;
  const said = outcomes.flatMap((outcome) => (outcome?.kind === 'absent' ? [outcome.how] : []));
  return said.length === 0 ? undefined : { kind: 'absent', how: said.includes('nxdomain') ? 'nxdomain' : 'nodata' };
}

/** The outcome, as the reason why nothing was learned from it. */
const failure = (outcome: Outcome | undefined): Outcome | undefined =>
  outcome?.kind === 'answer' ? { kind: 'broken', how: 'malformed' } : outcome;

function txtFailure(outcome: Outcome | undefined): TxtFailure | undefined {
  if (outcome?.kind === 'silent') return 'silent';
  if (outcome?.kind === 'lame') return 'refused';
  if (outcome?.kind === 'broken') return outcome.how === 'formerr' || outcome.how === 'malformed' ? 'formerr' : 'servfail';
  return undefined;
}

const shown = (name: string): string => visible(name, 100);
