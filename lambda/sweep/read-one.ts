// Reads one identity from SES, for commands that are about one.
import type { Identity, Inventory, Target } from '../model/identity.ts';
import type { DnsName } from '../model/names.ts';
import type { Clock, InventoryReader } from './ports.ts';

export type OneRead =
  | { readonly kind: 'read'; readonly identity: Identity }
  | { readonly kind: 'no-such-identity' }
  /** SES could not be asked: throttled, denied, off or broken. A sweep names the reason. */
  | { readonly kind: 'not-read' };

/** When the facts of an identity that SES was never asked about were read. */
const NEVER = '1970-01-01T00:00:00.000Z';
/** Milliseconds. */
const READ_MS = 60_000;

/** The identity `domain` as SES knows it in `target`, read within a minute. */
export async function readOne(
  target: Target,
  domain: DnsName,
  world: { readonly inventory: InventoryReader; readonly clock: Clock },
): Promise<OneRead> {
  const unread: Identity = {
    ...target,
    identity: domain,
    type: 'domain',
    domain,
    method: 'none',
    tokens: [],
    ses: { status: 'UNKNOWN', readAt: NEVER },
    tags: {},
  };
  const alone: Inventory = { ...target, complete: true, identities: [unread], unread: [] };
  const until = world.clock() + READ_MS;
  const { identities } = await world.inventory.freshen(target, alone, [domain], { maxDetails: 1, until });
  const [identity] = identities;
  if (identity === undefined) return { kind: 'no-such-identity' };
  // The batch call alone tells a status and no method: what must be published is not known from that.
  const half = identity.method === 'none' && identity.ses.status !== 'NOT_STARTED';
  return half ? { kind: 'not-read' } : { kind: 'read', identity };
}
