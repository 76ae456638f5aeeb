// Alert addresses on watched domains: said in the first summary and in the log.
import { addressesAtRisk } from '../../lambda/model/alert-addresses.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld } from './small-world.ts';

test.each([
  ['dns@example.com', 'example.com'],
  ['dns@mail.example.com', 'example.com'],
  ['dns@EXAMPLE.com', 'example.com'],
  ['dns@notexample.com', undefined],
  ['dns@example.com.evil.example', undefined],
  ['dns@com', undefined],
])('%s', (address, domain) => {
  expect(addressesAtRisk([address], new Set(['example.com', 'com']))).toEqual(domain === undefined ? [] : [{ address, domain }]);
});

test('the first summary names them, each sweep logs them, other messages are silent about them', async () => {
  const small = new SmallWorld();
  small.identities = [easyIdentity('one.example')];
  small.publish(...small.identities);
  const sweep = async () => {
    const plan = small.plan();
    await runSweep({ ...plan, policy: { ...plan.policy, addresses: ['dns@one.example', 'dns@two.example'] } }, small.world());
    small.now += 300_000;
  };
  await sweep();
  small.cnames.delete(`${'a'.repeat(32)}._domainkey.one.example`);
  await sweep();
  expect(small.sent.map(({ email }) => email.includes('dns@one.example (watched: one.example)'))).toEqual([true, false]);
  const logged = small.log.filter(({ event }) => event === 'alert-address-on-watched-domain').map(({ fields }) => fields);
  expect(logged).toEqual(Array(2).fill({ address: 'dns@one.example', domain: 'one.example' }));
});
