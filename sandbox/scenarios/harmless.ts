// Scenarios with imperfect servers and a healthy domain: a monitor must stay quiet about the records, and name no more than the server.
import type { Behaviour } from '../dns/behaviour.ts';
import { broken, HEALTHY } from './kinds.ts';
import { DOMAIN, SERVERS, shopScenario } from './one-shop.ts';
import type { Expectation, Scenario } from './plot.ts';

const odd = (
  name: string,
  describe: string,
  behaviour: Behaviour,
  options: { readonly servers?: readonly string[]; readonly sweeps?: number; readonly expect?: Expectation } = {},
): Scenario =>
  shopScenario(
    name,
    describe,
    [
      {
        title: 'The servers begin to behave so',
        // Each is asked in its turn.
        sweeps: options.sweeps ?? 2,
        apply: (s) => void s.dns.behave({ servers: options.servers ?? [`zone:${DOMAIN}`], names: [DOMAIN], behaviour }),
      },
    ],
    options.expect ?? HEALTHY,
  );

/** Half of the servers, and not only for a moment: the records are right, and half of the safety is gone. */
const HALF = { sweeps: 6, expect: broken('nameserver-broken', { broken: [{}], of: 2 }, { severity: 'warning' }) };
const FIRST = { ...HALF, servers: SERVERS.slice(0, 1) };
const SECOND = { ...HALF, servers: SERVERS.slice(1) };

export const harmless: readonly Scenario[] = [
  odd('servers-without-edns', 'Servers that answer FORMERR to EDNS.', { kind: 'no-edns', how: 'formerr' }),
  odd('servers-ignoring-edns', 'Servers that answer EDNS questions without EDNS.', { kind: 'no-edns', how: 'ignores' }),
  odd('servers-truncating', 'Servers that answer over TCP only.', { kind: 'truncate' }),
  odd('servers-folding-case', 'Servers that write the question back in lower case.', { kind: 'lower-case' }),
  odd('servers-slow', 'Servers that take 150 ms.', { kind: 'delay', ms: 150 }),
  odd('packets-get-lost', 'Every tenth question is lost.', { kind: 'lose', percent: 10 }),
  odd('one-server-silent', 'One of two servers is dead: the other one still answers for the records.', { kind: 'silent' }, SECOND),
  odd('one-server-lame', 'One of two servers refuses.', { kind: 'rcode', rcode: 'REFUSED' }, SECOND),
  odd('one-server-talks-nonsense', 'One of two servers sends noise.', { kind: 'garbage', how: 'noise' }, FIRST),
];
