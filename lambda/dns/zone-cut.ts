// The zone that holds a name, as the resolvers tell it: one question where all is well, and one more for a zone not met before.
import type { Lookup } from '../model/lookup.ts';
import { type DnsName, isWithin, parseDnsName } from '../model/names.ts';
import type { Asked } from './asking.ts';
import { BOUNDS } from './bounds.ts';
import { registrableOf } from './registrable.ts';
import type { Resolved, Resolvers } from './resolvers.ts';
import { type KnownZone, NO_GLUE } from './zone-cache.ts';

export type ByResolver =
  /** `ttl` in seconds; absent if the zone was known already. */
  | { readonly kind: 'found'; readonly zone: KnownZone; readonly ttl?: number; readonly lookups: readonly Lookup[] }
  /** `nxdomain`: the registrable domain seems not to exist. `failed`: no resolver could tell, or what they told makes no sense. */
  | { readonly kind: 'not-found'; readonly why: 'nxdomain' | 'failed'; readonly lookups: readonly Lookup[] };

type Cut =
  | { readonly kind: 'apex'; readonly apex: DnsName; readonly soaPrimary: string | undefined }
  | { readonly kind: 'servers'; readonly asked: Asked }
  | { readonly kind: 'climb' }
  | { readonly kind: 'not-found'; readonly why: 'nxdomain' | 'failed' };

/**
 * Asks `NS name`. NS records in the answer: the name is an apex itself. None: the SOA's owner in the authority section is the apex
 * (RFC 2308 §5), if it is an ancestor; with a CNAME in the answer it is another name's, so the parent name is asked instead. `known` gives zones that need not be asked for again.
 */
export async function findByResolver(
  name: DnsName,
  resolvers: Resolvers,
  known: (apex: DnsName) => KnownZone | undefined,
): Promise<ByResolver> {
  const lookups: Lookup[] = [];
  const registrable = registrableOf(name);
  let at: DnsName | undefined = name;
  for (let climbed = 0; climbed < BOUNDS.climbs && at !== undefined && isWithin(at, registrable); climbed += 1, at = parentOf(at)) {
    // Of all of them once for a zone: perhaps only one validates, and refuses the domain.
    const resolved: Resolved = await (climbed === 0
      ? resolvers.firstOfAll({ name: at, type: 'NS' })
      : resolvers.first({ name: at, type: 'NS' }));
    lookups.push(...resolved.lookups);
    const cut: Cut = resolved.told === undefined ? { kind: 'not-found', why: 'failed' } : read(resolved.told, at, registrable, at === name);
    switch (cut.kind) {
      case 'climb':
        continue;
      case 'not-found':
        return { ...cut, lookups };
      case 'servers':
        return fromServers(at, cut.asked, undefined, lookups);
      case 'apex': {
        const zone = known(cut.apex);
        if (zone !== undefined) return { kind: 'found', zone, lookups };
        const servers = await resolvers.first({ name: cut.apex, type: 'NS' });
        lookups.push(...servers.lookups);
        return servers.told === undefined
          ? { kind: 'not-found', why: 'failed', lookups }
          : fromServers(cut.apex, servers.told, cut.soaPrimary, lookups);
      }
    }
  }
  return { kind: 'not-found', why: 'failed', lookups };
}

function read({ lookup, message }: Asked, at: DnsName, registrable: DnsName, isFirst: boolean): Cut {
  const { outcome } = lookup;
  if (outcome.kind === 'answer') {
    const isApex = outcome.records.some((r) => r.type === 'NS' && r.name === at);
    return isApex ? { kind: 'servers', asked: { lookup, message } } : { kind: 'climb' };
  }
  if (outcome.kind !== 'absent') return { kind: 'not-found', why: 'failed' };
  const soa = message?.authorities.find((r) => r.type === 'SOA');
  const soaPrimary = soa?.type === 'SOA' ? soa.primary : undefined;
  if (outcome.soa !== undefined && isWithin(outcome.soa, registrable)) return { kind: 'apex', apex: outcome.soa, soaPrimary };
  // Out of a zone above the registrable domain, or out of none at all.
  if (outcome.how === 'nxdomain') return { kind: 'not-found', why: 'nxdomain' };
  // The name exists in the zone above, records below it included: a public suffix that hosts names without delegating them.
  if (outcome.soa !== undefined && isFirst && at !== registrable) return { kind: 'apex', apex: outcome.soa, soaPrimary };
  return at === registrable ? { kind: 'not-found', why: 'failed' } : { kind: 'climb' };
}

function fromServers(apex: DnsName, asked: Asked, soaPrimary: string | undefined, lookups: readonly Lookup[]): ByResolver {
  const { outcome } = asked.lookup;
  const records = outcome.kind === 'answer' ? outcome.records.filter((r) => r.type === 'NS' && r.name === apex) : [];
  const servers = new Set<DnsName>();
  for (const record of records.slice(0, BOUNDS.nsRecords)) {
    const server = parseDnsName(record.type === 'NS' ? record.value : '');
    if (server.ok) servers.add(server.value);
  }
  if (servers.size === 0) return { kind: 'not-found', why: 'failed', lookups };
  const zone: KnownZone = {
    apex,
    servers: [...servers].sort().slice(0, BOUNDS.serversOfZone),
    glue: NO_GLUE,
    parentAsked: false,
    ...(soaPrimary === undefined ? {} : { soaPrimary }),
  };
  return { kind: 'found', zone, ttl: Math.min(...records.map((r) => r.ttl)), lookups };
}

function parentOf(name: DnsName): DnsName | undefined {
  const dot = name.indexOf('.');
  return dot < 0 ? undefined : (name.slice(dot + 1) as DnsName);
}
