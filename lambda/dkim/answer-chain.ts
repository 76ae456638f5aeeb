// Follows a CNAME chain inside one answer. Names are compared without case and final dot; hostile answers may loop or be long.
import type { DnsRecord } from '../model/lookup.ts';

/** Longer chains are given up: resolvers do not follow them either. */
const MAX_LINKS = 12;

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** True if both are the same DNS name (RFC 4343: ASCII case does not count). */
export function sameName(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

/** The distinct CNAME targets at exactly this name: more than one is against RFC 1034 §3.6.2. */
export function cnameTargets(records: readonly DnsRecord[], name: string): readonly string[] {
  const owner = plain(name);
  return [...new Set(records.flatMap((r) => (r.type === 'CNAME' && plain(r.name) === owner ? [plain(r.value)] : [])))];
}

/** The targets passed when following CNAMEs from `name`, in order; empty where there is no CNAME. At most 12, and never the same one twice. */
export function cnameChain(records: readonly DnsRecord[], name: string): readonly string[] {
  const links = new Map<string, string>();
  for (const r of records) if (r.type === 'CNAME' && !links.has(plain(r.name))) links.set(plain(r.name), plain(r.value));
  const chain: string[] = [];
  let next = links.get(plain(name));
  while (next !== undefined && chain.length < MAX_LINKS && !chain.includes(next)) {
    chain.push(next);
    next = links.get(next);
  }
  return chain;
}

/** The TXT values at the end of the chain from `name`, each with its strings joined without anything between (RFC 6376 §3.6.2.2). */
export function txtAtEnd(records: readonly DnsRecord[], name: string): readonly string[] {
  const end = cnameChain(records, name).at(-1) ?? plain(name);
  return records.flatMap((r) => (r.type === 'TXT' && plain(r.name) === end ? [r.strings.join('')] : []));
}

/** True if the answer gives a TXT beside a CNAME at exactly this name: nothing may stand beside a CNAME (RFC 1034 §3.6.2). */
export function holdsBesideCname(records: readonly DnsRecord[], name: string): boolean {
  const owner = plain(name);
  return cnameTargets(records, name).length > 0 && records.some((r) => r.type === 'TXT' && plain(r.name) === owner);
}
