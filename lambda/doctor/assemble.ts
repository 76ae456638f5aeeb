// Puts checks of the same link that ended for the same reason together, counted, worst first, within the size of an answer.
import { CHECK_OUTCOMES, type CheckOutcome, type CheckResult, type Checkup, LINKS, type Place } from '../model/checkup.ts';
import { visible } from '../model/safe-text.ts';
import type { Check } from './check.ts';
import { LINK_TITLES, outcomeOf, wordsOf } from './words.ts';

/** A function may answer 6 MB (AWS Lambda quotas): so many results, and places in all, are some 2 MB at most. What goes beyond is counted, not listed. */
const MOST_RESULTS = 500;
const MOST_PLACES = 500;
const MOST_PLACES_IN_ALL = 10_000;

export type CheckupFacts = Omit<Checkup, 'schema' | 'summary' | 'results'>;

/** `checks` in the order in which the places are to be shown. */
export function assembleCheckup(checks: readonly Check[], facts: CheckupFacts): Checkup {
  const groups = new Map<string, Check[]>();
  for (const check of checks) {
    const key = `${check.link} ${check.trouble === undefined ? '' : JSON.stringify(check.trouble)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [check]);
    else group.push(check);
  }
  const results = [...groups.values()].map(resultOf).sort(compareResults);
  return { schema: 1, ...facts, summary: countsOf(results), results: withinBounds(results) };
}

/** The checkup with more checks in it, such as those that only the command can make. */
export function withChecks(checkup: Checkup, checks: readonly Check[]): Checkup {
  const more = assembleCheckup(checks, checkup).results;
  const results = [...more, ...checkup.results].sort(compareResults);
  const summary = countsOf(more);
  return {
    ...checkup,
    summary: mapOutcomes((outcome) => checkup.summary[outcome] + summary[outcome]),
    results,
  };
}

function resultOf(group: readonly Check[]): CheckResult {
  const [{ link, trouble, detail }] = group as [Check, ...Check[]];
  const places = group.map(({ place }) => shownPlace(place));
  const base = { link, count: group.length, places, ...(detail === undefined ? {} : { detail: visible(detail, 600) }) };
  if (trouble === undefined) return { ...base, outcome: 'ok', title: LINK_TITLES[link], says: '', todo: '', commands: [] };
  const { title, says = '', todo = '', commands = [] } = wordsOf(trouble);
  return { ...base, outcome: outcomeOf(trouble), kind: trouble.kind, title, says, todo, commands };
}

const shownPlace = ({ account, region, subject }: Place): Place => ({
  ...(account === undefined ? {} : { account: visible(account, 20) }),
  ...(region === undefined ? {} : { region: visible(region, 40) }),
  ...(subject === undefined ? {} : { subject: visible(subject, 300) }),
});

function compareResults(a: CheckResult, b: CheckResult): number {
  return (
    CHECK_OUTCOMES.indexOf(a.outcome) - CHECK_OUTCOMES.indexOf(b.outcome) ||
    LINKS.indexOf(a.link) - LINKS.indexOf(b.link) ||
    b.count - a.count
  );
}

function withinBounds(results: readonly CheckResult[]): readonly CheckResult[] {
  let left = MOST_PLACES_IN_ALL;
  return results.slice(0, MOST_RESULTS).map((result) => {
    const places = result.places.slice(0, Math.min(MOST_PLACES, left));
    left -= places.length;
    return { ...result, places };
  });
}

const countsOf = (results: readonly CheckResult[]): Checkup['summary'] =>
  mapOutcomes((outcome) => results.reduce((sum, one) => sum + (one.outcome === outcome ? one.count : 0), 0));

const mapOutcomes = (count: (outcome: CheckOutcome) => number): Checkup['summary'] => ({
  ok: count('ok'),
  warn: count('warn'),
  fail: count('fail'),
  unknown: count('unknown'),
  skipped: count('skipped'),
});
