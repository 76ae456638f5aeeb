// Groups of which some cannot be seen: they hold nobody else in it, and nothing is said of them that may be over.
import { at, finding, HOUR } from './build.ts';
import { Estate, events, said, states } from './estate.ts';

const MIN = 60_000;

test('19 of 20 are well, one cannot be judged: somebody hears that 19 are well', () => {
  const host = Estate.introduced();
  host.look(
    0,
    states(20, () => 'broken'),
  );
  for (let h = 1; h <= 72; h++)
    host.look(
      h * HOUR,
      states(20, (i) => (i < 19 ? 'well' : 'unknown')),
    );
  expect(host.heard.length).toBeGreaterThan(1);
});

test('19 of 20 are well, one waits for SES: somebody hears that 19 are well', () => {
  const host = Estate.introduced();
  host.look(
    0,
    states(20, () => 'broken'),
  );
  for (let h = 1; h <= 72; h++)
    host.look(
      h * HOUR,
      states(20, (i) => (i < 19 ? 'well' : 'waiting')),
    );
  expect(host.heard.length).toBeGreaterThan(1);
});

test('an escalation of what cannot be seen does not name those who were seen well', () => {
  const host = Estate.introduced(() => ({ ...finding(), deadlines: [{ name: 'signing-lost', at: at(72 * HOUR), estimated: true }] }));
  host.look(
    0,
    states(20, () => 'broken'),
  );
  for (let h = 1; h <= 73; h++)
    host.look(
      h * HOUR,
      states(20, (i) => (i < 19 ? 'well' : 'unknown')),
    );
  const told = host.heard.filter(({ telling }) => telling.event === 'escalated');
  expect(told.map(({ ms }) => ms / HOUR)).toEqual([24, 48, 66, 72]);
  for (const { ms, telling } of told) {
    expect(telling.kind === 'summary' ? telling.alerts.length : 0).toBe(1);
    expect(said([telling], ms)[0]).toContain('what is said of it is of 2026-11-23 21:00 UTC');
  }
});

test('in part blind: those whom SES calls well are not told to be lost', () => {
  const host = Estate.introduced((i) => ({
    ...finding(),
    deadlines: [{ name: 'signing-lost', at: at((i < 19 ? 72 : 200) * HOUR), estimated: true }],
  }));
  host.look(
    0,
    states(20, () => 'broken'),
  );
  for (let h = 1; h <= 73; h++)
    host.look(
      h * HOUR,
      states(20, (i) => (i < 19 ? 'unknown-well' : 'broken')),
    );
  expect(host.heard.filter(({ telling }) => telling.event === 'escalated')).toEqual([]);
  const [reminder] = host.heard.filter(({ telling }) => telling.event === 'reminder');
  expect(said(reminder === undefined ? [] : [reminder.telling], 24 * HOUR)[0]).toContain(
    'What is said of 19 of them is of 2026-11-23 21:00 UTC (24 h ago), when they were last seen broken',
  );
});

test('a group muted in full, then in part, keeps counting down for those who are loud and unseen', () => {
  const host = Estate.introduced(() => ({ ...finding(), deadlines: [{ name: 'signing-lost', at: at(100 * HOUR), estimated: true }] }));
  host.look(
    0,
    states(10, () => 'broken'),
  );
  host.mute(...Array.from({ length: 10 }, (_, i) => i));
  host.look(
    HOUR,
    states(10, () => 'broken'),
  );
  host.mute(0);
  for (let h = 2; h <= 101; h++)
    host.look(
      h * HOUR,
      states(10, (i) => (i === 0 ? 'broken' : 'unknown')),
    );
  expect(host.heard.map(({ telling }) => telling.event)).toContain('escalated');
});

test('one muted while a quick look finds it well is not said to be well at the end', () => {
  const host = Estate.introduced();
  host.look(
    0,
    states(16, () => 'broken'),
  );
  host.mute(7);
  host.look(
    5 * MIN,
    states(16, (i) => (i === 7 ? 'quick' : 'broken')),
  );
  const end = host.look(
    70 * MIN,
    states(16, (i) => (i === 7 ? 'broken' : 'well')),
  );
  expect(events(end)).toEqual(['recovered']);
  expect(said(end, 70 * MIN)[0]).toContain('Of one more nothing is said');
});
