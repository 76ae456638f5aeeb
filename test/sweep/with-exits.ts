// A small world with exits beside the main topic, for the tests of delivery.
import type { Message } from '../../lambda/model/message.ts';
import type { Routing } from '../../lambda/model/policy.ts';
import { OUTBOX_KEY } from '../../lambda/sweep/blobs.ts';
import type { Outbox } from '../../lambda/sweep/outbox.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld } from './small-world.ts';

export const MINUTE = 60_000;
export const ROUTE = { exit: 'team', accounts: [], regions: [], identities: ['*.team.example'], tags: {}, exclusive: false };
export const everywhere = (routes: Routing['routes'] = [ROUTE]): Routing => ({ everything: ['bus'], critical: ['critical'], routes });

/** A world whose first summary was told, with three exits. */
export async function world(routing: Routing): Promise<SmallWorld & { readonly sweep: () => ReturnType<typeof runSweep> }> {
  const small = new SmallWorld();
  for (const id of ['bus', 'critical', 'team']) small.exits.set(id, []);
  small.identities = ['one.team.example', 'two.team.example', 'else.example'].map((domain) => easyIdentity(domain));
  small.publish(...small.identities);
  const sweep = async () => {
    small.now += 5 * MINUTE;
    const plan = small.plan();
    return runSweep({ ...plan, policy: { ...plan.policy, routing } }, small.world());
  };
  await sweep();
  for (const got of [small.sent, ...small.exits.values()]) got.length = 0;
  return Object.assign(small, { sweep });
}

export const lose = (small: SmallWorld, domain: string): void => void small.cnames.delete(`${'a'.repeat(32)}._domainkey.${domain}`);
export const restore = (small: SmallWorld): void => small.publish(...small.identities);
export const events = (messages: readonly Message[] = []): readonly string[] => messages.map(({ event }) => event);
export const outboxOf = (small: SmallWorld): Outbox => JSON.parse(small.blobs.get(OUTBOX_KEY)?.text ?? '{"unsent":[]}');
export const troublesOf = async (outcome: ReturnType<typeof runSweep>): Promise<readonly string[]> => {
  const done = await outcome;
  return done.kind === 'swept' ? done.troubles : ['held'];
};

/** What an exit answers that refuses. */
export const FAILED = { kind: 'failed', detail: 'Refused.' } as const;
