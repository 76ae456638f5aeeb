// What one server says about one expected record in one round: right, something else, absent, or nothing that counts.
import { cnameChain, cnameTargets, txtAtEnd } from '../dkim/answer-chain.ts';
import { judgeKey, type KeyVerdict } from '../dkim/judge-key.ts';
import { isSesDkimZone } from '../dkim/region-zones.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { DnsRecord, Lookup, Outcome } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import { visible } from '../model/safe-text.ts';

export type TxtFailure = 'servfail' | 'refused' | 'formerr' | 'silent';
export type BadKey = Extract<KeyVerdict, { kind: 'malformed' | 'revoked' }>;

export type Says =
  /** The record, as it must be. `txt`: how the TXT question fared, which is the one that SES and receivers ask. */
  | { readonly kind: 'right'; readonly value: string; readonly txt: 'answered' | 'not-asked' | TxtFailure }
  /** A CNAME that leads elsewhere. */
  | { readonly kind: 'other'; readonly value: string }
  | { readonly kind: 'bad-key'; readonly key: BadKey; readonly value: string }
  /** `wildcard`: the answer is the one that a random label beside it gets, so the record itself is not there. */
  | { readonly kind: 'absent'; readonly how: 'nxdomain' | 'nodata'; readonly wildcard: boolean }
  /** The name is there, but its TXT cannot be had. */
  | { readonly kind: 'txt-failing'; readonly failure: TxtFailure }
  /** An answer that needs a judgement this version does not make. */
  | { readonly kind: 'not-judged'; readonly detail: string }
  /** Lame, broken, silent or not asked: says nothing about the record. */
  | { readonly kind: 'mute'; readonly outcome: Outcome | undefined };

/** What is known beside the server's own answers. */
export interface Surroundings {
  /** What a random label beside the record gets, as {@link fingerprint}s. */
  readonly wild: ReadonlySet<string>;
  /** The resolvers' answers to TXT at the record's name: they see where a chain ends that leaves the zone. */
  readonly resolvers: readonly Lookup[];
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
  if (second !== undefined)
    return { kind: 'not-judged', detail: `several CNAME targets are given at ${record.name}, ${shown(target)} and ${shown(second)}` };
  const chains = [txt, cname, ...around.resolvers.map(({ outcome }) => outcome)].map((outcome) =>
    cnameChain(recordsOf(outcome), record.name),
  );
  if (chains.some((chain) => chain[0] === target && chain.includes(record.target))) {
    if (txt?.kind === 'absent')
      return { kind: 'not-judged', detail: `the CNAME is at ${record.name}, but a TXT question there is answered as if it were not` };
    if (txt?.kind === 'answer' && cnameTargets(txt.records, record.name).length === 0)
      return { kind: 'not-judged', detail: `a CNAME and other data are both given at ${record.name}` };
    return { kind: 'right', value: target, txt: txt?.kind === 'answer' ? 'answered' : (txtFailure(txt) ?? 'not-asked') };
  }
  if (around.wild.has(`CNAME ${target}`)) return { kind: 'absent', how: 'nodata', wildcard: true };
  const mayLeadThere =
    !isSesDkimZone(target) && !target.startsWith(`${record.target}.`) && !around.resolvers.some(({ outcome }) => heard(outcome));
  return mayLeadThere
    ? { kind: 'not-judged', detail: `the CNAME at ${record.name} leads to ${shown(target)}, and no resolver said where that ends` }
    : { kind: 'other', value: target };
}

/** No CNAME: the record is absent, unless a key stands in its place (a provider that "flattens" CNAMEs shows only the TXT). */
function withoutCname(record: ExpectedRecord, txt: Outcome | undefined, cname: Outcome | undefined, around: Surroundings): Says {
  const texts = txtAtEnd(recordsOf(txt), record.name);
  if (texts.length > 0) {
    if (around.wild.has(fingerprint(recordsOf(txt), record.name) ?? '')) return { kind: 'absent', how: 'nodata', wildcard: true };
    return judgeKey(texts, undefined).kind === 'usable'
      ? { kind: 'not-judged', detail: `there is no CNAME at ${record.name}, but a key: the DNS host may be flattening CNAMEs` }
      : { kind: 'absent', how: 'nodata', wildcard: false };
  }
  return absent(txt, cname) ?? { kind: 'mute', outcome: failure(cname) ?? failure(txt) };
}

function saysOfKey(
  record: Extract<ExpectedRecord, { type: 'TXT' }>,
  txt: Outcome | undefined,
  cname: Outcome | undefined,
  around: Surroundings,
): Says {
  const target = cnameChain(recordsOf(txt), record.name)[0] ?? cnameTargets(recordsOf(cname), record.name)[0];
  const failed = txtFailure(txt);
  if (txt?.kind === 'answer') {
    const texts = txtAtEnd(txt.records, record.name);
    if (texts.length > 0) return saysOfTexts(record, texts, around.wild.has(fingerprint(txt.records, record.name) ?? ''));
    if (target !== undefined) return delegatedKey(record, target, around);
  } else if (failed !== undefined && (target !== undefined || (cname?.kind === 'absent' && cname.how === 'nodata'))) {
    return { kind: 'txt-failing', failure: failed };
  } else if (txt?.kind === 'absent' && target !== undefined) {
    return { kind: 'not-judged', detail: `a CNAME is at ${record.name}, but a TXT question there is answered as if it were not` };
  }
  return absent(txt, cname) ?? { kind: 'mute', outcome: failure(txt) ?? failure(cname) };
}

function saysOfTexts(record: ExpectedRecord, texts: readonly string[], wildcard: boolean): Says {
  const verdict = judgeKey(texts, record.type === 'TXT' ? record.publicKey : undefined);
  if (verdict.kind === 'usable') return { kind: 'right', value: texts[0] ?? '', txt: 'answered' };
  if (wildcard) return { kind: 'absent', how: 'nodata', wildcard: true };
  return verdict.kind === 'not-judged'
    ? { kind: 'not-judged', detail: `the key at ${record.name}: ${verdict.detail}` }
    : { kind: 'bad-key', key: verdict, value: texts[0] ?? '' };
}

/** A selector may be a CNAME to a key elsewhere; only a resolver sees what is there. */
function delegatedKey(record: ExpectedRecord, target: string, around: Surroundings): Says {
  if (around.wild.has(`CNAME ${target}`)) return { kind: 'absent', how: 'nodata', wildcard: true };
  for (const { outcome } of around.resolvers) {
    const texts = cnameChain(recordsOf(outcome), record.name)[0] === target ? txtAtEnd(recordsOf(outcome), record.name) : [];
    if (texts.length > 0) return saysOfTexts(record, texts, false);
  }
  const end = around.resolvers.some(({ outcome }) => heard(outcome)) ? 'there is no key there' : 'no resolver said what is there';
  return { kind: 'not-judged', detail: `a CNAME at ${record.name} leads to ${shown(target)}, and ${end}` };
}

function absent(...outcomes: readonly (Outcome | undefined)[]): Says | undefined {
  // An answer without anything at the name we asked about is nonsense, not an absence.
  if (outcomes.some((outcome) => outcome?.kind === 'answer')) return undefined;
  const said = outcomes.flatMap((outcome) => (outcome?.kind === 'absent' ? [outcome.how] : []));
  return said.length === 0 ? undefined : { kind: 'absent', how: said.includes('nxdomain') ? 'nxdomain' : 'nodata', wildcard: false };
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

const heard = (outcome: Outcome): boolean => outcome.kind === 'answer' || outcome.kind === 'absent';
const shown = (name: string): string => visible(name, 100);
