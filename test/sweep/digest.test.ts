// The digest in whole sweeps: once a day, after the other messages, and never lost to a crash, a failed publish or an empty room.

import { readMutes, writeMutes } from '../../lambda/sweep/mutes.ts';
import type { Channel } from '../../lambda/sweep/ports.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld, START } from './small-world.ts';

const HOUR = 3_600_000;
const policy = {
  remindEveryMs: 86_400_000,
  minimumSeverity: 'warning',
  mute: [],
  digest: { every: 'day', atMinute: 7 * 60, on: 'monday' },
} as const;

/** A world in which the first summary was told at midnight. */
async function introduced(): Promise<SmallWorld> {
  const small = new SmallWorld();
  small.identities = [easyIdentity('one.example'), easyIdentity('two.example')];
  small.publish(...small.identities);
  await sweepAt(small, 0);
  return small;
}

async function sweepAt(small: SmallWorld, hours: number) {
  small.now = START + hours * HOUR;
  return runSweep(small.plan({ policy }), small.world());
}

const events = (small: SmallWorld): readonly string[] => small.sent.map(({ event }) => event);

test('is told once a day, and counts the sweeps', async () => {
  const small = await introduced();
  for (const hours of [1, 6.9, 7, 7.1, 12, 30.9, 31, 32]) await sweepAt(small, hours);
  expect(events(small)).toEqual(['opened', 'digest', 'digest']);
  expect(small.sent[1]).toMatchObject({ severity: 'notice', subject: '[DKIM digest] nothing open, 2 healthy', account: '111111111111' });
  expect(small.sent.slice(1).map(({ json }) => JSON.parse(json).digest.sweeps)).toEqual([4, 4]);
});

test('comes last, and holds what the same sweep told to be over', async () => {
  const small = await introduced();
  small.cnames.delete(`${'a'.repeat(32)}._domainkey.one.example`);
  await sweepAt(small, 1);
  small.publish(...small.identities);
  await sweepAt(small, 7);
  expect(events(small)).toEqual(['opened', 'opened', 'recovered', 'digest']);
  expect(small.sent[3]?.email).toContain('one.example');
});

test('a monitor that was down sends it at its next sweep, for all days at once', async () => {
  const small = await introduced();
  await sweepAt(small, 24 * 5);
  await sweepAt(small, 24 * 5 + 1);
  expect(events(small)).toEqual(['opened', 'digest']);
});

test('a publish that fails is tried again in the next sweep', async () => {
  const small = await introduced();
  small.publishFails = true;
  const failed = await sweepAt(small, 7);
  expect(failed).toMatchObject({ kind: 'swept', told: 0, troubles: [expect.stringContaining('digest')] });
  small.publishFails = false;
  await sweepAt(small, 7.1);
  await sweepAt(small, 7.2);
  expect(events(small)).toEqual(['opened', 'digest']);
});

test('waits until somebody listens, and does not make a sweep fail meanwhile', async () => {
  const small = await introduced();
  small.confirmed = 0;
  expect(await sweepAt(small, 7)).toMatchObject({ troubles: [] });
  small.confirmed = 1;
  await sweepAt(small, 9);
  expect(events(small)).toEqual(['opened', 'digest']);
});

test('a clock that steps back repeats nothing', async () => {
  const small = await introduced();
  for (const hours of [7, 6, 7, 8]) await sweepAt(small, hours);
  expect(events(small)).toEqual(['opened', 'digest']);
});

test('a crash after the publish repeats it under the same id', async () => {
  const small = await introduced();
  small.now = START + 7 * HOUR;
  const world = small.world();
  const channel: Channel = {
    ...world.channel,
    publish: async (message) => {
      await world.channel.publish(message);
      throw new Error('killed');
    },
  };
  await expect(runSweep(small.plan({ policy }), { ...world, channel })).rejects.toThrow('killed');
  await sweepAt(small, 7.5);
  await sweepAt(small, 8);
  expect(events(small)).toEqual(['opened', 'digest', 'digest']);
  expect(small.sent[2]?.messageId).toBe(small.sent[1]?.messageId);
});

test('is never sent where none is wanted', async () => {
  const small = await introduced();
  small.now = START + 8 * HOUR;
  await runSweep(small.plan(), small.world());
  expect(events(small)).toEqual(['opened']);
});

test('names the mutes that the command keeps in the memory', async () => {
  const small = await introduced();
  const mute = {
    identity: 'one.example',
    until: new Date(START + 72 * HOUR).toISOString(),
    reason: 'moves on Friday',
    at: new Date(START).toISOString(),
  };
  const { memory } = small.world();
  const read = await readMutes(memory, small.now);
  expect(read.kind === 'read' && (await writeMutes(memory, [mute], read.version))).toBe('written');
  await sweepAt(small, 7);
  expect(small.sent.at(-1)?.email).toContain('moves on Friday');
});
