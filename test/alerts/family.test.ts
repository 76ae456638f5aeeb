// A family of replicas is one alert: it ends only when every member that was hit has been seen well, or is gone.
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { TargetReport } from '../../lambda/model/report.ts';
import {
  ACCOUNT,
  at,
  broken,
  DAY,
  events,
  finding,
  HOUR,
  healthy,
  input,
  POLICY,
  report,
  result,
  sweep,
  target,
  unknown,
} from './build.ts';

const KEY = `${ACCOUNT}/deed/a.com`;
const parent = (diagnosis: Diagnosis, panel = true): TargetReport => report([result('a.com', diagnosis, { panel })]);
const replica = (diagnosis: Diagnosis, panel = true): TargetReport => ({
  ...report([result('a.com', diagnosis, { region: 'eu-west-1', method: 'deed', panel })]),
  ...target('eu-west-1'),
});
const unread: TargetReport = {
  ...report([], { unread: [{ identity: 'a.com', type: 'domain', reason: 'throttled', detail: '' }] }),
  ...target('eu-west-1'),
};
const unlisted: TargetReport = { ...report([], { inventoryComplete: false }), ...target('eu-west-1') };
const deleted: TargetReport = { ...report([]), ...target('eu-west-1') };

/** Plays sweeps five minutes apart and returns the events of each. */
function heard(sweeps: readonly (readonly TargetReport[])[], policy = POLICY): readonly (readonly string[])[] {
  let { memory } = input([report([]), deleted]);
  return sweeps.map((reports, i) => {
    const done = sweep(input(reports, { memory, now: at(i * 300_000), policy }));
    memory = done.memory;
    return events(done.plan);
  });
}

const both = [parent(broken()), replica(broken())];

test.each([
  ['unknown, then unread, while the parent is well', [both, [parent(broken()), replica(unknown())], [parent(healthy), unread]]],
  ['unread at once', [both, [parent(broken()), unread], [parent(healthy), unread]]],
  ['not listed yet', [both, [parent(broken()), unlisted], [parent(healthy), unlisted]]],
  ['right at one server only', [both, [parent(broken()), replica(healthy, false)], [parent(healthy), replica(healthy, false)]]],
])('a replica that was hit keeps the alert open: %s', (_name, sweeps) => {
  expect(heard(sweeps)).toEqual([['opened'], [], []]);
  expect(heard([...sweeps, [parent(healthy), replica(healthy)]])).toEqual([['opened'], [], [], ['recovered']]);
});

test('a replica that was deleted, or seen well in full, leaves the alert', () => {
  for (const [then, last] of [
    [deleted, deleted],
    [replica(healthy), unread],
  ] as const)
    expect(heard([both, [parent(broken()), then], [parent(healthy), last]]).slice(0, 2)).toEqual([['opened'], []]);
  expect(heard([both, [parent(broken()), deleted], [parent(healthy), deleted]])).toEqual([['opened'], [], ['recovered']]);
});

test('a member that was never hit and cannot be read holds the end back', () => {
  expect(
    heard([
      [parent(broken()), replica(healthy)],
      [parent(healthy), unread],
      [parent(healthy), replica(healthy)],
    ]),
  ).toEqual([['opened'], [], ['recovered']]);
});

test('the last known trouble of a member that cannot be seen is no news, and is told again in the reminder', () => {
  const first = sweep(input(both));
  const blindly = sweep(input([parent(broken()), replica(unknown())], { memory: first.memory, now: at(HOUR) }));
  expect(blindly.memory.alerts[KEY]?.affected.map((a) => a.subject.region)).toEqual(['us-east-1', 'eu-west-1']);
  const later = sweep(input([parent(broken()), replica(unknown())], { memory: blindly.memory, now: at(DAY + HOUR) }));
  expect(events(later.plan)).toEqual(['reminder']);
});

test('a member muted meanwhile is not named', () => {
  const first = sweep(input([parent(broken(finding('signing-disabled'))), replica(broken())]));
  const policy = { ...POLICY, mute: [{ identity: 'a.com', kinds: ['record-missing'] }] };
  const reports = [parent(broken(finding('signing-disabled'))), replica(unknown())];
  const second = sweep(input(reports, { memory: first.memory, now: at(HOUR), policy }));
  expect(second.memory.alerts[KEY]?.affected.map((a) => a.subject.region)).toEqual(['us-east-1']);
});

test('an unread name without an open family keeps its own alert', () => {
  const { plan, memory } = sweep(input([parent(healthy), unread]));
  expect([events(plan), memory.alerts]).toEqual([[], {}]);
});
