// The keys of signatures where DNS is not as it should be: what a resolver says alone is no absence.
import { createLiveKeys, type LiveDns } from '../../cli/live-keys.ts';
import type { Delegation, Lookup, NameServer, Question } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';

const AT = '2026-06-01T10:00:00Z';
const SERVER: NameServer = { role: 'authoritative', name: dnsName('ns1.hoster.net'), address: '192.0.2.1' };
const DELEGATED: Delegation = { kind: 'delegated', apex: dnsName('shop.com'), servers: [SERVER], unusable: [], source: 'parent' };
const UNKNOWN: Delegation = { kind: 'unknown', why: 'resolver-failed', detail: 'The resolvers alone say so.', lookups: [] };
const GONE: Delegation = { kind: 'gone', registrable: dnsName('shop.com'), how: 'nxdomain', lookups: [] };

const absent = (question: Question, aa: boolean): Lookup => ({
  server: SERVER,
  question,
  outcome: { kind: 'absent', how: 'nxdomain', aa },
  at: AT,
});

/** Resolvers say that nothing is there; `second` is what the server says when it is asked again. */
function world(delegation: Delegation, second: 'absent' | 'refused' = 'absent'): LiveDns {
  return {
    askResolvers: async (question) => [absent(question, false)],
    delegation: async () => delegation,
    ask: async (_, question, options) =>
      options?.newSocket === true && second === 'refused'
        ? { ...absent(question, true), outcome: { kind: 'lame', how: 'refused' } }
        : absent(question, true),
  };
}

test.each([
  ['nobody knows who speaks for the domain', world(UNKNOWN), { kind: 'unknown', detail: 'The resolvers alone say so.' }],
  ['the domain itself is gone', world(GONE), { kind: 'missing', how: 'nxdomain' }],
  ['its own server says so twice', world(DELEGATED), { kind: 'missing', how: 'nxdomain' }],
  [
    'its own server says so once',
    world(DELEGATED, 'refused'),
    { kind: 'unknown', detail: expect.stringContaining('None of its name servers') },
  ],
] as const)('%s', async (_, dns, key) => {
  expect(await createLiveKeys(dns).find('s1', 'shop.com')).toEqual(key);
});

test('the library that checks signatures hears of an absence and of a failure as Node’s resolver would say them', async () => {
  const name = 's1._domainkey.shop.com';
  await expect(createLiveKeys(world(GONE)).resolve(name)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(createLiveKeys(world(UNKNOWN)).resolve(name)).rejects.toMatchObject({ code: 'ESERVFAIL' });
});
