// Which domain an organization registered: where DMARC looks for the policy of the names below it.
import { getDomain } from 'tldts';
import type { DnsName } from '../model/names.ts';

/**
 * The organizational domain of RFC 7489 §3.2: one label below the public suffix. The whole public suffix list counts, with its private part:
 * two customers of one hoster are not one organization. The name itself where it is a public suffix.
 */
export function organizationalDomain(name: DnsName): DnsName {
  return (getDomain(name, { allowPrivateDomains: true, validateHostname: false }) ?? name) as DnsName;
}
