// Reads SES's view anew for a few identities at once, because their DNS turned bad or an event named them.
import { GetIdentityDkimAttributesCommand, type IdentityDkimAttributes } from '@aws-sdk/client-ses';
import type { Identity, Inventory, PendingName } from '../model/identity.ts';
import type { Clock } from '../sweep/ports.ts';
import { askIdentity } from './detail.ts';
import { identityName, sesStatus } from './read-identity.ts';
import type { SesSession } from './session.ts';

/** Source: SES API v1 reference, GetIdentityDkimAttributes: up to 100 identities a call, one call a second. */
const BATCH = 100;

export interface FreshenLimits {
  readonly maxDetails: number;
  readonly until: number;
}

/**
 * As `InventoryReader.freshen`: status and signing of all by v1 batches, then the details of the first `maxDetails`, those that
 * changed before the others. The first failure of either kind ends that kind: the old facts stay, and their `readAt` shows the age.
 * An identity of which SES says that it does not exist is dropped.
 */
export async function freshenInventory(
  session: SesSession,
  inventory: Inventory,
  identities: readonly string[],
  limits: FreshenLimits,
  clock: Clock,
): Promise<Inventory> {
  const facts = new Map(inventory.identities.map((identity) => [identity.identity, identity]));
  const asked = [...new Set(identities.map(identityName))].filter((name) => facts.has(name));
  const changed = new Set<string>();

  for (let at = 0; at < asked.length; at += BATCH) {
    const batch = asked.slice(at, at + BATCH);
    const attributes = await askBatch(session, batch, limits.until);
    if (attributes === undefined) break;
    const readAt = new Date(clock()).toISOString();
    for (const name of batch) {
      const known = facts.get(name);
      const said = attributes.get(name);
      if (known === undefined) continue;
      const read = said === undefined ? undefined : withBatchFacts(known, said, readAt);
      if (read === undefined || read.ses.status !== known.ses.status || read.tokens !== known.tokens) changed.add(name);
      if (read !== undefined) facts.set(name, read);
    }
  }

  const gone = new Set<string>();
  const inOrder = [...asked.filter((name) => changed.has(name)), ...asked.filter((name) => !changed.has(name))];
  for (const name of inOrder.slice(0, Math.max(0, limits.maxDetails))) {
    const known = facts.get(name);
    if (known === undefined) continue;
    const answer = await askIdentity(session, pendingName(known), limits.until, clock);
    if (answer.kind === 'ok') facts.set(name, answer.value);
    else if (answer.kind === 'failed' && answer.failure.kind === 'not-found') gone.add(name);
    else break;
  }
  return withoutGone(
    { ...inventory, identities: inventory.identities.map(({ identity }) => facts.get(identity)).filter((i) => i !== undefined) },
    gone,
  );
}

async function askBatch(
  session: SesSession,
  names: readonly string[],
  until: number,
): Promise<ReadonlyMap<string, IdentityDkimAttributes> | undefined> {
  const answer = await session.call('ses:GetIdentityDkimAttributes', until, ({ v1 }, options) =>
    v1.send(new GetIdentityDkimAttributesCommand({ Identities: [...names] }), options),
  );
  if (answer.kind !== 'ok') return undefined;
  const said = answer.value.DkimAttributes ?? {};
  return new Map(Object.entries(said).map(([name, attributes]) => [identityName(name), attributes]));
}

/**
 * The identity with what v1 knows of it; undefined if v1's word must not be taken: it has the same "not started" for identities that
 * were deleted, and what it says of unheard-of states is nothing.
 */
function withBatchFacts(known: Identity, said: IdentityDkimAttributes, readAt: string): Identity | undefined {
  const status = sesStatus(said.DkimVerificationStatus);
  if (status === 'UNKNOWN' || (status === 'NOT_STARTED' && known.ses.status !== 'NOT_STARTED')) return undefined;
  const { statusText: _old, errorType, ...ses } = known.ses;
  // Only Easy DKIM's tokens: what v1 gives for own keys and replicas is not documented.
  const tokens = known.method === 'easy' ? newTokens(known.tokens, said.DkimTokens) : known.tokens;
  return {
    ...known,
    tokens,
    ses: {
      ...ses,
      status,
      ...(typeof said.DkimEnabled === 'boolean' ? { signing: said.DkimEnabled } : {}),
      // An error belongs to the status it came with.
      ...(errorType !== undefined && status === known.ses.status ? { errorType } : {}),
      readAt,
    },
  };
}

/** Three well-formed tokens that differ from the known ones, in any order: the identity was made anew. Else the known ones, as they are. */
function newTokens(known: readonly string[], said: unknown): readonly string[] {
  if (!Array.isArray(said) || said.length !== 3 || !said.every((token) => typeof token === 'string' && /^[a-z0-9]{10,63}$/i.test(token)))
    return known;
  return said.every((token) => known.includes(token)) ? known : (said as readonly string[]);
}

function pendingName({ identity, type, ses }: Identity): PendingName {
  return { identity, type, ...(ses.sendingEnabled === undefined ? {} : { sendingEnabled: ses.sendingEnabled }) };
}

function withoutGone(inventory: Inventory, gone: ReadonlySet<string>): Inventory {
  if (gone.size === 0) return inventory;
  const { pending } = inventory;
  return {
    ...inventory,
    identities: inventory.identities.filter(({ identity }) => !gone.has(identity)),
    ...(pending === undefined
      ? {}
      : {
          pending: {
            ...pending,
            names: pending.names.filter(({ identity }) => !gone.has(identityName(identity))),
            seen: pending.seen.filter((name) => !gone.has(name)),
          },
        }),
  };
}
