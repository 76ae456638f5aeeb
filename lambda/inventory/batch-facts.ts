// What a word of SES v1 is worth: facts for Easy DKIM, a provisional identity for whom nothing is known, and for all others a hint.
import type { IdentityDkimAttributes } from '@aws-sdk/client-ses';
import type { Identity, PendingName, Target } from '../model/identity.ts';
import { parseDnsName } from '../model/names.ts';
import { visible } from '../model/safe-text.ts';
import { identityName, sesStatus } from './read-identity.ts';

/** What v1 said, as one text to be compared with what it says later; `said` undefined: it does not know the identity. */
export function batchWord(said: IdentityDkimAttributes | undefined): string {
  if (said === undefined) return 'unknown';
  const tokens = Array.isArray(said.DkimTokens) ? said.DkimTokens.slice(0, 10).map((token) => visible(String(token), 100)) : [];
  return wordOf(sesStatus(said.DkimVerificationStatus), said.DkimEnabled, tokens);
}

/** What v1 would say of an identity if it said the same as the details. */
export function ownWord({ ses, tokens }: Identity): string {
  return wordOf(ses.status, ses.signing, tokens);
}

const wordOf = (status: string, enabled: unknown, tokens: readonly string[]): string =>
  [
    status,
    String(enabled),
    ...tokens
      .slice(0, 10)
      .map((token) => token.toLowerCase())
      .sort(),
  ].join(' ');

/**
 * True if the listing or v1 says something else than when the details were read. Where v1's word is no fact, its first one is only noted: what it
 * says of own keys and replicas is not documented.
 */
export function isChanged(known: Identity, { sendingEnabled, verification }: PendingName, word: string | undefined): boolean {
  const { heard, ses } = known;
  const before = heard?.batch ?? (isBelieved(known) ? ownWord(known) : word);
  return (
    (word !== undefined && word !== before) ||
    (sendingEnabled !== undefined && ses.sendingEnabled !== undefined && sendingEnabled !== ses.sendingEnabled) ||
    (verification !== undefined && heard?.verification !== undefined && verification !== heard.verification)
  );
}

/** Whom v1's word may change: not own keys (`EXTERNAL`), nor replicas (`AWS_SES_<REGION>`), nor what this version has never heard of. */
export function isBelieved({ method, ses: { origin } }: Identity): boolean {
  return (method === 'easy' || method === 'none') && (origin === undefined || origin === 'AWS_SES');
}

/** The identity with what the listing says of it and, for those who are believed, v1; `word` is kept where it is no fact. */
export function withOverview(
  known: Identity,
  name: PendingName,
  said: IdentityDkimAttributes | undefined,
  word: string | undefined,
  readAt: string,
): Identity {
  const { sendingEnabled } = name;
  const listed: Identity = sendingEnabled === undefined ? known : { ...known, ses: { ...known.ses, sendingEnabled } };
  // The details were read since v1 began to say this, and said otherwise: they count.
  const refuted = word !== undefined && word === known.heard?.batch;
  const read = said === undefined || refuted ? listed : (withBatchFacts(listed, said, readAt) ?? listed);
  return withHeard(read, { ...name, batch: word ?? known.heard?.batch });
}

/** The identity with the words that are to be compared with later ones, where its own facts do not stand for them. */
export function withHeard(
  identity: Identity,
  { verification, batch }: { readonly verification?: string | undefined; readonly batch?: string | undefined },
): Identity {
  const { heard: _before, ...rest } = identity;
  const heard = {
    ...(verification === undefined ? {} : { verification }),
    ...(batch === undefined || (isBelieved(identity) && batch === ownWord(identity)) ? {} : { batch }),
  };
  return Object.keys(heard).length === 0 ? rest : { ...rest, heard };
}

/**
 * The identity with what v1 knows of it; undefined if v1's word must not be taken: it has the same "not started" for identities that
 * were deleted, and what it says of unheard-of states, of own keys and of replicas is nothing.
 */
export function withBatchFacts(known: Identity, said: IdentityDkimAttributes, readAt: string): Identity | undefined {
  const status = sesStatus(said.DkimVerificationStatus);
  if (!isBelieved(known) || status === 'UNKNOWN' || (status === 'NOT_STARTED' && known.ses.status !== 'NOT_STARTED')) return undefined;
  const { statusText: _old, errorType, ...ses } = known.ses;
  return {
    ...known,
    tokens: known.method === 'easy' ? newTokens(known.tokens, said.DkimTokens) : known.tokens,
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
  if (!areTokens(said)) return known;
  return said.every((token) => known.includes(token)) ? known : said;
}

/** Three tokens as Easy DKIM has them. */
const areTokens = (said: unknown): said is readonly string[] =>
  Array.isArray(said) && said.length === 3 && said.every((token) => typeof token === 'string' && /^[a-z0-9]{10,63}$/i.test(token));

/**
 * An identity as the listing and v1 show it, to go by until its details are read; undefined where they do not show enough: a domain without three
 * tokens (its own key, or nothing begun), and v1's "not started", which it also says of what does not exist.
 */
export function provisionalIdentity(
  target: Target,
  name: PendingName,
  said: IdentityDkimAttributes | undefined,
  readAt: string,
): Identity | undefined {
  const status = sesStatus(said?.DkimVerificationStatus);
  if (said === undefined || status === 'UNKNOWN' || status === 'NOT_STARTED' || typeof said.DkimEnabled !== 'boolean') return undefined;
  if (name.type === 'domain' && !areTokens(said.DkimTokens)) return undefined;
  const identity = identityName(name.identity);
  const domain = parseDnsName(name.type === 'address' ? identity.slice(identity.lastIndexOf('@') + 1) : identity);
  if (!domain.ok) return undefined;
  const { sendingEnabled, verification } = name;
  return {
    ...target,
    identity,
    type: name.type,
    domain: domain.value,
    method: 'easy',
    tokens: name.type === 'domain' && areTokens(said.DkimTokens) ? said.DkimTokens : [],
    ses: { status, signing: said.DkimEnabled, ...(sendingEnabled === undefined ? {} : { sendingEnabled }), readAt },
    tags: {},
    provisional: true,
    ...(verification === undefined ? {} : { heard: { verification } }),
  };
}
