// Groups over time: they grow, shrink, are muted and deleted in part, and their deadlines differ.
import fc from 'fast-check';
import { renderTelling } from '../../lambda/messages/render.ts';
import { type AlertMemory, EMPTY_ALERT_MEMORY } from '../../lambda/model/alert.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import type { AlertPolicy } from '../../lambda/model/policy.ts';
import type { AlertTelling } from '../../lambda/model/telling.ts';
import { at, broken, DAY, finding, HOUR, healthy, input, POLICY, report, result, sweep } from './build.ts';

const MINUTE = 60_000;
const SERVERS = ['ns1.host.example', 'ns2.host.example'];
const name = (i: number): string => `c${i}.example`;
type State = 'well' | 'broken' | 'deleted';

/** Some hundred others are well, so that a handful that turns bad at once is no reason to doubt our own eyes. */
const OTHERS = Array.from({ length: 400 }, (_, i) =>
  result(`other${i}.example`, healthy, { zone: `other${i}.example`, nameServers: [`ns.other${i}.example`] }),
);

class Host {
  memory: AlertMemory = EMPTY_ALERT_MEMORY;
  readonly heard: AlertTelling[] = [];
  policy: AlertPolicy = POLICY;
  private readonly findingOf: (i: number) => Finding;

  constructor(findingOf: (i: number) => Finding = () => finding()) {
    this.findingOf = findingOf;
  }

  /** One sweep, in which these identities of one host are seen so. */
  look(ms: number, states: readonly State[]): readonly AlertTelling[] {
    const own = states.flatMap((state, i) =>
      state === 'deleted'
        ? []
        : [result(name(i), state === 'broken' ? broken(this.findingOf(i)) : healthy, { zone: name(i), nameServers: SERVERS })],
    );
    const { plan, memory } = sweep(input([report([...own, ...OTHERS])], { memory: this.memory, now: at(ms), policy: this.policy }));
    this.memory = memory;
    this.heard.push(...plan.tellings);
    return plan.tellings;
  }

  static introduced(findingOf?: (i: number) => Finding): Host {
    const host = new Host(findingOf);
    host.look(-HOUR, []);
    host.heard.length = 0;
    return host;
  }

  mute(...which: readonly number[]): void {
    this.policy = { ...POLICY, mute: which.map((i) => ({ identity: name(i), until: '2030-01-01T00:00:00.000Z' })) };
  }
}

const states = (n: number, of: (i: number) => State): readonly State[] => Array.from({ length: n }, (_, i) => of(i));
const said = (tellings: readonly AlertTelling[]): readonly string[] =>
  tellings.map((one) => renderTelling(one, at(0)).email.replace(/\s+/g, ' '));
const events = (tellings: readonly AlertTelling[]): readonly string[] => tellings.map(({ event }) => event);

test('members that are muted are not said to be well, and the rest has its end', () => {
  const host = Host.introduced();
  host.look(
    0,
    states(20, () => 'broken'),
  );
  host.mute(...Array.from({ length: 12 }, (_, i) => i));
  expect(
    host.look(
      2 * HOUR,
      states(20, () => 'broken'),
    ),
  ).toEqual([]);
  const end = host.look(
    4 * HOUR,
    states(20, (i) => (i < 12 ? 'broken' : 'well')),
  );
  expect(events(end)).toEqual(['recovered']);
  expect(said(end)[0]).toContain(
    'All of them are healthy again (8 identities at the worst time). They were checked in full. Of 12 more nothing is said',
  );
  // Muted to their end.
  expect(
    host.look(
      6 * HOUR,
      states(20, () => 'well'),
    ),
  ).toEqual([]);
});

test('members that were deleted are not said to be well', () => {
  const host = Host.introduced();
  host.look(
    0,
    states(20, () => 'broken'),
  );
  expect(
    host.look(
      2 * HOUR,
      states(20, (i) => (i < 12 ? 'deleted' : 'broken')),
    ),
  ).toEqual([]);
  const end = host.look(
    4 * HOUR,
    states(20, (i) => (i < 12 ? 'deleted' : 'well')),
  );
  expect(events(end)).toEqual(['recovered']);
  expect(said(end)[0]).toContain('Of 12 more nothing is said');
});

test('repaired one by one near deadlines that differ: no escalation for each that becomes the nearest', () => {
  const host = Host.introduced((i) => ({
    ...finding(),
    deadlines: [{ name: 'signing-lost', at: at(5 * DAY + i * 61 * MINUTE), estimated: true }],
  }));
  host.look(
    0,
    states(20, () => 'broken'),
  );
  host.look(
    98 * HOUR,
    states(20, () => 'broken'),
  );
  for (let mended = 1; mended <= 20; mended++)
    host.look(
      98 * HOUR + mended * 5 * MINUTE,
      states(20, (i) => (i < mended ? 'well' : 'broken')),
    );
  expect(events(host.heard)).toEqual(['opened', 'escalated', 'changed', 'recovered']);
});

