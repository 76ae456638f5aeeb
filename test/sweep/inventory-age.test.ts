// How old status and details may be: twice their interval, and where SES's pace makes that impossible as long as the reading needs.
import { allowedAgeMs, allowedDetailsAgeMs } from '../../lambda/sweep/inventory-age.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The default configuration, as sweep-plan.ts makes a plan of it. */
const DEFAULT = { inventoryEveryMs: HOUR, scheduleMs: 5 * MINUTE, inventoryMs: 3 * MINUTE, sesCallsPerSecond: 1 };

test.each([
  ['a dozen identities: twice the interval', 12, DEFAULT, 2],
  ['a thousand: still twice the interval', 900, DEFAULT, 2],
  ['ten thousand: 110 calls, within twice the interval', 10_000, DEFAULT, 2],
  [
    'the same at a tenth of the pace: half an hour of reading, half of the time beside details',
    10_000,
    { ...DEFAULT, sesCallsPerSecond: 0.1 },
    2.61,
  ],
  ['read every half day', 12, { ...DEFAULT, inventoryEveryMs: 12 * HOUR }, 24],
  ['a slow schedule: the sweep that notices comes late', 900, { ...DEFAULT, scheduleMs: HOUR, inventoryMs: 9 * MINUTE }, 2.06],
])('%s', (_name, identities, pace, hours) => {
  expect(allowedAgeMs(identities, pace) / HOUR).toBeCloseTo(hours, 1);
});

test.each([
  ['a dozen identities: twice a day', 12, DEFAULT, 48],
  ['ten thousand: 9.3 hours at half of the pace in three fifths of the time', 10_000, DEFAULT, 48],
  ['the same on a slow schedule', 10_000, { ...DEFAULT, scheduleMs: HOUR, inventoryMs: 9 * MINUTE }, 99.07],
  ['half a day between details', 900, { ...DEFAULT, detailsEveryMs: 12 * HOUR }, 24],
])('details, %s', (_name, identities, pace, hours) => {
  expect(allowedDetailsAgeMs(identities, pace) / HOUR).toBeCloseTo(hours, 1);
});
