// An address that overrides its domain's DKIM, over sweeps: doubt about the domain neither closes its alert nor opens it anew.
import type { Identity } from '../../lambda/model/identity.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld } from './small-world.ts';

const domain = easyIdentity('one.example');
const signing: Identity = { ...domain, identity: 'mary@one.example', type: 'address', tokens: [], method: 'none' };
const unsigned: Identity = { ...signing, ses: { ...signing.ses, status: 'NOT_STARTED', signing: false } };
const doubted: Identity = { ...domain, ses: { ...domain.ses, status: 'TEMPORARY_FAILURE' } };

test('the domain in doubt for a sweep: the alert of the address stays; it closes when the address signs', async () => {
  const small = new SmallWorld();
  const about = async (...identities: Identity[]): Promise<readonly string[]> => {
    small.identities = identities;
    small.sent.length = 0;
    small.now += 61 * 60_000;
    await runSweep(small.plan(), small.world());
    return small.sent.filter(({ kinds }) => kinds.includes('address-overrides-domain')).map(({ event }) => event);
  };
  small.publish(domain);
  await about(domain, signing);
  expect(await about(domain, unsigned)).toEqual(['opened']);
  expect(await about(doubted, unsigned)).toEqual([]);
  expect(await about(domain, unsigned)).toEqual([]);
  expect(await about(domain, signing)).toEqual(['recovered']);
});
