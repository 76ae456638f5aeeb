// Asks the name servers of a domain's own zone for a TXT record, with the care that an absence needs before it is told.
import { cnameChain, txtAtEnd } from '../lambda/dkim/answer-chain.ts';
import type { Lookup, NameServer, Question } from '../lambda/model/lookup.ts';
import { type DnsName, dnsName } from '../lambda/model/names.ts';
import type { Dns } from '../lambda/sweep/ports.ts';

export type OwnServers =
  /** The domain itself is not there. */
  | { readonly kind: 'gone'; readonly registrable: string }
  | { readonly kind: 'unknown'; readonly detail: string }
  /** `lookup` is absent where a server gave no answer with authority. */
  | { readonly kind: 'asked'; readonly said: readonly { readonly server: NameServer; readonly lookup?: Lookup }[] };

/** What is said where all of them are silent, or none has authority. */
export const NOBODY_SPOKE = 'None of its name servers gave an answer that counts.';

/** More servers than any sensible zone has; a hostile one may list thousands. */
const MAX_SERVERS = 13;

/** Every authoritative server of the zone above the first label of `name`. `fresh` skips the cache of delegations. */
export async function askOwnServers(
  name: DnsName,
  dns: Pick<Dns, 'ask' | 'delegation'>,
  options?: { readonly fresh: boolean },
): Promise<OwnServers> {
  const found = await dns.delegation(dnsName(name.slice(name.indexOf('.') + 1)), options);
  if (found.kind === 'gone') return { kind: 'gone', registrable: found.registrable };
  if (found.kind === 'unknown') return { kind: 'unknown', detail: found.detail };
  const servers = found.servers.slice(0, MAX_SERVERS);
  const lookups = await Promise.all(servers.map((server) => askTwiceIfAbsent(server, { name, type: 'TXT' }, dns)));
  return {
    kind: 'asked',
    said: servers.map((server, i) => {
      const lookup = lookups[i];
      return { server, ...(lookup === undefined || !counts(lookup) ? {} : { lookup }) };
    }),
  };
}

/** An absence is believed only if a second question, from another port, finds it again. */
async function askTwiceIfAbsent(server: NameServer, question: Question, dns: Pick<Dns, 'ask'>): Promise<Lookup> {
  const first = await dns.ask(server, question);
  return counts(first) && saysAbsent(first) ? dns.ask(server, question, { newSocket: true }) : first;
}

const counts = ({ outcome }: Lookup): boolean => (outcome.kind === 'answer' || outcome.kind === 'absent') && outcome.aa;

/** True if there is no TXT, and no CNAME at whose end one may be. */
function saysAbsent({ outcome, question }: Lookup): boolean {
  if (outcome.kind !== 'answer') return outcome.kind === 'absent';
  return cnameChain(outcome.records, question.name).length === 0 && txtAtEnd(outcome.records, question.name).length === 0;
}