test('a cause that hits a few in each sweep becomes one story', () => {
  const host = Host.introduced();
  for (let k = 1; k <= 40; k++)
    host.look(
      k * 5 * MINUTE,
      states(160, (i) => (i < 4 * k ? 'broken' : 'well')),
    );
  expect(host.heard.length).toBeLessThan(16);
  const [group] = host.heard.filter(({ kind }) => kind === 'summary');
  expect(said(group === undefined ? [] : [group])[0]).toContain(
    'Trouble with 4 more identities; 4 with the same cause were told one by one before.',
  );
});

test('one that joins the cause alone is told in its words', () => {
  const host = Host.introduced();
  for (let k = 1; k <= 6; k++)
    host.look(
      k * 5 * MINUTE,
      states(10, (i) => (i < k ? 'broken' : 'well')),
    );
  expect(events(host.heard)).toEqual(['opened', 'opened', 'opened', 'opened', 'opened', 'changed']);
  expect(host.heard.map(({ kind }) => kind)).toEqual(['alert', 'alert', 'alert', 'alert', 'summary', 'summary']);
});

test('what a first look told is one story from then on', () => {
  const host = new Host();
  expect(
    events(
      host.look(
        0,
        states(200, () => 'broken'),
      ),
    ),
  ).toEqual(['opened']);
  expect(host.heard[0]).toMatchObject({ kind: 'summary', occasion: 'first-sweep' });
  for (let k = 1; k <= 40; k++)
    host.look(
      k * 5 * MINUTE,
      states(200, (i) => (i < 5 * k ? 'well' : 'broken')),
    );
  expect(events(host.heard)).toEqual(['opened', 'changed', 'changed', 'recovered']);
  expect(host.memory.alerts).toEqual({});
});

test('a first look that is told twice, after a crash, makes the same groups', () => {
  const world = input(
    [report([...states(20, () => 'broken').map((_, i) => result(name(i), broken(), { zone: name(i), nameServers: SERVERS })), ...OTHERS])],
    {
      memory: EMPTY_ALERT_MEMORY,
      now: at(0),
    },
  );
  const first = sweep(world).plan;
  const again = sweep({ ...world, memory: first.memoryBefore, now: at(5 * MINUTE) });
  expect(again.plan.tellings.map(({ messageId }) => messageId)).toEqual(first.tellings.map(({ messageId }) => messageId));
  expect(Object.keys(again.memory.alerts)).toEqual(Object.keys(first.memoryBefore.alerts));
  expect(Object.values(again.memory.alerts).map(({ told }) => told?.hit)).toEqual([20]);
});

test('whoever a message calls well was seen well; whatever happens to a group, it writes little', () => {
  let met = 0;
  const N = 12;
  const step = fc.record({
    minutes: fc.constantFrom(5, 30, 90, 600),
    seen: fc.array(fc.constantFrom<State>('broken', 'broken', 'broken', 'well', 'deleted'), { minLength: N, maxLength: N }),
    muted: fc.subarray(Array.from({ length: N }, (_, i) => i)),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const host = Host.introduced();
      host.look(
        0,
        states(N, () => 'broken'),
      );
      const members = new Map<string, Set<string>>();
      let ms = 0;
      for (const { minutes, seen, muted } of steps) {
        ms += minutes * MINUTE;
        host.mute(...(muted.length > 8 ? [] : muted));
        for (const telling of host.look(ms, seen)) {
          if (telling.kind !== 'summary' || telling.group === undefined) continue;
          const { alert } = telling.group;
          const before = members.get(alert.id) ?? new Set();
          const still = new Set([
            ...alert.affected.map(({ subject }) => subject.identity),
            ...(alert.aside ?? []).map(({ identity }) => identity),
          ]);
          const isOver = telling.event === 'recovered';
          for (const who of before) {
            if (still.has(who) && !isOver) continue;
            if ((alert.aside ?? []).some(({ identity }) => identity === who)) continue;
            if (telling.event === 'expired') continue;
            met += 1;
            const i = Number(/^c(\d+)\./.exec(who)?.[1]);
            expect(steps.some((one) => one.seen[i] === 'well')).toBe(true);
          }
          // Its end has said who was set aside; what comes back begins anew.
          if (isOver || telling.event === 'expired') members.delete(alert.id);
          else members.set(alert.id, new Set([...before, ...alert.affected.map(({ subject }) => subject.identity)]));
        }
      }
    }),
    { numRuns: 200 },
  );
  expect(met).toBeGreaterThan(20);
});

test('a first look opens one ticket for a cause, which its end closes', () => {
  const host = new Host();
  const [look] = host.look(
    0,
    states(20, () => 'broken'),
  );
  const [end] = host.look(
    HOUR,
    states(20, () => 'well'),
  );
  if (look === undefined || end === undefined) throw new Error('two messages are told');
  const opened = renderTelling(look, at(0)).members?.map((text) => JSON.parse(text)) ?? [];
  expect(opened.map(({ alertId, event }) => [alertId, event])).toEqual([[renderTelling(end, at(0)).alertId, 'opened']]);
  expect(opened[0].identities.length + (opened[0].omitted ?? 0)).toBeGreaterThan(0);
  expect(JSON.parse(renderTelling(look, at(0)).json).members).toHaveLength(1);
});
