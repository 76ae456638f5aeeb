// One address as SES knows it in one target, beside the domain that it belongs to: what `dkim-monitor check` says of an address.
import { aboutAddress, upwards } from '../diagnosis/across.ts';
import type { CheckedIdentity } from '../model/dns-view.ts';
import type { Gap, Inventory, Target } from '../model/identity.ts';
import type { DnsName } from '../model/names.ts';
import { type CheckWorld, judge } from './check-domain.ts';
import type { InventoryReader } from './ports.ts';

/** Milliseconds that SES may take for the address and the domains above it. */
const READ_MS = 60_000;
/** Names that are asked for: more labels than this has no domain that mail is sent for. */
const MAX_NAMES = 10;

export type AddressCheck =
  | { readonly kind: 'checked'; readonly result: CheckedIdentity }
  | { readonly kind: 'no-such-identity' }
  | { readonly kind: 'not-read'; readonly gap: Gap };

/**
 * The verdict of a sweep on the address, which SES and not DNS gives: whether its own DKIM settings override those of its domain. `domain` is what
 * stands behind the `@`. Unless SES answered for the address and every domain that may speak for it, nothing is said.
 */
export async function checkAddress(
  target: Target,
  address: string,
  domain: DnsName,
  world: CheckWorld & { readonly inventory: InventoryReader },
): Promise<AddressCheck> {
  const until = world.clock() + READ_MS;
  const above = upwards(domain).slice(0, MAX_NAMES);
  const nothing: Inventory = { ...target, complete: false, identities: [], unread: [] };
  const { inventory, gap } = await world.inventory.readNamed(target, nothing, [address, ...above], until);
  if (gap !== undefined) return { kind: 'not-read', gap };
  const identity = inventory.identities.find(({ type }) => type === 'address');
  if (identity === undefined) return { kind: 'no-such-identity' };
  const domains = new Map(inventory.identities.filter(({ type }) => type === 'domain').map((one) => [one.identity, { identity: one }]));
  const beside = aboutAddress({ identity }, { domains, unread: new Set(), complete: true, known: undefined });
  const result = await judge(identity, { keys: [], dnsOnly: false, beside }, world);
  const speaksFor = above.find((name) => domains.has(name));
  return { kind: 'checked', result: { ...result, ...(speaksFor === undefined ? {} : { domain: speaksFor }) } };
}
