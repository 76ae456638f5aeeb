// Which addresses may be asked, and where they really are: names in somebody's DNS must not make this program talk to private networks.
import ipaddr from 'ipaddr.js';
import type { Destination } from './udp-pool.ts';

export interface AddressRules {
  /** Port of servers without a route. */
  readonly port: number;
  readonly allowPrivateNameServers: boolean;
  readonly routes?: Readonly<Record<string, Destination>> | undefined;
}

export type Placed =
  | { readonly kind: 'at'; readonly to: Destination }
  /** Not a public unicast address, and not allowed by the configuration. */
  | { readonly kind: 'refused' }
  /** Routes are configured and this address has none. */
  | { readonly kind: 'unreachable' };

// Never a name server, whatever the configuration says; 169.254.0.0/16 holds the cloud's metadata and credentials.
const NEVER: ReadonlySet<string> = new Set(['unspecified', 'broadcast', 'multicast', 'linkLocal']);

/** Where a server's IPv4 address is to be asked. Routed addresses count as allowed. */
export function placeOf(address: string, rules: AddressRules): Placed {
  const route = rules.routes !== undefined && Object.hasOwn(rules.routes, address) ? rules.routes[address] : undefined;
  if (route !== undefined) return { kind: 'at', to: route };
  if (!isIPv4(address)) return { kind: 'refused' };
  const range = ipaddr.IPv4.parse(address).range();
  if (NEVER.has(range) || (range !== 'unicast' && !rules.allowPrivateNameServers)) return { kind: 'refused' };
  return rules.routes === undefined ? { kind: 'at', to: { address, port: rules.port } } : { kind: 'unreachable' };
}

/** Four decimal numbers and nothing else: no octal, no short forms. */
export function isIPv4(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text);
}
