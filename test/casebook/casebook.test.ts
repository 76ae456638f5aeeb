// The casebook: every scenario of the sandbox played to the real handler once, its findings compared with what the scenario expects, its words with the cases.
import { readFileSync } from 'node:fs';
import type { Scenario } from '../../sandbox/scenarios/plot.ts';
import { SCENARIOS } from '../../sandbox/scenarios/scenario.ts';
import { casebookPage } from '../../scripts/generate-casebook-doc.ts';
import { CASES, PUBLIC_CASES } from './cases.ts';
import { departures } from './departures.ts';
import { openTheatre, type Played } from './theatre.ts';
import { wordDepartures } from './words.ts';

/** Every departure from what is expected, at each moment for which something is. */
function departuresIn({ scenario, moments }: Played): readonly string[] {
  return moments.flatMap(({ step, report }, i) => {
    const judged = [step === undefined ? scenario.starts : step.expect, ...(i === moments.length - 1 ? [scenario.expect] : [])];
    const when = step === undefined ? 'at first' : step.title;
    return judged.flatMap((expected) => (expected === undefined ? [] : departures(report, expected))).map((wrong) => `${when}: ${wrong}`);
  });
}

const theatre = openTheatre();
afterAll(async () => (await theatre).close());

const plays = new Map<string, Promise<Played>>();
/** Each scenario is played once, whoever asks for it. */
function played(name: string): Promise<Played> {
  const scenario = SCENARIOS[name];
  if (scenario === undefined) throw new Error(`there is no scenario "${name}"`);
  const play = plays.get(name) ?? theatre.then((open) => open.play(scenario));
  plays.set(name, play);
  return play;
}

/** Those with the most sweeps first, so that they are not alone at the end. */
const sweepsOf = ({ steps }: Scenario): number => steps.reduce((sum, { sweeps = 1 }) => sum + sweeps, 1);
const names = Object.values(SCENARIOS)
  .sort((a, b) => sweepsOf(b) - sweepsOf(a))
  .map(({ name }) => name);

test.concurrent.each(names)('scenario %s', async (name) => expect(departuresIn(await played(name))).toEqual([]), 180_000);

const worded = CASES.filter(({ told = [] }) => told.length > 0);
test.concurrent.each(worded.map((one) => [one.number, one.title, one] as const))(
  'case %i, in words: %s',
  async (_number, _title, { told = [] }) => {
    const wrong = await Promise.all(
      told.map(async (one) => wordDepartures(one, await played(one.scenario)).map((w) => `${one.scenario}: ${w}`)),
    );
    expect(wrong.flat()).toEqual([]);
  },
  180_000,
);

test('all forty public cases are here, and at least thirty of our own', () => {
  expect(CASES.map(({ number }) => number)).toEqual(Array.from({ length: CASES.length }, (_, i) => i + 1));
  expect(CASES.filter(({ source }) => source !== 'own')).toHaveLength(PUBLIC_CASES);
  expect(CASES.length - PUBLIC_CASES).toBeGreaterThanOrEqual(30);
});

test('every case names scenarios that there are, and speaks of those alone; every scenario belongs to a case', () => {
  const named = new Set(CASES.flatMap(({ scenarios }) => scenarios));
  expect([...named].sort()).toEqual(Object.keys(SCENARIOS).sort());
  for (const { scenarios, told = [] } of CASES)
    expect(told.map(({ scenario }) => scenario).filter((name) => !scenarios.includes(name))).toEqual([]);
});

test('the page docs/casebook.md is current', () => {
  expect(readFileSync(new URL('../../docs/casebook.md', import.meta.url), 'utf8')).toBe(casebookPage());
});
