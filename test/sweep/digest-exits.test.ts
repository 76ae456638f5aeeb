// The digest where there are exits beside the main topic: the bus alone gets it too, and what it missed comes later, once.
import type { AlertPolicy } from '../../lambda/model/policy.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { START } from './small-world.ts';
import { events, everywhere, lose, outboxOf, ROUTE, troublesOf, world } from './with-exits.ts';

const HOUR = 3_600_000;
const routing = everywhere([{ ...ROUTE, identities: [], exclusive: true }]);
const digest: NonNullable<AlertPolicy['digest']> = { every: 'day', atMinute: 7 * 60, on: 'monday' };

async function introduced() {
  const small = await world(routing);
  const at = (hours: number) => {
    small.now = START + hours * HOUR;
    const plan = small.plan();
    return runSweep({ ...plan, policy: { ...plan.policy, routing, digest } }, small.world());
  };
  await at(1);
  return Object.assign(small, { at });
}

const ids = (messages: readonly { readonly messageId: string }[] = []): readonly string[] => messages.map(({ messageId }) => messageId);

test('goes to the main topic and to the bus; who is woken, and a team that everything goes to, do not get it', async () => {
  const small = await introduced();
  await small.at(7);
  expect(events(small.sent)).toEqual(['digest']);
  expect(events(small.exits.get('bus'))).toEqual(['digest']);
  for (const id of ['critical', 'team']) expect(events(small.exits.get(id))).toEqual([]);
});

test('what is critical and open changes nothing of that', async () => {
  const small = await introduced();
  lose(small, 'else.example');
  await small.at(6);
  await small.at(7);
  expect(events(small.exits.get('bus'))).toEqual(['opened', 'digest']);
  for (const id of ['critical', 'team']) expect(events(small.exits.get(id))).toEqual(['opened']);
});

test('a bus that missed it gets it in the next sweep, under the same id, and the main topic no second one', async () => {
  const small = await introduced();
  small.deaf.add('bus');
  expect(await troublesOf(small.at(7))).toEqual([expect.stringContaining('could not be published to bus (digest')]);
  expect(outboxOf(small).unsent.map(({ message }) => message.event)).toEqual(['digest']);
  small.deaf.clear();
  expect(await troublesOf(small.at(7.1))).toEqual([]);
  await small.at(7.2);
  expect(events(small.sent)).toEqual(['digest']);
  expect(ids(small.exits.get('bus'))).toEqual(ids(small.sent));
  expect(outboxOf(small).unsent).toEqual([]);
});

test('a main topic that missed it gets it in the next sweep, and the bus no second one', async () => {
  const small = await introduced();
  small.publishFails = true;
  await small.at(7);
  await small.at(7.1);
  small.publishFails = false;
  await small.at(7.2);
  await small.at(7.3);
  expect(events(small.sent)).toEqual(['digest']);
  expect(ids(small.exits.get('bus'))).toEqual(ids(small.sent));
  expect(outboxOf(small).taken).toEqual([]);
});

test('neither takes it: both get it, once', async () => {
  const small = await introduced();
  small.publishFails = true;
  small.deaf.add('bus');
  await small.at(7);
  small.publishFails = false;
  await small.at(7.1);
  small.deaf.clear();
  await small.at(7.2);
  await small.at(7.3);
  expect(events(small.sent)).toEqual(['digest']);
  expect(ids(small.exits.get('bus'))).toEqual(ids(small.sent));
});
