// How long ago the last sweep may have ended before the doctor calls that a trouble: longer where a run of the state machine may take longer.
import { DEFAULT_CONFIGURATION } from '../../lambda/configuration.ts';
import { checkMemory } from '../../lambda/doctor/check-surroundings.ts';
import type { DoctorWorld } from '../../lambda/doctor/ports.ts';
import { ASKED_FOR_ALL, doctorPlan } from '../../lambda/doctor-plan.ts';
import { TARGET } from '../sweep/small-world.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;

async function afterMinutes(minutes: number, scale: 'function' | 'step-functions') {
  const plan = doctorPlan(
    { ...DEFAULT_CONFIGURATION, scale },
    { kind: 'resolved', targets: [TARGET], estate: { troubles: [] }, regions: [] },
    ASKED_FOR_ALL,
    {
      home: TARGET,
      bucket: 'memory',
      configurationName: 'monitor.config.json',
      rights: 'function',
      until: NOW + MINUTE,
    },
  );
  const lastReportAt = new Date(NOW - minutes * MINUTE).toISOString();
  const world: Pick<DoctorWorld, 'store' | 'clock'> = {
    store: async () => ({ bucket: { kind: 'ok' }, read: { kind: 'ok' }, write: { kind: 'ok' }, lastReportAt }),
    clock: () => NOW,
  };
  const checks = await checkMemory(plan, world, TARGET.account);
  return checks.find(({ link }) => link === 'last-sweep')?.trouble?.kind ?? 'fine';
}

test.each([
  [29, 'function', 'fine'],
  [31, 'function', 'sweep-stale'],
  [31, 'step-functions', 'fine'],
  [89, 'step-functions', 'fine'],
  [91, 'step-functions', 'sweep-stale'],
] as const)('every five minutes, %i minutes ago, with "scale": "%s": %s', async (minutes, scale, outcome) => {
  expect(await afterMinutes(minutes, scale)).toBe(outcome);
});
