// What is open after a sweep: counted by severity, without what is muted or over, with the time left to the nearest deadline.
import { countOpen, openAlerts } from '../../lambda/alerts/open-counts.ts';
import type { AlertMemory } from '../../lambda/model/alert.ts';
import type { Deadline, Finding } from '../../lambda/model/finding.ts';
import { at, broken, finding, HOUR, healthy, input, introduced, POLICY, report, result, START, sweep } from './build.ts';

const due = (hours: number, name: Deadline['name'] = 'signing-lost'): Deadline => ({ name, at: at(hours * HOUR), estimated: true });
const withDeadlines = (...deadlines: readonly Deadline[]): Finding => ({ ...finding(), deadlines });

/** The memory after one sweep that saw this. */
function after(...results: Parameters<typeof report>[0]): AlertMemory {
  const seen = report(results);
  return sweep(input([seen], { memory: introduced(seen) })).memory;
}

const open = (memory: AlertMemory, policy = POLICY, now = START) => openAlerts(memory, policy, now);
const counts = (memory: AlertMemory, policy = POLICY, now = START) => countOpen(open(memory, policy, now), now);

test('nothing open: zeros, and no hours', () => {
  expect(counts(after(result('fine.example', healthy)))).toEqual({ critical: 0, warning: 0 });
});

test('one of each severity; a notice is not counted', () => {
  const memory = after(
    result('a.example', broken(finding('record-missing', 'critical'))),
    result('b.example', broken(finding('nameservers-disagree', 'warning'), finding('signing-disabled', 'notice'))),
    result('c.example', healthy),
  );
  expect(counts(memory)).toEqual({ critical: 1, warning: 1 });
  expect(open(memory).map(({ key, severity, told }) => [key, severity, told])).toEqual([
    ['111111111111/us-east-1/a.example', 'critical', true],
    ['111111111111/us-east-1/b.example', 'warning', true],
  ]);
});

test('what is muted is not open, and lowers what it was the worst of', () => {
  const memory = after(result('a.example', broken(finding('record-missing', 'critical'), finding('nameservers-disagree', 'warning'))));
  const muting = (kinds: readonly string[]) => ({ ...POLICY, mute: [{ identity: 'a.example', kinds }] });
  expect(counts(memory, muting(['record-missing']))).toEqual({ critical: 0, warning: 1 });
  expect(counts(memory, muting([]))).toEqual({ critical: 0, warning: 0 });
});

test('an alert that waits for its closing message is over', () => {
  const memory = after(result('a.example', broken()));
  const alerts = Object.fromEntries(
    Object.entries(memory.alerts).map(([key, alert]) => [key, { ...alert, closing: { event: 'recovered' as const, at: START } }]),
  );
  expect(counts({ ...memory, alerts })).toEqual({ critical: 0, warning: 0 });
});

test('the nearest deadline to come, over all alerts; those that have passed count no more', () => {
  const memory = after(
    result('a.example', broken(withDeadlines(due(72, 'sending-lost'), due(120)))),
    result('b.example', broken(withDeadlines(due(1), due(24)))),
  );
  expect(counts(memory).hoursToDeadline).toBe(1);
  expect(counts(memory, POLICY, at(6 * HOUR)).hoursToDeadline).toBe(18);
  expect(counts(memory, POLICY, at(200 * HOUR)).hoursToDeadline).toBeUndefined();
  expect(open(memory).map(({ key }) => key.split('/').at(-1))).toEqual(['b.example', 'a.example']);
});
