// What the trace is told beside each lookup: the packets it took, also where something was odd on the way.
import type { Lookup } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Effort } from '../../lambda/model/trace.ts';
import type { Behaviour } from '../../sandbox/dns/behaviour.ts';
import { closeInternets, HOSTER, keyZone, openInternet } from './small-internet.ts';

afterEach(closeInternets);

const WORLD = { zones: { 'shop.com': { ns: HOSTER, records: { 'a._domainkey': { TXT: 'p=abc' } } } } };

/** The trace of one TXT question to a server that behaves so. */
async function asked(behaviour: Behaviour | undefined): Promise<{ readonly lookup: Lookup; readonly effort: Effort }> {
  const heard: { lookup: Lookup; effort: Effort }[] = [];
  const { dns, net } = await openInternet(WORLD, { trace: (lookup, effort) => heard.push({ lookup, effort }) });
  const delegation = await dns.delegation(keyZone('shop.com'));
  if (delegation.kind !== 'delegated') throw new Error('not delegated');
  const [server] = delegation.servers;
  if (server === undefined) throw new Error('no server');
  if (behaviour !== undefined) net.control.behave({ behaviour });
  heard.length = 0;
  await dns.ask(server, { name: dnsName('a._domainkey.shop.com'), type: 'TXT' });
  const [one] = heard;
  if (one === undefined || heard.length !== 1) throw new Error(`heard ${heard.length} times`);
  return one;
}

test.each<[string, Behaviour | undefined, number, readonly string[] | undefined]>([
  ['an answer', undefined, 1, undefined],
  ['a truncated answer, then TCP', { kind: 'truncate' }, 2, ['over-tcp']],
  ['a server that does not take EDNS', { kind: 'no-edns', how: 'formerr' }, 2, ['without-edns']],
  ['a silent server: three rungs and the last one', { kind: 'silent' }, 4, ['without-edns']],
])('%s', async (_, behaviour, packets, remarks) => {
  const { lookup, effort } = await asked(behaviour);
  expect(effort.packets).toBe(packets);
  expect(effort.ms).toBeGreaterThanOrEqual(0);
  expect(lookup.remarks).toEqual(remarks);
});

test('a server with an IPv6 address only: that question is seen too', async () => {
  const types: string[] = [];
  const world = { zones: { 'six.com': { ns: ['ns1.six-host.net'] } }, nameServers: { 'ns1.six-host.net': ['2001:db8::1'] } };
  const { dns } = await openInternet(world, { trace: ({ question, outcome }) => types.push(`${question.type} ${outcome.kind}`) });
  await dns.delegation(keyZone('six.com'));
  expect(types).toContain('AAAA answer');
});
