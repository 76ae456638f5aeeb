// Gathers all there is to say about one kind of finding from the tables: its row, its words, its place in the rulebook.
import type { Explanation } from '../model/explanation.ts';
import { FINDING_KINDS, type Finding, type FindingKind } from '../model/finding.ts';
import { EXAMPLE_AT } from './catalog/example.ts';
import { exampleSubject } from './catalog/example-subject.ts';
import { CATALOG } from './catalog.ts';
import { KIND_ROWS, SECTION_TITLES } from './kinds.ts';
import { toReportFinding } from './report-finding.ts';
import { RULEBOOK } from './rulebook.ts';

/** The kinds of this version in the order of the list: by section, and within it as people look for them. */
export function kindsInOrder(): readonly FindingKind[] {
  const known = new Set<string>(FINDING_KINDS);
  return (Object.keys(KIND_ROWS) as FindingKind[]).filter((kind) => known.has(kind));
}

/** Everything about one kind. */
export function explain(kind: FindingKind): Explanation {
  const row = KIND_ROWS[kind];
  const entry = RULEBOOK.find((candidate) => candidate.kind === kind);
  const subject = exampleSubject(kind);
  return {
    kind,
    section: row.section,
    sectionTitle: SECTION_TITLES[row.section],
    severities: row.severities,
    ...(row.severityWhen === undefined ? {} : { severityWhen: row.severityWhen }),
    summary: row.summary,
    found: row.found,
    hiddenBy: entry?.hiddenBy ?? [],
    hides: kindsInOrder().filter((other) => RULEBOOK.some((one) => one.kind === other && one.hiddenBy.includes(kind))),
    ...(row.alsoHides === undefined ? {} : { alsoHides: row.alsoHides }),
    ...(entry === undefined ? {} : { why: entry.why }),
    example: toReportFinding(CATALOG[kind].example as Finding, subject),
    exampleOf: subject.identity === '' ? `${subject.account}/${subject.region}` : subject.identity,
    exampleAt: EXAMPLE_AT,
  };
}
