// Who joins a group: it is named and counted, with its own beginning; the brake holds it; and one cause in new and known targets.
import { at, broken, HOUR, healthy, input, introduced, report, result, sweep, target } from './build.ts';
import { Estate, SERVERS, said, states } from './estate.ts';

const MIN = 60_000;

test('who joins is said to join', () => {
  const host = Estate.introduced();
  host.look(
    0,
    states(40, (i) => (i < 20 ? 'broken' : 'well')),
  );
  const told = host.look(
    2 * HOUR,
    states(40, (i) => (i >= 5 && i < 25 ? 'broken' : 'well')),
  );
  expect(said(told, 2 * HOUR)[0]).not.toContain('What is wrong changed for some of them');
});

test('a newcomer of a large group is named', () => {
  const host = Estate.introduced();
  host.look(
    0,
    states(401, (i) => (i < 400 ? 'broken' : 'well')),
  );
  const told = host.look(
    2 * HOUR,
    states(401, () => 'broken'),
  );
  expect(said(told, 2 * HOUR)[0]).toContain('c0400.example');
});

test('a newcomer is not said to be broken since the group began', () => {
  const host = Estate.introduced();
  host.look(
    0,
    states(11, (i) => (i < 10 ? 'broken' : 'well')),
  );
  const told = host.look(
    20 * HOUR,
    states(11, () => 'broken'),
  );
  const text = said(told, 20 * HOUR)[0] ?? '';
  expect(text.slice(text.indexOf('c0010'), text.indexOf('c0000'))).not.toContain('20 h ago');
});

test('when our own control name fails, nothing new is told, not by a group either', () => {
  const host = Estate.introduced();
  host.look(
    0,
    states(300, (i) => (i < 6 ? 'broken' : 'well')),
  );
  host.controlFailed = true;
  const told = host.look(
    HOUR,
    states(300, () => 'broken'),
  );
  expect(told).toEqual([]);
});

test('one cause in a target that is known and in one seen for the first time', () => {
  const known = target('us-east-1');
  const fresh = target('eu-west-1');
  const lost = (region: string, from: number) =>
    Array.from({ length: 6 }, (_, i) =>
      result(`c${from + i}.example`, broken(), { region, zone: `c${from + i}.example`, nameServers: SERVERS }),
    );
  const others = Array.from({ length: 600 }, (_, i) =>
    result(`o${i}.example`, healthy, { zone: `o${i}.example`, nameServers: [`ns.o${i}.example`] }),
  );
  const world = (now: number, memory = introduced(known)) =>
    input([report([...lost('us-east-1', 0), ...others]), report(lost('eu-west-1', 100), { region: 'eu-west-1' } as never)], {
      configuredTargets: [known, fresh],
      memory,
      now: at(now),
    });
  const one = sweep(world(0));
  const held = Object.values(one.memory.alerts).flatMap((a) => a.affected.map((x) => x.subject.identity));
  const two = sweep(world(5 * MIN, one.memory));
  expect(held.length).toBe(12);
  expect(two.plan.tellings).toEqual([]);
});
