// What happens to one estate over many sweeps, for tests that sweep it both ways.
import type { Identity, Target } from '../../lambda/model/identity.ts';
import { easyIdentity } from '../sweep/small-world.ts';
import { changed, TARGETS, type TwoWaysWorld } from './two-ways.ts';

const [A, B, C, D] = TARGETS as readonly [Target, Target, Target, Target];

/** Eight identities in the first target, so that it is swept in parts; one domain in three targets, a replica, an address. */
export function estate(): Identity[] {
  const shared = [A, C, D].map((where) => easyIdentity('shared.example', where));
  const replica = changed(easyIdentity('shop.example', B), { method: 'deed', parentRegion: A.region });
  const address: Identity = {
    ...easyIdentity('d2.example', A),
    identity: 'news@d2.example',
    type: 'address',
    method: 'none',
    tokens: [],
  };
  return [
    ...['d1.example', 'd2.example', 'd3.example', 'd4.example', 'd5.example', 'shop.example'].map((name) => easyIdentity(name, A)),
    address,
    ...shared,
    replica,
    ...['b1.example', 'b2.example'].map((name) => easyIdentity(name, B)),
    easyIdentity('c1.example', C),
  ];
}

export const lose = (world: TwoWaysWorld, domain: string): void => void world.cnames.delete(`${'a'.repeat(32)}._domainkey.${domain}`);
const find = (world: TwoWaysWorld, where: Target, name: string): number =>
  world.identities.findIndex((one) => one.identity === name && one.account === where.account && one.region === where.region);
export function change(world: TwoWaysWorld, where: Target, name: string, how: (identity: Identity) => Identity): void {
  const i = find(world, where, name);
  world.identities[i] = how(world.identities[i] as Identity);
}
export const unsigned = (identity: Identity): Identity => ({
  ...identity,
  ses: { ...identity.ses, status: 'NOT_STARTED', signing: false },
});

/** What happens to the estate between sweeps, and how long after the last one. */
export const STORY: readonly { readonly what: string; readonly after: number; readonly how: (world: TwoWaysWorld) => void }[] = [
  {
    what: 'the first sight, with one domain broken',
    after: 0,
    how: (world) => {
      world.identities = estate();
      world.publish(...world.identities);
      lose(world, 'd5.example');
    },
  },
  { what: 'nothing new', after: 5, how: () => {} },
  {
    what: 'records are lost in a part of the large target, in a small one, and of a family of replicas',
    after: 5,
    how: (world) => {
      lose(world, 'd4.example');
      lose(world, 'b1.example');
      lose(world, 'shop.example');
    },
  },
  {
    what: 'an hour later: set up otherwise in another account, an address that signs for itself, new and deleted identities, a target that refuses',
    after: 61,
    how: (world) => {
      change(world, D, 'shared.example', unsigned);
      change(world, A, 'news@d2.example', unsigned);
      world.identities = world.identities.filter(({ identity }) => identity !== 'd1.example');
      world.identities.push(easyIdentity('d6.example', A));
      world.publish(...world.identities.slice(-1));
      world.refused.add(`${C.account}/${C.region}`);
    },
  },
  {
    what: 'the memory of a target cannot be written, and servers are silent',
    after: 5,
    how: (world) => {
      world.broken.add(`${B.account}/${B.region}`);
      world.silent.add('192.0.2.1');
      world.silent.add('192.0.2.2');
    },
  },
  {
    what: 'all is mended',
    after: 61,
    how: (world) => {
      world.broken.clear();
      world.silent.clear();
      world.refused.clear();
      world.publish(...world.identities);
      change(world, D, 'shared.example', (identity) => easyIdentity(identity.identity, D));
    },
  },
  { what: 'and seen well once more; the digest is due', after: 5, how: () => {} },
  {
    what: 'an exit takes nothing while more breaks, one of it muted',
    after: 5,
    how: (world) => {
      world.deaf.add('event-bus');
      const reason = 'It moves to another host.';
      const mutes = [{ identity: 'd2.example', until: '2026-04-01T00:00:00.000Z', reason, at: '2026-03-01T02:20:00.000Z' }];
      world.blobs.set('mutes/deployment', { version: 'by hand', text: JSON.stringify({ schema: 1, mutes }) });
      lose(world, 'd2.example');
      lose(world, 'd3.example');
    },
  },
  { what: 'the exit takes again what it missed', after: 5, how: (world) => world.deaf.clear() },
  {
    what: 'new identities of which SES gave no details yet: one is right by the listing, two are not, in two parts',
    after: 61,
    how: (world) => {
      const names = ['a0.example', 'd7.example', 'd8.example'];
      world.identities.push(...names.map((name) => changed(easyIdentity(name, A), { provisional: true })));
      world.publish(...world.identities.slice(-3));
      for (const name of ['a0.example', 'd8.example']) {
        lose(world, name);
        world.undetailed.add(name);
      }
    },
  },
  { what: 'SES comes to the details of one of them', after: 5, how: (world) => void world.undetailed.delete('d8.example') },
  {
    what: 'Organizations names another account whose identities break',
    after: 5,
    how: (world) => {
      world.watched = { targets: TARGETS, estate: { organization: seen(2), troubles: [] } };
      lose(world, 'c1.example');
      lose(world, 'shared.example');
    },
  },
  {
    what: 'that account is suspended, and Organizations does not know a unit',
    after: 5,
    how: (world) => {
      const organization = { ...seen(1), skipped: [{ account: D.account, state: 'SUSPENDED' }], unknown: ['ou-ab12-nothere1'] };
      const troubles = ['organization.include: AWS Organizations does not know ou-ab12-nothere1.'];
      world.watched = { targets: [A, B], estate: { organization, troubles } };
    },
  },
];

/** What Organizations said, of so many accounts. */
const seen = (accounts: number) => ({ readAt: '2026-03-01T03:00:00.000Z', accounts, skipped: [], unknown: [] });

/** A digest in the middle of the story, and exits beside the main topic. */
export const TOLD = {
  alerts: {
    email: ['dns@example.com'],
    critical: { email: ['on-call@example.com'] },
    eventBus: 'default',
    digest: { every: 'day', at: '02:20' },
  },
};
export const EXITS = ['critical', 'event-bus'];
