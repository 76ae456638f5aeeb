// Where messages go: fires and must-not-fire for each condition of a route, and that nothing is ever lost by one.
import fc from 'fast-check';
import type { Alert } from '../../lambda/model/alert.ts';
import type { Route, Routing } from '../../lambda/model/policy.ts';
import type { Telling } from '../../lambda/model/telling.ts';
import { destinationOf, withRouteTags } from '../../lambda/sweep/routing.ts';
import { finding } from '../alerts/build.ts';
import { alert, subject } from '../messages/build.ts';

const about = (...subjects: Parameters<typeof subject>[]): Alert =>
  alert({ affected: subjects.map((given) => ({ subject: subject(...given), findings: [finding()] })) });
const one = (given: Alert): Telling => ({ kind: 'alert', event: 'opened', reason: 'new', alert: given, messageId: 'm1' });
const route = (more: Partial<Route>): Route => ({
  exit: 'team',
  accounts: [],
  regions: [],
  identities: [],
  tags: {},
  exclusive: false,
  ...more,
});
const routing = (...routes: readonly Route[]): Routing => ({ everything: [], critical: [], routes });
const EXITS = new Set(['team', 'other', 'critical', 'bus']);
const goesTo = (given: Alert, ...routes: readonly Route[]): readonly string[] => destinationOf(one(given), routing(...routes), EXITS).exits;

const SHOP = about(['shop.example', { tags: { team: 'web', stage: 'live' } }]);
const CASES: readonly (readonly [string, Partial<Route>, Alert, boolean])[] = [
  ['its account', { accounts: ['111111111111'] }, SHOP, true],
  ['another account', { accounts: ['222222222222'] }, SHOP, false],
  ['its region', { regions: ['us-east-1'] }, SHOP, true],
  ['another region', { regions: ['eu-west-1'] }, SHOP, false],
  ['its account in another region', { accounts: ['111111111111'], regions: ['eu-west-1'] }, SHOP, false],
  ['its domain', { identities: ['shop.example'] }, SHOP, true],
  ['its domain in capitals', { identities: ['SHOP.example'] }, SHOP, true],
  ['a pattern', { identities: ['*.example'] }, SHOP, true],
  ['a pattern of what stands below it', { identities: ['*.shop.example'] }, SHOP, false],
  ['another domain', { identities: ['other.example'] }, SHOP, false],
  ['the domain of an address', { identities: ['shop.example'] }, about(['me@shop.example', { type: 'address' }]), true],
  ['another address', { identities: ['you@shop.example'] }, about(['me@shop.example', { type: 'address' }]), false],
  ['its tag', { tags: { team: 'web' } }, SHOP, true],
  ['two of its tags', { tags: { team: 'web', stage: 'live' } }, SHOP, true],
  ['a tag with another value', { tags: { team: 'mail' } }, SHOP, false],
  ['a tag in other letters', { tags: { Team: 'web' } }, SHOP, false],
  ['a tag that every object seems to have', { tags: { constructor: 'x' } }, SHOP, false],
  ['any identity of several', { identities: ['b.example'] }, about(['a.example'], ['b.example']), true],
  ['the account of a target that cannot be read', { accounts: ['111111111111'] }, alert({ affected: [] }), true],
  ['a domain, of a target that cannot be read', { identities: ['*'] }, alert({ affected: [] }), false],
];

test.each(CASES)('a route by %s', (_name, given, about, fires) => {
  expect(goesTo(about, route(given))).toEqual(fires ? ['team'] : []);
});

describe('exclusive', () => {
  const exclusive = route({ identities: ['*.team.example'], exclusive: true });
  const mainOf = (given: Alert, ...routes: readonly Route[]) => destinationOf(one(given), routing(...routes), EXITS).main;

  test('takes off the main topic what is its own alone', () => {
    expect(mainOf(about(['a.team.example'], ['b.team.example']), exclusive)).toBe(false);
  });

  test('but not what is also about somebody else', () => {
    expect(mainOf(about(['a.team.example'], ['else.example']), exclusive)).toBe(true);
  });

  test('several of them together may, if none of the identities is left over', () => {
    const other = route({ exit: 'other', identities: ['else.example'], exclusive: true });
    expect(mainOf(about(['a.team.example'], ['else.example']), exclusive, other)).toBe(false);
    expect(mainOf(about(['a.team.example'], ['else.example']), exclusive, { ...other, exclusive: false })).toBe(true);
  });

  test('an exit that does not exist takes nothing', () => {
    expect(destinationOf(one(about(['a.team.example'])), routing(exclusive), new Set())).toEqual({ main: true, exits: [], instead: [] });
  });

  test('whatever the routes are, every identity goes to the main topic or to a route that matches it', () => {
    const names = fc.constantFrom('a.one.example', 'b.one.example', 'c.two.example', 'd.example');
    const patterns = fc.constantFrom('*', '*.one.example', 'd.example', '*.two.example', 'x.example');
    fc.assert(
      fc.property(
        fc.uniqueArray(names, { minLength: 1 }),
        fc.array(fc.record({ exit: fc.constantFrom('team', 'other', 'gone'), pattern: patterns, exclusive: fc.boolean() })),
        (identities, given) => {
          const routes = given.map(({ exit, pattern, exclusive: off }) => route({ exit, identities: [pattern], exclusive: off }));
          const whole = destinationOf(one(about(...identities.map((name) => [name] as [string]))), routing(...routes), EXITS);
          for (const name of identities) {
            const alone = destinationOf(one(about([name])), routing(...routes), EXITS).exits;
            expect(whole.main || alone.some((exit) => whole.exits.includes(exit))).toBe(true);
          }
        },
      ),
    );
  });
});

describe('critical', () => {
  const critical: Routing = { everything: ['bus'], critical: ['critical'], routes: [] };
  const exitsOf = (given: Alert) => destinationOf(one(given), critical, EXITS).exits;
  const told = { at: '', firstAt: '', kinds: [], messageId: 'm0', by: 'message' } as const;

  test('gets what is critical, and what was told as critical; the bus gets everything', () => {
    expect(exitsOf(alert())).toEqual(['bus', 'critical']);
    expect(exitsOf(alert({ severity: 'warning' }))).toEqual(['bus']);
    expect(exitsOf(alert({ severity: 'warning', told: { ...told, severity: 'critical' } }))).toEqual(['bus', 'critical']);
  });
});

test('of the tags only those that routes ask for are carried on', () => {
  const identity = { tags: { team: 'web', secret: 'x' } };
  const targets = [{ results: [{ identity }] }] as unknown as Parameters<typeof withRouteTags>[0];
  const tagsWith = (...routes: readonly Route[]) => withRouteTags(targets, routing(...routes))[0]?.results[0]?.identity.tags;
  expect(tagsWith(route({ tags: { team: 'mail' } }))).toEqual({ team: 'web' });
  expect(tagsWith()).toEqual({});
});
