// Scenarios with imperfect servers and a healthy domain: a monitor must stay quiet.
import type { Behaviour } from '../dns/behaviour.ts';
import { HEALTHY } from './kinds.ts';
import { DOMAIN, SERVERS, shopScenario } from './one-shop.ts';
import type { Scenario } from './plot.ts';

const odd = (name: string, describe: string, behaviour: Behaviour, servers: readonly string[] = [`zone:${DOMAIN}`]): Scenario =>
  shopScenario(
    name,
    describe,
    [{ title: 'The servers begin to behave so', sweeps: 2, apply: (s) => void s.dns.behave({ servers, behaviour }) }],
    HEALTHY,
  );

export const harmless: readonly Scenario[] = [
  odd('servers-without-edns', 'Servers that answer FORMERR to EDNS.', { kind: 'no-edns', how: 'formerr' }),
  odd('servers-ignoring-edns', 'Servers that answer EDNS questions without EDNS.', { kind: 'no-edns', how: 'ignores' }),
  odd('servers-truncating', 'Servers that answer over TCP only.', { kind: 'truncate' }),
  odd('servers-folding-case', 'Servers that write the question back in lower case.', { kind: 'lower-case' }),
  odd('servers-slow', 'Servers that take 150 ms.', { kind: 'delay', ms: 150 }),
  odd('one-server-silent', 'One of two servers is dead: the other one is enough.', { kind: 'silent' }, [SERVERS[1] ?? '']),
  odd('one-server-lame', 'One of two servers refuses.', { kind: 'rcode', rcode: 'REFUSED' }, [SERVERS[1] ?? '']),
  odd('one-server-talks-nonsense', 'One of two servers sends noise.', { kind: 'garbage', how: 'noise' }, [SERVERS[0] ?? '']),
  odd('packets-get-lost', 'Every tenth question is lost.', { kind: 'lose', percent: 10 }),
];
