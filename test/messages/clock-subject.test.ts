// The time in a subject stands beside the finding that it belongs to.

import { CATALOG } from '../../lambda/diagnosis/catalog.ts';
import { toReportFinding } from '../../lambda/diagnosis/report-finding.ts';
import { alertSubject } from '../../lambda/messages/subject.ts';
import { wordAlert } from '../../lambda/messages/worded.ts';
import type { Deadline, Finding } from '../../lambda/model/finding.ts';
import { alert, subject } from './build.ts';

const ends: Deadline = { name: 'verification-ends', at: '2026-03-03T14:00:00.000Z', estimated: false };
const stopped: Finding = { ...CATALOG['sending-lost'].example, severity: 'critical', deadlines: [] } as Finding;
const missing: Finding = { ...CATALOG['record-missing'].example, severity: 'warning', deadlines: [ends] } as Finding;
const view = (...findings: readonly Finding[]) =>
  wordAlert(alert({ affected: [{ subject: subject('example.com'), findings }], severity: 'critical' }), toReportFinding, 5);
const clock = { ...ends, within: 48 };

test('of another finding than the worst', () => {
  expect(alertSubject('escalated', view(stopped, missing), clock)).toMatch(/^\[CRITICAL, UNDER 48 H LEFT\] 1 of 3 DKIM records is missing/);
  expect(alertSubject('changed', view(stopped, missing))).toMatch(/\] SES no longer lets it send/);
});

test('of the worst, which may have it too; of none, the worst', () => {
  const both = { ...stopped, deadlines: [ends] } as Finding;
  expect(alertSubject('escalated', view(both, missing), clock)).toMatch(/LEFT\] SES no longer lets it send/);
  expect(alertSubject('escalated', view(stopped), clock)).toMatch(/LEFT\] SES no longer lets it send/);
});
