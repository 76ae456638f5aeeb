// Compares a report with what a scenario expects: every departure is one sentence.
import type { Report, ReportFinding } from '../../lambda/model/report.ts';
import type { Expectation, Expectations } from '../../sandbox/scenarios/plot.ts';

/** What was said about one identity (`account/region/identity`) or one target (`account/region`). */
interface Said {
  readonly diagnosis?: string;
  readonly findings: readonly ReportFinding[];
}

/** Empty if the report says exactly what is expected. Who is not named must be healthy, with nothing said at all. */
export function departures(report: Report, expected: Expectations): readonly string[] {
  const said = saidIn(report);
  const named = Object.entries(expected).flatMap(([key, expectation]) =>
    compare(said.get(key) ?? { findings: [] }, expectation).map(at(key)),
  );
  const hidden = new Set(report.targets.filter(({ gap }) => gap !== undefined).map(({ account, region }) => `${account}/${region}`));
  const unnamed = [...said].flatMap(([key, one]) => {
    const [account, region, identity] = key.split('/');
    if (expected[key] !== undefined || (identity !== undefined && hidden.has(`${account}/${region}`))) return [];
    const untrue = identity !== undefined && one.diagnosis !== 'healthy' ? [`${one.diagnosis}, though nothing is wrong with it`] : [];
    return [...untrue, ...one.findings.map(({ kind }) => `${kind} was said, though nobody expects a word about it`)].map(at(key));
  });
  return [...named, ...unnamed];
}

const at =
  (key: string) =>
  (sentence: string): string =>
    `${key}: ${sentence}`;

function saidIn(report: Report): ReadonlyMap<string, Said> {
  const said = new Map<string, Said>();
  for (const { account, region, identity, diagnosis, findings } of report.identities)
    said.set(`${account}/${region}/${identity}`, { diagnosis, findings });
  for (const finding of report.findings)
    for (const { account, region } of finding.targets) {
      const key = `${account}/${region}`;
      said.set(key, { findings: [...(said.get(key)?.findings ?? []), finding] });
    }
  return said;
}

function compare({ findings, diagnosis }: Said, expectation: Expectation): readonly string[] {
  const kinds = findings.map(({ kind }) => kind as string);
  const instead = `(but: ${kinds.join(', ') || 'nothing'}; ${diagnosis ?? 'no diagnosis'})`;
  const { mandatory, forbidden, facts = {}, severity = {} } = expectation;
  return [
    ...mandatory.filter((kind) => !kinds.includes(kind)).map((kind) => `${kind} was not said ${instead}`),
    ...forbidden.filter((kind) => kinds.includes(kind)).map((kind) => `${kind} was said`),
    ...(expectation.diagnosis === undefined || [expectation.diagnosis].flat().some((right) => right === diagnosis)
      ? []
      : [`${diagnosis}, not ${[expectation.diagnosis].flat().join(' or ')} (${kinds.join(', ')})`]),
    ...Object.entries(facts).flatMap(([kind, wanted]) => factsOf(findings, kind, wanted)),
    ...Object.entries(severity).flatMap(([kind, wanted]) =>
      findings
        .filter((finding) => finding.kind === kind && finding.severity !== wanted)
        .map((finding) => `${kind} is ${finding.severity}, not ${wanted}`),
    ),
  ];
}

/** Lists in any order and of the same length; objects may have more fields than are wanted. */
function matches(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(actual) && actual.length === wanted.length && wanted.every((one) => actual.some((candidate) => matches(candidate, one)))
    );
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted;
  if (typeof actual !== 'object' || actual === null) return false;
  const fields = actual as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([field, value]) => matches(fields[field], value));
}

/** One finding of the kind must carry all the facts. If none of the kind was said, that is said elsewhere. */
function factsOf(findings: readonly ReportFinding[], kind: string, wanted: Readonly<Record<string, unknown>>): readonly string[] {
  const each = findings
    .filter((finding) => finding.kind === kind)
    .map(({ facts }) =>
      Object.entries(wanted).flatMap(([fact, value]) =>
        matches(facts[fact], value) ? [] : [`${kind}.${fact} is ${JSON.stringify(facts[fact])}, not ${JSON.stringify(value)}`],
      ),
    );
  return each.some((wrong) => wrong.length === 0) ? [] : (each[0] ?? []);
}
