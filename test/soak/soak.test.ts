// Four days of `npm run soak`: nothing missed, nothing false, nothing late, nothing left open.
import { runSoak } from '../../bench/soak/run.ts';

test('four days with incidents, noise, outages and restarts', async () => {
  const { score, kills, sweeps } = await runSoak({ days: 4, identities: 48, minutes: 15, seed: 7 });
  expect(sweeps).toBe(384);
  // A run in which nothing happened would show nothing.
  expect(score.incidents).toBeGreaterThan(5);
  expect(kills).toBeGreaterThan(0);
  expect(score.detectMinutes.length + score.lateMinutes.length).toBeGreaterThan(5);
  expect({ missed: score.missed, falseAlarms: score.falseAlarms, slow: score.slow, open: score.open }).toEqual({
    missed: [],
    falseAlarms: [],
    slow: [],
    open: [],
  });
  expect(score.repeats).toBeLessThanOrEqual(kills);
}, 120_000);
