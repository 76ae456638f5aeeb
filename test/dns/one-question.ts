// One question to a small server: what most tests of the ladder ask, and what they hope for.
import type { Lookup, Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';
import { cname } from './packets.ts';
import { dnsTo, LONG, openSmallServer, type Script, SERVER, type SmallServer } from './small-server.ts';

export const NAME = dnsName('tok._domainkey.example.com');
export const QUESTION = { name: NAME, type: 'TXT' } as const;
/** What a healthy customer's server says. */
export const GOOD = { answers: [cname(NAME, 'tok.dkim.amazonses.com')] };

export interface Exchange {
  readonly lookup: Lookup;
  readonly outcome: Outcome;
  readonly server: SmallServer;
  readonly dns: Dns;
}

/** Opens a server that follows `script` and asks it once; `opened` hears of its port before. */
export async function askOf(
  script: Script,
  choice: { readonly newSocket?: boolean } = {},
  timeouts = LONG,
  opened: (port: number) => void = () => undefined,
): Promise<Exchange> {
  const server = await openSmallServer(script);
  opened(server.port);
  const dns = dnsTo(server.port, { timeouts });
  const lookup = await dns.ask(SERVER, QUESTION, choice);
  return { lookup, outcome: lookup.outcome, server, dns };
}

export function expectGood(outcome: Outcome): void {
  expect(outcome).toEqual({
    kind: 'answer',
    aa: true,
    records: [{ type: 'CNAME', name: NAME, ttl: 300, value: 'tok.dkim.amazonses.com' }],
  });
}
