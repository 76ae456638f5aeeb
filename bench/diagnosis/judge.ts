// Compares what was told with what had to be told, sweep by sweep: each difference is a mistake of one of four kinds.
import { isDeepStrictEqual } from 'node:util';
import type { Report, ReportFinding } from '../../lambda/model/report.ts';
import type { Expected } from './expected.ts';
import type { Moment } from './fault.ts';

/** `wrong-cause` another finding than the right one, or the right one with wrong facts or severity · `not-judged` unknown although it can be known. */
export type MistakeKind = 'wrong-cause' | 'missed' | 'false-alarm' | 'not-judged';

export interface Mistake {
  readonly kind: MistakeKind;
  readonly key: string;
  /** Number of the sweep, from 1. */
  readonly sweep: number;
  readonly says: string;
}

export interface ToldOf {
  readonly findings: readonly Pick<ReportFinding, 'kind' | 'severity' | 'facts'>[];
  readonly diagnosis?: string;
  readonly detail?: string;
}

/** What a report tells, by `account/region/identity`, `account/region`, and `across/domain`. */
export function toldIn(report: Report): ReadonlyMap<string, ToldOf> {
  const told = new Map<string, ToldOf>();
  for (const { account, region, identity, findings, diagnosis, unknown } of report.identities)
    told.set(`${account}/${region}/${identity}`, {
      findings,
      diagnosis,
      ...(unknown ? { detail: `${unknown.reason}: ${unknown.detail ?? ''}` } : {}),
    });
  for (const finding of report.findings) {
    if (finding.kind === 'setup-differs') told.set(`across/${String(finding.facts.identity)}`, { findings: [finding] });
    else for (const { account, region } of finding.targets) told.set(`${account}/${region}`, { findings: [finding] });
  }
  return told;
}

interface Seen {
  readonly moment: Moment;
  readonly told: ReadonlyMap<string, ToldOf>;
}

/** Every mistake about one estate over all sweeps, in which `expected` is all that may be said of it. */
export function judge(expected: readonly Expected[], sweeps: readonly Seen[]): readonly Mistake[] {
  const onTheWay = sweeps.slice(0, -1).flatMap((seen, i) => expected.flatMap((one) => early(one, seen, i + 1)));
  const last = sweeps.at(-1);
  const accounts = new Set(expected.map(({ key }) => key.split('/')[0]));
  const known = new Set(expected.map(({ key }) => key));
  // A target or a domain of which nothing is expected, and something was told.
  const strangers = sweeps.flatMap(({ told }, i) =>
    [...told].flatMap(([key, { findings }]): readonly Mistake[] => {
      const domain = key.startsWith('across/') ? key.slice('across/'.length) : undefined;
      const mine = domain === undefined ? accounts.has(key.split('/')[0]) : expected.some((one) => one.key.endsWith(`/${domain}`));
      if (!mine || known.has(key)) return [];
      return findings.map(({ kind, severity }) => ({ kind: 'false-alarm', key, sweep: i + 1, says: `told ${kind} (${severity})` }));
    }),
  );
  return [...onTheWay, ...strangers, ...(last === undefined ? [] : expected.flatMap((one) => final(one, last.told, sweeps)))];
}

/** Before the end only what is to come may be told, and who has nothing to fear is healthy. */
function early({ key, allowed, faults }: Expected, { moment, told }: Seen, sweep: number): readonly Mistake[] {
  const { findings = [], diagnosis, detail } = told.get(key) ?? {};
  const kinds = allowed[moment];
  const false_ = findings
    .filter(({ kind }) => !kinds.has(kind))
    .map(
      ({ kind, severity }): Mistake => ({
        kind: kinds.size > 0 ? 'wrong-cause' : 'false-alarm',
        key,
        sweep,
        says: `told ${kind} (${severity}) on the way`,
      }),
    );
  if (faults.length > 0 || diagnosis !== 'unknown') return false_;
  return [...false_, { kind: 'not-judged', key, sweep, says: detail ?? 'unknown' }];
}

function final(one: Expected, told: ReadonlyMap<string, ToldOf>, sweeps: readonly Seen[]): readonly Mistake[] {
  const { key } = one;
  const sweep = sweeps.length;
  const { findings: all = [], diagnosis, detail } = told.get(key) ?? {};
  const left = [...all];
  const unmet = one.told.filter((wanted) => {
    const at = left.findIndex((found) => found.kind === wanted.kind && differences(wanted, found).length === 0);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const mistakes: Mistake[] = [];
  for (const wanted of unmet) {
    const before = sweeps.flatMap((seen) => seen.told.get(key)?.findings ?? []);
    if (wanted.flickers && before.some((found) => found.kind === wanted.kind && differences(wanted, found).length === 0)) continue;
    const same = left.findIndex(({ kind }) => kind === wanted.kind);
    const at = same >= 0 ? same : left.findIndex(({ kind }) => !one.told.some((other) => other.kind === kind));
    const [found] = at >= 0 ? left.splice(at, 1) : [];
    if (found === undefined)
      mistakes.push({
        kind: 'missed',
        key,
        sweep,
        says: `not told: ${wanted.kind} (${wanted.severity})${detail === undefined ? '' : `; unknown: ${detail}`}`,
      });
    else if (found.kind === wanted.kind)
      mistakes.push({ kind: 'wrong-cause', key, sweep, says: `${wanted.kind}: ${differences(wanted, found).join('; ')}` });
    else
      mistakes.push({
        kind: 'wrong-cause',
        key,
        sweep,
        says: `told ${found.kind} (${found.severity}) instead of ${wanted.kind} (${wanted.severity})`,
      });
  }
  for (const { kind, severity } of left) mistakes.push({ kind: 'false-alarm', key, sweep, says: `told ${kind} (${severity})` });
  if (diagnosis !== undefined && diagnosis !== one.diagnosis && mistakes.length === 0)
    mistakes.push({
      kind: diagnosis === 'unknown' ? 'not-judged' : 'wrong-cause',
      key,
      sweep,
      says: `${diagnosis}, not ${one.diagnosis}${detail === undefined ? '' : ` (${detail})`}`,
    });
  return mistakes;
}

/** What differs between the two, in words; facts that nobody expects may be anything. */
function differences(wanted: Expected['told'][number], found: ToldOf['findings'][number]): readonly string[] {
  const facts = Object.entries(wanted.facts).flatMap(([name, value]) =>
    isDeepStrictEqual(found.facts[name], value) ? [] : [`${name} is ${JSON.stringify(found.facts[name])}, not ${JSON.stringify(value)}`],
  );
  return found.severity === wanted.severity ? facts : [`it is ${found.severity}, not ${wanted.severity}`, ...facts];
}
