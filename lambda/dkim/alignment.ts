// Whether a signature speaks for the domain in From: identifier alignment as DMARC has it (RFC 7489 §3.1.1).
import type { DnsName } from '../model/names.ts';
import { organizationalDomain } from './organizational-domain.ts';

/** `strict`: the same domain. `relaxed`: the same organizational domain, which is what most DMARC records ask for. */
export type Alignment = 'strict' | 'relaxed' | 'none';

/** `from` is the domain of the From address, `signing` the d= of the signature. */
export function alignmentOf(from: DnsName, signing: DnsName): Alignment {
  if (from === signing) return 'strict';
  return organizationalDomain(from) === organizationalDomain(signing) ? 'relaxed' : 'none';
}
