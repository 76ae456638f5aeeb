// Which domain somebody registered: the part of a name below its public suffix.
import { getDomain } from 'tldts';
import type { DnsName } from '../model/names.ts';

/**
 * The registrable domain of a name by the public suffix list without its private part; the name itself if it is a public suffix.
 * Leading labels with an underscore never belong to it.
 */
export function registrableOf(name: DnsName): DnsName {
  const labels = name.split('.');
  let first = 0;
  for (const [index, label] of labels.entries()) if (label.startsWith('_') && index < labels.length - 1) first = index + 1;
  const bare = labels.slice(first).join('.');
  return (getDomain(bare, { allowPrivateDomains: false, validateHostname: false }) ?? bare) as DnsName;
}
