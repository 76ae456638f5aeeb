// The bounds as the page tells them are the bounds of the code.
import { readFileSync } from 'node:fs';
import { BOUNDS } from '../../lambda/dns/bounds.ts';

const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');

test('the page lists every bound, with its number', () => {
  const told = [...page.matchAll(/^\|.*\| `(\w+)` \| (\d+) \|$/gm)].map((row) => [row[1], Number(row[2])] as const);
  expect(Object.fromEntries(told)).toEqual(BOUNDS);
  expect(told).toHaveLength(Object.keys(BOUNDS).length);
});

test('the sum for one domain is right', () => {
  const delegation = BOUNDS.climbs + 1 + BOUNDS.walkQuestions + 3;
  const names = BOUNDS.serversOfZone * (2 + BOUNDS.hostQuestions);
  const panel = 2 * BOUNDS.addressesOfZone * (1 + 2 * 3) + 2 + 3 * (1 + 2 * 2 * 2);
  expect(page).toContain(
    `at most ${2 * delegation + names + panel} questions: twice a search for its delegation (${delegation}), the names of 13\nname servers (${names}), and a panel at ${BOUNDS.addressesOfZone} addresses (${panel})`,
  );
});
