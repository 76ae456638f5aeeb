// Which of the zone's name servers do not do their work: by a panel that asked all of them, else by the delegation alone.
import type { Evidence } from '../model/evidence.ts';
import type { Lookup, Outcome } from '../model/lookup.ts';
import { outcomeWords, serverName } from './server-words.ts';

export interface ServerTrouble {
  readonly broken: readonly { readonly server: string; readonly how: string }[];
  /** Addresses in the delegation, and names without any. */
  readonly of: number;
  /** Half of them or more. */
  readonly half: boolean;
  /** Every single one answers, and none of them speaks for the zone: nobody else can be at fault. */
  readonly allLame: boolean;
  readonly lookups: readonly Lookup[];
}

/** How a name server without a usable address is broken. IPv6 alone is no fault of the server. */
const UNUSABLE = {
  'no-address': 'has no address',
  'address-refused': 'has a private address',
  'ipv6-only': '',
  'lookup-failed': '',
} as const;

/**
 * Undefined if all work, or if nobody can say: while no server answers at all, and one is merely silent, the fault may be on our way to them. A quick
 * look asks one server; names in the delegation that nobody can ask show in it all the same.
 */
export function serverTrouble({ dns }: Evidence): ServerTrouble | undefined {
  const { delegation } = dns;
  if (dns.level === 'none' || delegation?.kind !== 'delegated') return undefined;
  const asked = dns.level === 'panel' ? latestSoa(dns) : [];
  const bad = asked.filter(({ outcome }) => !works(outcome));
  const addresses = dns.level === 'panel' ? asked.length : new Set(delegation.servers.map(({ address }) => address)).size;
  const nameless = delegation.unusable.flatMap(({ name, why, address }) =>
    UNUSABLE[why] === '' ? [] : [{ server: address === undefined ? name : `${name} (${address})`, how: UNUSABLE[why] }],
  );
  const allLame = asked.length > 0 && asked.every(({ outcome }) => outcome.kind === 'lame');
  if (bad.length + nameless.length === 0 || (bad.length === addresses && !allLame)) return undefined;
  const broken = [...bad.map(({ server, outcome }) => ({ server: serverName(server), how: outcomeWords(outcome) })), ...nameless];
  const of = addresses + nameless.length;
  return { broken, of, half: broken.length * 2 >= of, allLame, lookups: bad };
}

/** What each address said to the SOA question; a server that answered in one of the rounds works. */
function latestSoa({ soa, soaConfirmation }: Evidence['dns']): readonly Lookup[] {
  const latest = new Map<string, Lookup>();
  for (const lookup of soa) latest.set(lookup.server.address, lookup);
  for (const lookup of soaConfirmation) if (!works(latest.get(lookup.server.address)?.outcome)) latest.set(lookup.server.address, lookup);
  return [...latest.values()].filter(({ outcome }) => outcome.kind !== 'not-asked');
}

/** It answers for the zone. `absent` cannot be for the SOA of its own zone: that one does not know it. */
function works(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'answer' && outcome.aa;
}
