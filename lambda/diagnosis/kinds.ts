// The kinds of findings as a list for people: where each belongs, how bad it can be, what it is in one line, and on what grounds it is said.
import type { FindingKind, Severity } from '../model/finding.ts';
import { BLINDNESS_KINDS } from './kinds/blindness.ts';
import { KEY_KINDS } from './kinds/keys.ts';
import { RECORD_KINDS } from './kinds/records.ts';
import { STATUS_KINDS } from './kinds/status.ts';

export type Section = 'A' | 'B' | 'C' | 'D';

export const SECTION_TITLES: { readonly [S in Section]: string } = {
  A: 'What DNS says about the records',
  B: 'What the key record says',
  C: 'What SES says',
  D: 'What we could not see (never "healthy", never "broken")',
};

export interface KindRow {
  readonly section: Section;
  /** Every severity that it can have, the worst first. */
  readonly severities: readonly [Severity, ...Severity[]];
  /** Which of them when, in words that go on behind the severity's own name; absent where there is only one. */
  readonly severityWhen?: string;
  /** What is wrong, in one line. */
  readonly summary: string;
  /** On what grounds it is said. */
  readonly found: string;
  /** What it hides besides the kinds that the rulebook names. */
  readonly alsoHides?: string;
}

/** One row a kind, in the order in which people look for them. Not the order of telling, which is the rulebook's. */
export const KIND_ROWS: { readonly [K in FindingKind]: KindRow } = {
  ...RECORD_KINDS,
  ...KEY_KINDS,
  ...STATUS_KINDS,
  ...BLINDNESS_KINDS,
};
