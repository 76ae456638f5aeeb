// Stories of groups that a fresh pair of eyes doubts.
import { planAlerts } from '../../lambda/alerts/plan.ts';
import { EMPTY_ALERT_MEMORY } from '../../lambda/model/alert.ts';
import { at, broken, DAY, finding, HOUR, healthy, input, introduced, report, result, sweep, target } from '../alerts/build.ts';
import { Estate, events, said, SERVERS, states, subjects } from './estate.ts';

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
  console.log(host.heard.map(({ ms, telling }) => [ms / HOUR, telling.event, telling.messageId, telling.kind === 'summary' && telling.group?.alert.reopened]));
  expect(reopened.map(({ telling }) => telling.kind === 'summary' && telling.group?.alert.reopened)).toEqual([1, 2]);
  const ids = host.heard.map(({ telling }) => telling.messageId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('half of a group that flaps is one story', () => {
  const host = Estate.introduced();
  host.look(0, states(20, () => 'broken'));
  for (let k = 1; k <= 24 * 12; k++) {
    const ms = k * 5 * MIN;
    const isUp = Math.floor(ms / (35 * MIN)) % 2 === 1;
    host.look(ms, states(20, (i) => (i < 12 && isUp ? 'well' : 'broken')));
  }
  const n = host.heard.length;
  console.log(n, host.heard.map(({ ms, telling }) => `${Math.round(ms / MIN)} ${telling.event}`).join(' | '));
  expect(n).toBeLessThan(10);
});

test('19 of 20 are well, one cannot be judged: somebody hears that 19 are well', () => {
  const host = Estate.introduced();
  host.look(0, states(20, () => 'broken'));
  for (let h = 1; h <= 72; h++) host.look(h * HOUR, states(20, (i) => (i < 19 ? 'well' : 'unknown')));
  console.log(host.heard.map(({ ms, telling }) => `${ms / HOUR} ${telling.event}`), Object.values(host.memory.alerts).map((a) => a.affected.length));
  expect(host.heard.length).toBeGreaterThan(1);
});

test('19 of 20 are well, one waits for SES: somebody hears that 19 are well', () => {
  const host = Estate.introduced();
  host.look(0, states(20, () => 'broken'));
  for (let h = 1; h <= 72; h++) host.look(h * HOUR, states(20, (i) => (i < 19 ? 'well' : 'waiting')));
  console.log(host.heard.map(({ ms, telling }) => `${ms / HOUR} ${telling.event}`), Object.values(host.memory.alerts).map((a) => a.affected.length));
  expect(host.heard.length).toBeGreaterThan(1);
});

test('an escalation of what cannot be seen does not name those who were seen well', () => {
  const host = Estate.introduced((i) => ({ ...finding(), deadlines: [{ name: 'signing-lost', at: at(72 * HOUR), estimated: true }] }));
  host.look(0, states(20, () => 'broken'));
  // Well in DNS; of the last one only SES's word, which is a failure.
  const host2 = host;
  for (let h = 1; h <= 73; h++) {
    const results = states(20, (i) => (i < 19 ? 'well' : 'unknown'));
    const orig = host2.results.bind(host2);
    (host2 as { results: typeof orig }).results = (s, ms) => orig(s, ms).map((r, i) => (i === 19 ? { ...r, identity: { ...r.identity, ses: { ...r.identity.ses, status: 'TEMPORARY_FAILURE' } } } : r)) as never;
    host2.look(h * HOUR, results);
    (host2 as { results: typeof orig }).results = orig;
  }
  const told = host.heard.filter(({ telling }) => telling.event === 'escalated');
  console.log(host.heard.map(({ ms, telling }) => `${ms / HOUR} ${telling.event}`));
  for (const { ms, telling } of told.slice(-1)) console.log(subjects([telling], ms), said([telling], ms)[0]?.slice(0, 1800));
  for (const { telling } of told) expect(telling.kind === 'summary' ? telling.alerts.length : 0).toBe(1);
});

test('in part blind: those whom SES calls well are not told to be lost', () => {
  const host = Estate.introduced((i) => ({ ...finding(), deadlines: [{ name: 'signing-lost', at: at((i < 19 ? 72 : 200) * HOUR), estimated: true }] }));
  host.look(0, states(20, () => 'broken'));
  for (let h = 1; h <= 73; h++) host.look(h * HOUR, states(20, (i) => (i < 19 ? 'unknown-well' : 'broken')));
  console.log(host.heard.map(({ ms, telling }) => `${ms / HOUR} ${telling.event}`));
  const last = host.heard.filter(({ telling }) => telling.event === 'escalated').at(-1);
  if (last) console.log(subjects([last.telling], last.ms), said([last.telling], last.ms)[0]?.slice(0, 1500));
  expect(host.heard.filter(({ telling }) => telling.event === 'escalated')).toEqual([]);
});

test('one cause in a target that is known and in one seen for the first time', () => {
  const known = target('us-east-1');
  const fresh = target('eu-west-1');
  const lost = (region: string, from: number) =>
    Array.from({ length: 6 }, (_, i) => result(`c${from + i}.example`, broken(), { region, zone: `c${from + i}.example`, nameServers: SERVERS }));
  const others = Array.from({ length: 600 }, (_, i) => result(`o${i}.example`, healthy, { zone: `o${i}.example`, nameServers: [`ns.o${i}.example`] }));
  const world = (now: number, memory = introduced(known)) =>
    input([report([...lost('us-east-1', 0), ...others]), report(lost('eu-west-1', 100), { region: 'eu-west-1' } as never)], {
      configuredTargets: [known, fresh], memory, now: at(now),
    });
  const one = sweep(world(0));
  console.log(one.plan.tellings.map((t) => [t.kind, t.event, t.kind === 'summary' && t.occasion, t.kind === 'summary' && t.alerts.length]));
  const held = Object.values(one.memory.alerts).flatMap((a) => a.affected.map((x) => x.subject.identity));
  const two = sweep(world(5 * MIN, one.memory));
  console.log(two.plan.tellings.map((t) => [t.kind, t.event, t.kind === 'summary' && t.occasion, t.kind === 'summary' && t.alerts.length]), said(two.plan.tellings, 5 * MIN)[0]?.slice(0, 600));
  expect(held.length).toBe(12);
  expect(two.plan.tellings).toEqual([]);
});

test('two open alerts never share one id', () => {
  const host = Estate.introduced();
  host.mute(...Array.from({ length: 6 }, (_, i) => 20 + i));
  const n = (of: (i: number) => boolean) => states(26, (i) => (of(i) ? 'broken' : 'well'));
  host.look(0, n(() => true)); // 20 loud, 6 muted
  host.look(HOUR, n((i) => i >= 20)); // recovered
  host.look(2 * HOUR, n(() => true)); // reopened
  host.mute();
  host.look(3 * HOUR, n(() => true)); // the mute ends
  console.log(host.heard.map(({ ms, telling }) => [ms / HOUR, telling.event, telling.kind === 'summary' && telling.alertId]));
  const ids = Object.values(host.memory.alerts).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('who joins is said to join', () => {
  const host = Estate.introduced();
  host.look(0, states(40, (i) => (i < 20 ? 'broken' : 'well')));
  const told = host.look(2 * HOUR, states(40, (i) => (i >= 5 && i < 25 ? 'broken' : 'well')));
  console.log(subjects(told, 2 * HOUR), said(told, 2 * HOUR)[0]?.slice(0, 700));
  expect(said(told, 2 * HOUR)[0]).not.toContain('What is wrong changed for some of them');
});

test('a newcomer of a large group is named', () => {
  const host = Estate.introduced();
  host.look(0, states(401, (i) => (i < 400 ? 'broken' : 'well')));
  const told = host.look(2 * HOUR, states(401, () => 'broken'));
  console.log(subjects(told, 2 * HOUR), said(told, 2 * HOUR)[0]?.slice(0, 900));
  expect(said(told, 2 * HOUR)[0]).toContain('c0400.example');
});

test('a newcomer is not said to be broken since the group began', () => {
  const host = Estate.introduced();
  host.look(0, states(11, (i) => (i < 10 ? 'broken' : 'well')));
  const told = host.look(20 * HOUR, states(11, () => 'broken'));
  const text = said(told, 20 * HOUR)[0] ?? '';
  console.log(text.slice(text.indexOf('c0010'), text.indexOf('c0010') + 300));
  expect(text.slice(text.indexOf('c0010')).slice(0, 300)).not.toContain('20 h ago');
});

test('when our own control name fails, nothing new is told, not by a group either', () => {
  const host = Estate.introduced();
  host.look(0, states(300, (i) => (i < 6 ? 'broken' : 'well')));
  host.controlFailed = true;
  const told = host.look(HOUR, states(300, () => 'broken'));
  console.log(subjects(told, HOUR));
  expect(told).toEqual([]);
});

test('one muted while a quick look finds it well is not said to be well at the end', () => {
  const host = Estate.introduced();
  host.look(0, states(16, () => 'broken'));
  host.mute(7);
  host.look(5 * MIN, states(16, (i) => (i === 7 ? 'quick' : 'broken')));
  const end = host.look(70 * MIN, states(16, (i) => (i === 7 ? 'broken' : 'well')));
  expect(events(end)).toEqual(['recovered']);
  expect(said(end, 70 * MIN)[0]).toContain('Of one more nothing is said');
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

test('a group muted in full, then in part, keeps counting down for those who are loud and unseen', () => {
  const host = Estate.introduced(() => ({ ...finding(), deadlines: [{ name: 'signing-lost', at: at(100 * HOUR), estimated: true }] }));
  host.look(0, states(10, () => 'broken'));
  host.mute(...Array.from({ length: 10 }, (_, i) => i));
  host.look(HOUR, states(10, () => 'broken'));
  host.mute(0);
  for (let h = 2; h <= 101; h++) host.look(h * HOUR, states(10, (i) => (i === 0 ? 'broken' : 'unknown')));
  console.log(host.heard.map(({ ms, telling }) => `${ms / HOUR} ${telling.event}`));
  expect(host.heard.map(({ telling }) => telling.event)).toContain('escalated');
});
