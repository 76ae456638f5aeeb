// What passes by itself is told only once it lasts; a refusal is told at once.
import { targetUnreadable } from '../../lambda/diagnosis/rules/target-unreadable.ts';
import type { GapReason } from '../../lambda/model/identity.ts';

const severityAfter = (reason: GapReason, minutes: number): string => {
  const since = '2026-03-01T00:00:00.000Z';
  const now = new Date(Date.parse(since) + minutes * 60_000).toISOString();
  return targetUnreadable({ reason, detail: 'x', since, identities: 0 }, now).severity;
};

test.each([
  ['throttled', 0, 'notice'],
  ['throttled', 29, 'notice'],
  ['throttled', 30, 'warning'],
  ['out-of-time', 5, 'notice'],
  ['error', 5, 'notice'],
  ['error', 24 * 60, 'critical'],
  ['role-refused', 0, 'warning'],
  ['denied', 0, 'warning'],
  ['region-off', 0, 'warning'],
  ['denied', 24 * 60, 'critical'],
] as const)('%s for %i minutes: %s', (reason, minutes, severity) => {
  expect(severityAfter(reason, minutes)).toBe(severity);
});
