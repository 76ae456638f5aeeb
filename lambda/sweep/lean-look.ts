// The lean way to confirm an absence: for the time when one set of name servers loses the records of very many domains at once, and the full
// panel, of some 25 questions a domain, would reach only one in ten of them before the sweep ends (docs/performance.md).
import type { DnsEvidence } from '../model/evidence.ts';
import type { Delegation, Lookup, NameServer } from '../model/lookup.ts';
import type { Examinee } from './examine.ts';
import { domainKeyName } from './panel.ts';
import type { Dns } from './ports.ts';

/** Domains of one set of name servers that get the full panel in one sweep; beyond these, what is plainly lost goes the lean way. */
export const PANELS_OF_SERVER_SET = 100;

/** Splits what is to be looked at closer, its order kept. `quick` is what the quick look found of those that looked odd, by key. */
export function byCrowd(
  doubtful: readonly Examinee[],
  quick: ReadonlyMap<string, DnsEvidence>,
): { readonly panel: readonly Examinee[]; readonly lean: readonly Examinee[] } {
  const counts = new Map<string, number>();
  const panel: Examinee[] = [];
  const lean: Examinee[] = [];
  for (const examinee of doubtful) {
    const evidence = quick.get(examinee.key);
    const set = evidence !== undefined && isPlainlyLost(evidence) ? serverSet(evidence.delegation) : undefined;
    const count = set === undefined ? 0 : (counts.get(set) ?? 0) + 1;
    if (set !== undefined) counts.set(set, count);
    (count > PANELS_OF_SERVER_SET ? lean : panel).push(examinee);
  }
  return { panel, lean };
}

/**
 * The quick look as a first round. The delegation is looked up anew, for the domain may have moved: undefined if it has, and the full panel has to
 * tell more. Asks the domain's own servers nothing.
 */
export async function leanFirst({ expectation }: Examinee, quick: DnsEvidence, dns: Dns): Promise<DnsEvidence | undefined> {
  const delegation = await dns.delegation(domainKeyName(expectation.domain), { fresh: true });
  if (quick.delegation?.kind !== 'delegated' || delegation.kind !== 'delegated') return undefined;
  dns.forget(delegation.apex);
  const same = delegation.apex === quick.delegation.apex && serverSet(delegation) === serverSet(quick.delegation);
  return same ? { ...quick, level: 'lean', delegation, confirmed: false } : undefined;
}

/** The second round, of every server that was not asked in the first one; of the same one where there is only one. */
export async function leanAgain(first: DnsEvidence, dns: Dns): Promise<DnsEvidence> {
  const servers = first.delegation?.kind === 'delegated' ? first.delegation.servers : [];
  const records = await Promise.all(
    first.records.map(async (evidence) => {
      const [before] = evidence.lookups;
      if (before?.outcome.kind !== 'absent') return evidence;
      const others = servers.filter(({ address }) => address !== before.server.address);
      const ask = (server: NameServer): Promise<Lookup> => dns.ask(server, before.question, { newSocket: true });
      return { ...evidence, confirmation: await Promise.all((others.length > 0 ? others : servers).map(ask)) };
    }),
  );
  return { ...first, records, confirmed: true };
}

/** When the last of its records was asked about, ms since the epoch. */
export const latestAt = ({ records }: DnsEvidence): number =>
  Math.max(...records.flatMap(({ lookups }) => lookups.map(({ at }) => Date.parse(at))));

/** No such name, says a server that holds the zone (AA, and the zone's own SOA beside it, RFC 2308 §2.1): no wildcard, no other type, no CNAME can be there. */
function isPlainlyLost({ records, delegation }: DnsEvidence): boolean {
  if (delegation?.kind !== 'delegated') return false;
  const { apex } = delegation;
  const lost = records.filter(({ lookups: [only] }) => only?.outcome.kind === 'absent');
  const plain = ({ outcome }: Lookup): boolean =>
    outcome.kind === 'answer' || (outcome.kind === 'absent' && outcome.how === 'nxdomain' && outcome.aa && outcome.soa === apex);
  return lost.length > 0 && records.every(({ lookups }) => lookups.length === 1 && lookups.every(plain));
}

function serverSet(delegation: Delegation | undefined): string {
  if (delegation?.kind !== 'delegated') return '';
  return [...new Set(delegation.servers.map(({ address }) => address))].sort().join(' ');
}
