// A finding as the report and the messages show it: with words, with records to paste, with evidence, and nothing in it that is unsafe to show.
import type { Subject } from '../model/alert.ts';
import type { Deadline, Finding, FindingKind } from '../model/finding.ts';
import type { Lookup } from '../model/lookup.ts';
import type { ReportFinding } from '../model/report.ts';
import { visible } from '../model/safe-text.ts';
import { wordsFor } from './catalog.ts';
import { recordForms } from './fixes.ts';
import { answersOf, outcomeWords, serverName } from './server-words.ts';

/** The kinds that publishing their records mends; for the others the records are there, and shown only as what they are about. */
const PUBLISHED_ANEW: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'record-missing',
  'record-name-doubled',
  'record-wrong-target',
  'wildcard-answer',
  'record-misplaced',
  'record-wrong-type',
  'record-ambiguous',
  'key-wrong-type',
  'key-too-short',
  'key-testing',
  'key-restricted',
  'key-mismatch',
  'key-changed',
  'mail-from-broken',
  'nameservers-disagree',
  'key-malformed',
  'key-revoked',
  'verification-failed',
  'revoked',
]);

/** The published form of one finding (report schema 1). Every text in it was made visible. */
export function toReportFinding(finding: Finding, subject: Subject): ReportFinding {
  const { kind, severity, deadlines } = finding;
  const paste = recordForms(finding.records, finding.zone);
  return {
    kind,
    severity,
    facts: safe({ ...subjectFacts(finding, subject), ...finding.facts }, 0) as ReportFinding['facts'],
    ...wordsFor(finding, subject),
    records: paste.table.map(({ name, type, value }) => ({ name, type, value })),
    evidence: finding.evidence.map(evidenceLine),
    ...(deadlines.length > 0 ? { deadlines: deadlines.map(deadlineOf) } : {}),
    ...(finding.records.length > 0 && PUBLISHED_ANEW.has(kind) ? { paste } : {}),
  };
}

/** What every finding carries; one about a whole target has no identity. Where SES was not asked, account and region are left out. */
function subjectFacts({ kind }: Finding, subject: Subject): Readonly<Record<string, unknown>> {
  const { account, region, identity, method, status, signing, errorType, readAt } = subject;
  const target = { ...(account === '' ? {} : { account }), ...(region === '' ? {} : { region }) };
  if (kind === 'target-unreadable') return target;
  const rest = { identity, method, status, readAt, ...(signing === undefined ? {} : { signing }) };
  return { ...target, ...rest, ...(errorType === undefined ? {} : { errorType }) };
}

const deadlineOf = ({ name, at, estimated, countedFrom }: Deadline): NonNullable<ReportFinding['deadlines']>[number] => ({
  name,
  at: visible(at, 40),
  estimated,
  ...(countedFrom === undefined ? {} : { countedFrom: visible(countedFrom, 40) }),
});

function evidenceLine(lookup: Lookup): ReportFinding['evidence'][number] {
  return {
    server: `${serverName(lookup.server)}${lookup.server.role === 'resolver' ? ', a resolver' : ''}`,
    question: `${lookup.question.type} ${visible(lookup.question.name, 260)}`,
    // A resolver never answers with authority.
    outcome: lookup.server.role === 'resolver' && lookup.outcome.kind === 'answer' ? 'answer' : outcomeWords(lookup.outcome),
    answers: answersOf(lookup),
    at: visible(lookup.at, 40),
  };
}

/** Facts nest two levels at most; deeper is not ours. */
const MAX_DEPTH = 4;
const MAX_ITEMS = 100;

function safe(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return visible(value, 1000);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => safe(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, safe(item, depth + 1)]));
}
