// Lists the identities of one target, page by page, from the beginning or from where an earlier run stopped.
import { ListEmailIdentitiesCommand, type ListEmailIdentitiesCommandOutput } from '@aws-sdk/client-sesv2';
import type { PendingName, Target } from '../model/identity.ts';
import { visible } from '../model/safe-text.ts';
import type { Answer, Failure } from './failure.ts';
import { identityName, identityType } from './read-identity.ts';
import type { SesSession } from './session.ts';

/** A listing so far. `nextToken` leads to the next page; absent before the first page and after the last. */
export interface Listing {
  readonly nextToken?: string;
  readonly names: readonly PendingName[];
  /** In the form of {@link identityName}; may hold more than `names`, from pages of earlier runs whose identities were read. */
  readonly seen: readonly string[];
}

/** `restarted`: it began at its first page in this run. */
export type ListOutcome =
  | { readonly kind: 'ended'; readonly listing: Listing; readonly restarted: boolean }
  /** `pages` were read in this run; `failure` is absent if only the time was over. */
  | {
      readonly kind: 'stopped';
      readonly listing: Listing;
      readonly restarted: boolean;
      readonly pages: number;
      readonly failure?: Failure;
    };

/** SES allows 10,000 identities in a region; ten times that is a loop, not an inventory. Source: SES quotas. */
const MAX_PAGES = 1000;
const MAX_NAMES = 100_000;
/** SES's largest page. Source: SES API v2 reference, ListEmailIdentities. */
const PAGE_SIZE = 1000;
const TRIES = 5;
const EMPTY: Listing = { names: [], seen: [] };

/** Reads every page after `from` (default: all), until `until` (ms since the epoch). A paging token that SES no longer takes restarts the listing once. */
export async function listIdentities(session: SesSession, from: Listing = EMPTY, until: number): Promise<ListOutcome> {
  const outcome = await listFrom(session, from, until);
  const expired = outcome.kind === 'stopped' && outcome.failure?.kind === 'bad-request' && outcome.listing.nextToken !== undefined;
  return expired ? listFrom(session, EMPTY, until) : outcome;
}

async function listFrom(session: SesSession, from: Listing, until: number): Promise<ListOutcome> {
  const names = [...from.names];
  const seen = new Set(from.seen);
  const tokens = new Set<string>();
  const restarted = from.nextToken === undefined;
  let nextToken = from.nextToken;
  const soFar = (): Listing => ({ ...(nextToken === undefined ? {} : { nextToken }), names, seen: [...seen] });

  for (let pages = 0; ; pages++) {
    if (pages >= MAX_PAGES || names.length > MAX_NAMES)
      return { kind: 'stopped', listing: EMPTY, restarted, pages, failure: endless(session.target) };
    const page = await readPage(session, nextToken, until);
    if (page.kind === 'out-of-time') return { kind: 'stopped', listing: soFar(), restarted, pages };
    if (page.kind === 'failed') return { kind: 'stopped', listing: soFar(), restarted, pages, failure: page.failure };
    for (const name of namesOf(page.value)) {
      const key = identityName(name.identity);
      if (!seen.has(key)) names.push(name);
      seen.add(key);
    }
    nextToken = page.value.NextToken || undefined;
    if (nextToken === undefined) return { kind: 'ended', listing: soFar(), restarted };
    if (tokens.has(nextToken)) return { kind: 'stopped', listing: EMPTY, restarted, pages: pages + 1, failure: endless(session.target) };
    tokens.add(nextToken);
  }
}

/** One page, with a few more tries where another may help. */
async function readPage(session: SesSession, token: string | undefined, until: number): Promise<Answer<ListEmailIdentitiesCommandOutput>> {
  for (let tried = 1; ; tried++) {
    const command = new ListEmailIdentitiesCommand({ PageSize: PAGE_SIZE, NextToken: token });
    const answer = await session.call('ses:ListEmailIdentities', until, ({ v2 }, options) => v2.send(command, options));
    const again = answer.kind === 'failed' && (answer.failure.kind === 'throttled' || answer.failure.kind === 'transient');
    if (!again || tried >= TRIES) return answer;
  }
}

function namesOf(page: ListEmailIdentitiesCommandOutput): readonly PendingName[] {
  const listed: readonly unknown[] = Array.isArray(page.EmailIdentities) ? page.EmailIdentities : [];
  return listed.flatMap((item) => {
    const { IdentityName: identity, IdentityType, SendingEnabled, VerificationStatus } = (item ?? {}) as Record<string, unknown>;
    // Longer than any domain or address: it could neither be asked for nor kept.
    if (typeof identity !== 'string' || identity === '' || identity.length > 1000) return [];
    const type = identityType(IdentityType, identity) ?? 'domain';
    return [
      {
        identity,
        type,
        ...(typeof SendingEnabled === 'boolean' ? { sendingEnabled: SendingEnabled } : {}),
        ...(typeof VerificationStatus === 'string' ? { verification: visible(VerificationStatus, 40) } : {}),
      },
    ];
  });
}

function endless({ account, region }: Target): Failure {
  return {
    kind: 'other',
    detail: `The listing of identities in ${region} (account ${account}) does not come to an end: SES repeats its paging token.`,
  };
}
