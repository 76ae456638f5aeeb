// The lives of a group: each return counted, one id for one life, and half of it that flaps.
import { HOUR } from './build.ts';
import { Estate, states } from './estate.ts';

const MIN = 60_000;

test('each return of a group is counted, and its messages have ids of their own', () => {
  const host = Estate.introduced();
  const all = states(20, () => 'broken');
  const none = states(20, () => 'well');
  host.look(0, all);
  host.look(HOUR, none); // recovered
  host.look(2 * HOUR, all); // reopened 1
  host.look(3 * HOUR, none);
  host.look(5 * HOUR, none); // recovered after hold
  host.look(6 * HOUR, all); // reopened 2
  const reopened = host.heard.filter(({ telling }) => telling.event === 'reopened');
  expect(reopened.map(({ telling }) => telling.kind === 'summary' && telling.group?.alert.reopened)).toEqual([1, 2]);
  const ids = host.heard.map(({ telling }) => telling.messageId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('two open alerts never share one id', () => {
  const host = Estate.introduced();
  host.mute(...Array.from({ length: 6 }, (_, i) => 20 + i));
  const n = (of: (i: number) => boolean) => states(26, (i) => (of(i) ? 'broken' : 'well'));
  host.look(
    0,
    n(() => true),
  ); // 20 loud, 6 muted
  host.look(
    HOUR,
    n((i) => i >= 20),
  ); // recovered
  host.look(
    2 * HOUR,
    n(() => true),
  ); // reopened
  host.mute();
  host.look(
    3 * HOUR,
    n(() => true),
  ); // the mute ends
  const ids = Object.values(host.memory.alerts).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a group that came back and was then deleted does not come back when made again', () => {
  const host = Estate.introduced();
  const all = (state: 'broken' | 'well' | 'deleted') => states(16, () => state);
  host.look(0, all('broken'));
  host.look(HOUR, all('well'));
  host.look(2 * HOUR, all('broken'));
  host.look(3 * HOUR, all('deleted'));
  host.look(4 * HOUR, all('broken'));
  expect(host.heard.map(({ telling }) => telling.event)).toEqual(['opened', 'recovered', 'reopened', 'expired', 'opened']);
});

test('half of a group that flaps is one story', () => {
  const host = Estate.introduced();
  host.look(
    0,
    states(20, () => 'broken'),
  );
  for (let k = 1; k <= 24 * 12; k++) {
    const ms = k * 5 * MIN;
    const isUp = Math.floor(ms / (35 * MIN)) % 2 === 1;
    host.look(
      ms,
      states(20, (i) => (i < 12 && isUp ? 'well' : 'broken')),
    );
  }
  const n = host.heard.length;
  expect(n).toBeLessThan(10);
});
