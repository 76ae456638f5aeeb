// How old an inventory may be: twice its interval, and where SES's pace makes that impossible as long as the reading needs.
import { allowedAgeMs } from '../../lambda/sweep/inventory-age.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The default configuration, as sweep-plan.ts makes a plan of it. */
const DEFAULT = { inventoryEveryMs: HOUR, scheduleMs: 5 * MINUTE, inventoryMs: 3 * MINUTE, sesCallsPerSecond: 1 };

test.each([
  ['a dozen identities: twice the interval', 12, DEFAULT, 2],
  ['a thousand: still twice the interval', 900, DEFAULT, 2],
  ['ten thousand, at one call a second in three fifths of the time: 4.6 hours of reading, twice', 10_000, DEFAULT, 10.34],
  ['the same where AWS raised the quota to ten calls a second', 10_000, { ...DEFAULT, sesCallsPerSecond: 10 }, 2.01],
  ['read every half day', 12, { ...DEFAULT, inventoryEveryMs: 12 * HOUR }, 24],
  ['a slow schedule: the sweep that notices comes late', 900, { ...DEFAULT, scheduleMs: HOUR, inventoryMs: 9 * MINUTE }, 5.33],
])('%s', (_name, identities, pace, hours) => {
  expect(allowedAgeMs(identities, pace) / HOUR).toBeCloseTo(hours, 1);
});
