// Whether a signature speaks for the domain in From: identifier alignment as DMARC has it (RFC 7489 §3.1.1).
import { getDomain } from 'tldts';
import type { DnsName } from '../model/names.ts';

/** `strict`: the same domain. `relaxed`: the same organizational domain, which is what most DMARC records ask for. */
export type Alignment = 'strict' | 'relaxed' | 'none';

/** `from` is the domain of the From address, `signing` the d= of the signature. */
export function alignmentOf(from: DnsName, signing: DnsName): Alignment {
  if (from === signing) return 'strict';
  return organizationalDomain(from) === organizationalDomain(signing) ? 'relaxed' : 'none';
}

/** The whole public suffix list counts here, with its private part: two customers of one hoster are not one organization (RFC 7489 §3.2). */
function organizationalDomain(name: DnsName): string {
  return getDomain(name, { allowPrivateDomains: true, validateHostname: false }) ?? name;
}
