// A route's part of a group of which some were muted or spared: it begins with its beginning, has its end, and speaks of nobody else.
import { renderTelling } from '../../lambda/messages/render.ts';
import type { AlertMemory } from '../../lambda/model/alert.ts';
import type { Route } from '../../lambda/model/policy.ts';
import type { AlertTelling } from '../../lambda/model/telling.ts';
import { shareOf } from '../../lambda/sweep/shares.ts';
import {
  at,
  broken,
  DAY,
  events as eventsOf,
  finding,
  HOUR,
  healthy,
  input,
  introduced,
  POLICY,
  report,
  result,
  sweep,
  target,
} from '../alerts/build.ts';
import { ROUTE } from './with-exits.ts';

const name = (i: number): string => `c${i}.example`;
const route = (...which: readonly number[]): Route => ({ ...ROUTE, exit: 'team', identities: which.map(name) });
const TEAM = route(0, 1, 2);

/** Twenty domains on the same name servers, and what one route hears of them sweep by sweep. */
class Story {
  readonly heard: AlertTelling[] = [];
  muted: readonly number[] = [];
  private memory: AlertMemory = introduced(target());
  private knows = false;
  private readonly listener: Route;
  private readonly deadlineOf: (i: number) => string | undefined;

  constructor(listener: Route, deadlineOf: (i: number) => string | undefined = () => undefined) {
    this.listener = listener;
    this.deadlineOf = deadlineOf;
  }

  look(ms: number, isLost: (i: number) => boolean): readonly string[] {
    const one = (i: number) => {
      const deadline = this.deadlineOf(i);
      return { ...finding(), deadlines: deadline === undefined ? [] : [{ name: 'signing-lost' as const, at: deadline, estimated: true }] };
    };
    const results = Array.from({ length: 20 }, (_, i) =>
      result(name(i), isLost(i) ? broken(one(i)) : healthy, { zone: name(i), nameServers: ['ns1.host.example'] }),
    );
    const mute = this.muted.map((i) => ({ identity: name(i) }));
    const { plan, memory } = sweep(input([report(results)], { memory: this.memory, now: at(ms), policy: { ...POLICY, mute } }));
    this.memory = memory;
    for (const telling of plan.tellings) {
      const { telling: own, over } = shareOf(telling, this.listener, () => this.knows);
      if (own !== undefined) this.heard.push(own);
      this.knows = over ? false : this.knows || own !== undefined;
    }
    return eventsOf(plan);
  }

  get events(): readonly string[] {
    return this.heard.map(({ event }) => event);
  }

  /** The last message as mail, in one line. */
  said(ms: number): string {
    const last = this.heard.at(-1);
    return last === undefined ? '' : renderTelling(last, at(ms)).email.replace(/\s+/g, ' ');
  }
}

const all = (): boolean => true;
const none = (): boolean => false;

test('one of a route’s own was muted and the others are well, while the alert goes on: the route hears that once', () => {
  const story = new Story(TEAM);
  story.look(0, all);
  story.muted = [0];
  expect(story.look(2 * HOUR, (i) => i === 0 || i >= 12)).toEqual(['one-cause:changed']);
  expect(story.events).toEqual(['opened', 'recovered']);
  expect(story.said(2 * HOUR)).toContain(
    'Yours were checked in full and are well, as far as anything is said of them; 8 identities with the same cause still are in trouble. Of one more nothing is said',
  );
  expect(story.look(4 * HOUR, (i) => i === 0)).toEqual(['one-cause:recovered']);
  expect(story.events).toEqual(['opened', 'recovered']);
});

test('one of a route’s own was muted, and the others become well with the whole group: the route hears the end', () => {
  const story = new Story(TEAM);
  story.look(0, all);
  story.muted = [0];
  expect(story.look(HOUR, (i) => i === 0)).toEqual(['one-cause:recovered']);
  expect(story.events).toEqual(['opened', 'recovered']);
  expect(story.said(HOUR)).toContain('Of one more nothing is said');
});

test('one of a route’s own is muted and the others are well before the last of the group are: nothing is told between, and the route hears the end', () => {
  const story = new Story(TEAM);
  story.look(0, all);
  story.muted = [0];
  expect(story.look(HOUR, (i) => i === 0 || i > 2)).toEqual([]);
  expect(story.look(2 * HOUR, (i) => i === 0)).toEqual(['one-cause:recovered']);
  expect(story.events).toEqual(['opened', 'recovered']);
  expect(story.said(2 * HOUR)).toContain('All with this cause are healthy again. They were checked in full. Of one more nothing is said');
});

test('all of a route’s own were muted: they were silenced, and so is the end', () => {
  const story = new Story(TEAM);
  story.look(0, all);
  story.muted = [0, 1, 2];
  story.look(2 * HOUR, (i) => i < 10);
  expect(story.look(4 * HOUR, (i) => i < 3)).toEqual(['one-cause:recovered']);
  expect(story.events).toEqual(['opened']);
});

test('of how many nothing is said counts a route’s own alone', () => {
  const story = new Story(TEAM);
  story.look(0, all);
  story.muted = [2, 10, 11, 12, 13];
  story.look(HOUR, all);
  story.look(DAY + 2 * HOUR, all);
  expect(story.events).toEqual(['opened', 'reminder']);
  expect(story.said(DAY + 2 * HOUR)).toContain('Of one more nothing is said');
  expect(story.said(DAY + 2 * HOUR)).not.toContain('Of 5 more nothing is said');
  // The others' are muted, so that all who are left are the route's.
  story.muted = Array.from({ length: 18 }, (_, i) => i + 2);
  story.look(2 * DAY + 3 * HOUR, all);
  expect(story.events).toEqual(['opened', 'reminder', 'reminder']);
  expect(story.said(2 * DAY + 3 * HOUR)).not.toMatch(/Of (1\d|2\d) more nothing is said/);
});

test.each<readonly [string, readonly number[]]>([
  ['some of those who are in trouble', [10, 11]],
  ['all who are in trouble', [10, 11, 12]],
])('that the cause reaches %s is how it begins for their route', (_, own) => {
  const story = new Story(route(...own));
  story.look(0, (i) => i < 10);
  expect(story.look(2 * HOUR, (i) => i >= 10 && i < 13)).toEqual(['one-cause:changed']);
  expect(story.events).toEqual(['opened']);
});

test('who joined while growth was paced hears of it though the next message is about others’ deadline', () => {
  const story = new Story(route(19), (i) => at((i < 10 ? 48.5 : 400) * HOUR));
  story.look(0, (i) => i < 10);
  story.look(HOUR / 12, (i) => i < 16);
  story.look(HOUR / 6, (i) => i < 17);
  expect(story.look(HOUR / 2, (i) => i < 17 || i === 19)).toEqual(['one-cause:escalated']);
  expect(story.events).toEqual(['opened']);
});

test('a group that one route alone is in is told to it as it is, to the end', () => {
  const story = new Story({ ...ROUTE, exit: 'team', identities: ['*.example'] });
  story.look(0, all);
  story.look(2 * HOUR, (i) => i < 8);
  story.look(4 * HOUR, none);
  expect(story.events).toEqual(['opened', 'changed', 'recovered']);
  expect(story.heard.every((telling) => telling.kind === 'summary' && telling.group?.part === undefined)).toBe(true);
});
