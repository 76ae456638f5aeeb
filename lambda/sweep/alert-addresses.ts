// Tells, once for each sweep in the log and in the first summary, of alert addresses that lie on watched domains.
import { type AddressAtRisk, addressesAtRisk } from '../model/alert-addresses.ts';
import type { TargetReport } from '../model/report.ts';
import type { AlertTelling } from '../model/telling.ts';
import type { Log } from './ports.ts';

/** The domains of all identities. */
export const domainsIn = (targets: readonly TargetReport[]): ReadonlySet<string> =>
  new Set(targets.flatMap(({ results }) => results.flatMap(({ identity: { domain } }) => (domain === undefined ? [] : [String(domain)]))));

/** Addresses on domains of this sweep's identities (`domains`: at least those that an address could lie on); each is logged. */
export function watchedAddresses(addresses: readonly string[], domains: () => ReadonlySet<string>, log: Log): readonly AddressAtRisk[] {
  if (addresses.length === 0) return [];
  const atRisk = addressesAtRisk(addresses, domains());
  for (const { address, domain } of atRisk) log('warn', 'alert-address-on-watched-domain', { address, domain });
  return atRisk;
}

/** The telling, with these addresses if it is a first summary. */
export function withAddresses(telling: AlertTelling, atRisk: readonly AddressAtRisk[]): AlertTelling {
  const isFirst = telling.kind === 'summary' && telling.occasion === 'first-sweep';
  return isFirst && atRisk.length > 0 ? { ...telling, addressesAtRisk: atRisk } : telling;
}
