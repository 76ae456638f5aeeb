// All there is to say about one kind of finding, as data: for `dkim-monitor explain`, for the documentation, and for scripts.
import type { FindingKind, Severity } from './finding.ts';
import type { ReportFinding } from './report.ts';

/** A contract, printed by `dkim-monitor explain KIND --json`: add fields, never rename or drop them. Every text is safe to show. */
export interface Explanation {
  readonly kind: FindingKind;
  /** The part of the list in which it stands, and that part's title. */
  readonly section: string;
  readonly sectionTitle: string;
  /** Every severity that it can have, the worst first; `severityWhen` says which when, where there are several. */
  readonly severities: readonly Severity[];
  readonly severityWhen?: string;
  readonly summary: string;
  /** On what grounds it is said. */
  readonly found: string;
  /** While one of these is there, this one is not told. */
  readonly hiddenBy: readonly FindingKind[];
  readonly hides: readonly FindingKind[];
  /** What it hides besides, in words. */
  readonly alsoHides?: string;
  /** Why it stands at its place among the others; absent where the rulebook does not name it. */
  readonly why?: string;
  /** Made up, with its words and what to paste. */
  readonly example: ReportFinding;
  /** What the example would be muted by: an identity's name, or `account/region`. */
  readonly exampleOf: string;
  /** The time at which the example plays, ISO 8601 UTC: its deadlines are counted from here. */
  readonly exampleAt: string;
}
