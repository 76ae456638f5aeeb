// The sweep is killed between each two of its steps: at most one message is repeated, under the same id, and none is lost.
import type { Channel, Memory } from '../../lambda/sweep/ports.ts';
import { runSweep, type SweepWorld } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld } from './small-world.ts';

class Killed extends Error {}

/** The same world, whose sweep dies as it takes step number `at`: before its effect, or after it but before anybody hears of it. */
function killedAt(world: SweepWorld, at: number, when: 'before' | 'after'): { readonly world: SweepWorld; readonly steps: () => number } {
  let step = 0;
  const fatal = async <T>(effect: () => Promise<T>): Promise<T> => {
    step += 1;
    // Once dead, nothing more happens: not even what was already under way.
    if (step > at || (step === at && when === 'before')) throw new Killed();
    const result = await effect();
    if (step >= at && when === 'after') throw new Killed();
    return result;
  };
  const memory: Memory = {
    read: (...args) => fatal(() => world.memory.read(...args)),
    write: (...args) => fatal(() => world.memory.write(...args)),
  };
  const channel: Channel = {
    publish: (message) => fatal(() => world.channel.publish(message)),
    audience: () => fatal(() => world.channel.audience()),
    exits: (world.channel.exits ?? []).map(({ id, publish }) => ({ id, publish: (message) => fatal(() => publish(message)) })),
  };
  return { world: { ...world, memory, channel }, steps: () => step };
}

const MINUTE = 60_000;
type Change = (small: SmallWorld) => void;
const lose: Change = (small) => {
  for (const domain of ['one.example', 'two.example']) small.cnames.delete(`${'a'.repeat(32)}._domainkey.${domain}`);
};
const restore: Change = (small) => small.publish(...small.identities);

async function worldAfter(changes: readonly Change[]): Promise<SmallWorld> {
  const small = new SmallWorld();
  small.identities = [easyIdentity('one.example'), easyIdentity('two.example'), easyIdentity('three.example')];
  small.publish(...small.identities);
  for (const change of changes.slice(0, -1)) {
    change(small);
    await runSweep(small.plan(), small.world());
    small.now += 5 * MINUTE;
  }
  changes.at(-1)?.(small);
  small.sent.length = 0;
  return small;
}

const nothing: Change = () => {};
const CASES: readonly [string, readonly Change[], readonly string[]][] = [
  ['the first summary', [nothing], ['opened']],
  ['two alerts opened', [nothing, lose], ['opened', 'opened']],
  ['two recovered', [nothing, lose, restore], ['recovered', 'recovered']],
];

describe.each(CASES)('%s', (_title, changes, expected) => {
  test('killed between each two steps', async () => {
    const undisturbed = await worldAfter(changes);
    const counting = killedAt(undisturbed.world(), Number.POSITIVE_INFINITY, 'before');
    await runSweep(undisturbed.plan(), counting.world);
    expect(undisturbed.sent.map(({ event }) => event)).toEqual(expected);
    expect(counting.steps()).toBeGreaterThan(8);
    let killed = 0;
    for (let at = 1; at <= counting.steps(); at += 1) {
      for (const when of ['before', 'after'] as const) {
        const small = await worldAfter(changes);
        await expect(runSweep(small.plan(), killedAt(small.world(), at, when).world)).rejects.toThrow(Killed);
        killed += 1;
        // The next invocations, once the dead one's lease is over.
        for (let sweeps = 0; sweeps < 3; sweeps += 1) {
          small.now += 20 * MINUTE;
          await runSweep(small.plan(), small.world());
        }
        const ids = small.sent.map(({ messageId }) => messageId);
        const told = small.sent.filter(({ messageId }, i) => ids.indexOf(messageId) === i).map(({ event }) => event);
        expect({ at, when, told }).toEqual({ at, when, told: expected });
        expect({ at, when, repeated: ids.length - expected.length <= 1 }).toEqual({ at, when, repeated: true });
      }
    }
    expect(killed).toBe(2 * counting.steps());
  });
});

describe('with exits beside the main topic', () => {
  const EXITS = ['bus', 'critical'];
  const routing = { everything: ['bus'], critical: ['critical'], routes: [] };
  const planOf = (small: SmallWorld) => {
    const plan = small.plan();
    return { ...plan, policy: { ...plan.policy, routing } };
  };
  /** Two alerts are about to open, or to end; `missed` is an exit that had no ear for the sweep before. */
  const prepared = async (change: Change, deaf: string | undefined): Promise<SmallWorld> => {
    const small = await worldAfter([nothing, nothing]);
    for (const id of EXITS) small.exits.set(id, []);
    if (deaf !== undefined) small.deaf.add(deaf);
    lose(small);
    if (change === restore) await runSweep(planOf(small), small.world());
    small.deaf.clear();
    small.now += 5 * MINUTE;
    change(small);
    return small;
  };

  test.each([
    ['opened', lose, undefined, ['opened', 'opened']],
    ['recovered, after one exit missed the opening', restore, 'bus', ['opened', 'opened', 'recovered', 'recovered']],
  ] as const)(
    '%s: killed between each two steps, each place hears everything, at most one message twice',
    async (_title, change, deaf, expected) => {
      const undisturbed = await prepared(change, deaf);
      const counting = killedAt(undisturbed.world(), Number.POSITIVE_INFINITY, 'before');
      await runSweep(planOf(undisturbed), counting.world);
      for (let at = 1; at <= counting.steps(); at += 1) {
        for (const when of ['before', 'after'] as const) {
          const small = await prepared(change, deaf);
          await expect(runSweep(planOf(small), killedAt(small.world(), at, when).world)).rejects.toThrow(Killed);
          for (let sweeps = 0; sweeps < 3; sweeps += 1) {
            small.now += 20 * MINUTE;
            await runSweep(planOf(small), small.world());
          }
          for (const [place, got] of [['main', small.sent] as const, ...small.exits]) {
            const ids = got.map(({ messageId }) => messageId);
            const told = got.filter(({ messageId }, i) => ids.indexOf(messageId) === i).map(({ event }) => event);
            expect({ at, when, place, told }).toEqual({ at, when, place, told: expected });
            // What waited in the outbox and what is new may each be repeated once.
            expect({ at, when, place, repeated: ids.length - expected.length <= (deaf === place ? 2 : 1) }).toMatchObject({
              repeated: true,
            });
          }
        }
      }
    },
  );
});
