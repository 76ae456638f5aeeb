// Deadlines of open alerts run on while nobody can see: they escalate by what is remembered, and say so.

import { renderTelling } from '../../lambda/messages/render.ts';
import type { AlertMemory } from '../../lambda/model/alert.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import type { IdentityResult, TargetReport } from '../../lambda/model/report.ts';
import {
  at,
  blind,
  broken,
  events,
  finding,
  HOUR,
  healthy,
  input,
  POLICY,
  reasons,
  report,
  result,
  START,
  sweep,
  target,
  unknown,
} from './build.ts';

const doomed: Diagnosis = broken({
  ...finding('record-missing', 'critical', ['a']),
  deadlines: [
    { name: 'sending-lost', at: at(72 * HOUR), estimated: true },
    { name: 'signing-lost', at: at(120 * HOUR), estimated: true },
  ],
} as Finding);
const gap = { reason: 'denied' as const, detail: '' };
const told = (): AlertMemory => sweep(input([report([result('a.com', doomed)])])).memory;
const ses = (one: IdentityResult, status: IdentityResult['identity']['ses']['status'], hours: number): IdentityResult => ({
  ...one,
  identity: { ...one.identity, ses: { ...one.identity.ses, status, readAt: at(hours * HOUR) } },
});
const unseen = (hours: number, status: IdentityResult['identity']['ses']['status'] = 'TEMPORARY_FAILURE'): TargetReport =>
  report([ses(result('a.com', unknown()), status, hours)]);
const at25 = (given: TargetReport, more: Parameters<typeof input>[1] = {}) =>
  sweep(input([given], { memory: told(), now: at(25 * HOUR), configuredTargets: [target()], ...more }));

test('every threshold of both deadlines is told once though DNS cannot be seen', () => {
  let memory = told();
  const said: string[] = [];
  for (let hour = 1; hour <= 130; hour += 1) {
    const { plan, memory: next } = sweep(input([unseen(hour)], { memory, now: at(hour * HOUR) }));
    memory = next;
    for (const telling of plan.tellings)
      said.push(`${hour} ${telling.event} ${telling.kind === 'alert' ? `${telling.clock?.name} ${telling.clock?.within}` : ''}`);
  }
  expect(said).toEqual([
    '24 escalated sending-lost 48',
    '48 escalated sending-lost 24',
    '66 escalated sending-lost 6',
    '72 escalated sending-lost 0',
    '96 escalated signing-lost 24',
    '114 escalated signing-lost 6',
    '120 escalated signing-lost 0',
  ]);
  // It can be seen again: nothing is left of the mark, and nothing is told twice.
  const back = sweep(input([report([result('a.com', doomed)])], { memory, now: at(131 * HOUR) }));
  expect(events(back.plan)).toEqual([]);
  expect(Object.values(back.memory.alerts)[0]?.unseen).toBeUndefined();
});

test('the message says what is seen, what is not, and since when its facts stand', () => {
  const { plan } = at25(unseen(25));
  const [telling] = plan.tellings;
  if (telling === undefined) throw new Error('an escalation was expected');
  const { subject, email, chat } = renderTelling(telling, at(25 * HOUR));
  expect(subject).toContain('[CRITICAL, UNDER 48 H LEFT]');
  expect(email.replace(/\s+/g, ' ')).toContain(
    'DNS cannot be seen at present: what is said of it is of 2026-11-23 21:00 UTC (1 d 1 h ago), when it was last seen.',
  );
  expect(email).toMatch(/SES says +TEMPORARY_FAILURE, .*/);
  expect(JSON.parse(chat).content.description).toContain('DNS cannot be seen at present');
});

test.each<[string, TargetReport, Parameters<typeof input>[1]]>([
  [
    'the target cannot be read',
    report([result('a.com', unknown())], { gap }),
    { targetFindings: [{ targets: [target()], finding: finding('target-unreadable', 'warning') }] },
  ],
  ['the identity could not be read', report([], { unread: [{ identity: 'a.com', type: 'domain', reason: 'throttled', detail: '' }] }), {}],
  ['the listing did not reach it', report([], { inventoryComplete: false }), {}],
])('%s: SES is marked as not read', (_, given, more) => {
  const { plan } = at25(given, more);
  const telling = plan.tellings.find(({ event }) => event === 'escalated');
  if (telling === undefined) throw new Error('an escalation was expected');
  expect(renderTelling(telling, at(25 * HOUR)).email.replace(/\s+/g, ' ')).toContain(
    'SES cannot be read at present: what is said of it and of DNS is of 2026-11-23 21:00 UTC',
  );
});

test.each<[string, TargetReport, Parameters<typeof input>[1]]>([
  ['SES says SUCCESS by now', unseen(25, 'SUCCESS'), {}],
  [
    'the records were right when they were last seen',
    report([
      { ...(unseen(25).results[0] as IdentityResult), history: { firstSeenAt: START, unknownSweeps: 1, dnsRightSince: at(20 * HOUR) } },
    ]),
    {},
  ],
  ['the records are right, and SES has not seen it', report([ses(result('a.com', healthy), 'TEMPORARY_FAILURE', 25)]), {}],
  ['it is muted', unseen(25), { policy: { ...POLICY, mute: [{ identity: 'a.com' }] } }],
  ['an early check did not look at it', report([]), { early: true }],
])('silent if %s', (_, given, more) => {
  const { plan, memory } = at25(given, more);
  expect(events(plan)).toEqual([]);
  expect(memory.alerts).toEqual(told().alerts);
});

test('a passing fault waits for the next sweep, which will see', () => {
  const memory = sweep(input([report([result('a.com', doomed)])], { memory: told(), now: at(23.5 * HOUR) })).memory;
  const quiet = sweep(input([unseen(24)], { memory, now: at(24 * HOUR) }));
  expect([events(quiet.plan), reasons(quiet.plan)]).toEqual([[], ['unknown-changes-nothing']]);
  expect(events(sweep(input([unseen(25)], { memory, now: at(25 * HOUR) })).plan)).toEqual(['escalated']);
});

test('what cannot be judged names what is open, with what SES says and the next deadline', () => {
  const now = at(5 * HOUR);
  const dark = report([ses(result('a.com', blind(at(HOUR))), 'TEMPORARY_FAILURE', 5), result('b.com', blind(at(HOUR)))]);
  const { plan } = sweep(input([dark], { memory: told(), now }));
  expect(events(plan)).toEqual(['opened']);
  const [telling] = plan.tellings;
  if (telling === undefined) throw new Error('a telling was expected');
  const { email, chat } = renderTelling(telling, now);
  for (const text of [email.replace(/\s+/g, ' '), JSON.parse(chat).content.description.replaceAll('`', '')]) {
    expect(text).toMatch(/a\.com.* \(critical; last seen 2026-11-23 21:00 UTC \(5 h ago\)\)\. SES says TEMPORARY_FAILURE/);
    expect(text).toMatch(/Next deadline: 2026-11-26 21:00 UTC \(in 2 d 19 h, estimated, the earliest\): SES may stop sending/);
  }
  expect(telling.kind === 'alert' && telling.openBeside?.map(({ subject }) => subject.identity)).toEqual(['a.com']);
});
