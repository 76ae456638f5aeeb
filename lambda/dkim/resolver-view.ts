// What the answers of resolvers say of a record that its own servers hold: whether it leads to a key.
import type { ExpectedRecord } from '../model/expectation.ts';
import type { Lookup } from '../model/lookup.ts';
import { cnameChain, txtAtEnd } from './answer-chain.ts';

const isHeard = ({ outcome }: Lookup): boolean => outcome.kind === 'answer' || outcome.kind === 'absent';

/** True if the resolvers that answer show no key where the CNAME ends: enough to ask again, not to say it. */
export function maySeeNoKey(record: ExpectedRecord, lookups: readonly Lookup[]): boolean {
  const answers = lookups.filter(isHeard);
  const hasKey = ({ outcome }: Lookup): boolean =>
    outcome.kind === 'answer' && txtAtEnd(outcome.records, record.name).some((text) => /p=\s*[A-Za-z0-9+/]/.test(text));
  return record.type === 'CNAME' && answers.length > 0 && !answers.some(hasKey);
}

/**
 * Every resolver that follows the CNAME to the expected target, one at least, finds nothing at its end. One that says that the CNAME itself is not
 * there has not gone to look: it remembers the time before it was published. Any other text is no proof that there is no key.
 */
export function seesNoKey(record: Extract<ExpectedRecord, { type: 'CNAME' }>, lookups: readonly Lookup[]): boolean {
  const ends = lookups.flatMap(({ outcome }) =>
    outcome.kind === 'answer' && cnameChain(outcome.records, record.name).includes(record.target)
      ? [txtAtEnd(outcome.records, record.name)]
      : [],
  );
  return ends.length > 0 && ends.every((texts) => texts.every(isEmpty));
}

/** `p=` without a key counts as empty here: it is SES's own record. */
const isEmpty = (text: string): boolean => text.trim() === '' || /(^|;)\s*p=\s*(;|$)/.test(text);
