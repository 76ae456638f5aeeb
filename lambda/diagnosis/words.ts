// The shape of the words for one kind of finding.
import type { Subject } from '../model/alert.ts';
import type { FindingKind, FindingOf } from '../model/finding.ts';

export interface Words<K extends FindingKind> {
  /** One line, with the identity's name in it. */
  readonly title: (finding: FindingOf<K>, subject: Subject) => string;
  /** What it means, as things stand now: what is wrong, where, since when, and what SES makes of it. */
  readonly meaning: (finding: FindingOf<K>, subject: Subject) => string;
  /** What happens next if nobody does anything, in sentences; also where nothing does. Times of deadlines stand in the deadlines, not here. */
  readonly next: (finding: FindingOf<K>, subject: Subject) => string;
  /** What to do, in steps. The lines of a step after its first are commands or records, to be shown as they stand. */
  readonly fix: (finding: FindingOf<K>, subject: Subject) => readonly string[];
  /** For the documentation and the tests. */
  readonly example: FindingOf<K>;
}

/** The table of words for some kinds. */
export type WordsFor<K extends FindingKind> = { readonly [One in K]: Words<One> };
