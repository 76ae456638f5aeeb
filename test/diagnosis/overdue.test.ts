// Which pending identities are looked at in full before DNS is asked: those that SES has looked at again, DNS being right, and still did not find.
import { isOverdue } from '../../lambda/diagnosis/overdue.ts';
import type { SesFacts } from '../../lambda/model/identity.ts';
import { evidence, hoursAgo } from './build.ts';

const { identity, now } = evidence({ ses: { status: 'PENDING' } });

test.each<[string, number, Partial<SesFacts>, boolean]>([
  ['SES has not looked since', 7, { lastCheckedAt: hoursAgo(8) }, false],
  ['SES has looked since', 7, { lastCheckedAt: hoursAgo(1) }, true],
  ['SES does not say when it looked, and names no error', 7, {}, false],
  ['SES does not say when it looked, and names an error', 7, { errorType: 'HOST_NOT_FOUND' }, true],
  ['DNS is right for a short while only', 5, { lastCheckedAt: hoursAgo(1) }, false],
  ['it is not pending', 7, { status: 'SUCCESS', lastCheckedAt: hoursAgo(1) }, false],
])('%s', (_, hours, facts, expected) => {
  const { lastCheckedAt: _checked, errorType: _error, ...ses } = identity.ses;
  const history = { firstSeenAt: hoursAgo(hours + 1), pendingSince: hoursAgo(hours + 1), dnsRightSince: hoursAgo(hours), unknownSweeps: 0 };
  expect(isOverdue({ ...identity, ses: { ...ses, ...facts } }, history, now)).toBe(expected);
});
