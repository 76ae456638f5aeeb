// Asks a domain's own name servers which key they publish at a selector, and compares it with one that the user holds.
import { cnameChain, cnameTargets, txtAtEnd } from '../lambda/dkim/answer-chain.ts';
import { readKeyRecord } from '../lambda/dkim/key-record.ts';
import type { Lookup, NameServer, Outcome } from '../lambda/model/lookup.ts';
import type { DnsName } from '../lambda/model/names.ts';
import type { Dns } from '../lambda/sweep/ports.ts';
import { askOwnServers, NOBODY_SPOKE } from './own-servers.ts';

/** What one name server, or all of them, publish. `detail` may hold bytes that DNS supplied. */
export type Published =
  | { readonly kind: 'match' }
  /** Another RSA key. */
  | { readonly kind: 'other-key'; readonly bits: number; readonly publicKey: string }
  /** The right key, but receivers will not use it: marked as a test, or shut to mail or to SHA-256. */
  | { readonly kind: 'restricted'; readonly tag: 't' | 's' | 'h' }
  | { readonly kind: 'revoked' }
  /** `leaked`: a private key was published. */
  | { readonly kind: 'malformed'; readonly detail: string; readonly leaked?: true }
  | { readonly kind: 'other-type'; readonly type: string }
  | { readonly kind: 'several'; readonly count: number; readonly leaked?: true }
  /** A CNAME is there, and no key at its end. */
  | { readonly kind: 'leads-nowhere'; readonly target: string }
  | { readonly kind: 'missing'; readonly how: 'nxdomain' | 'nodata' }
  | { readonly kind: 'no-domain'; readonly registrable: string }
  /** The servers do not publish the same. */
  | { readonly kind: 'disagree'; readonly said: readonly { readonly server: string; readonly says: Told }[] }
  | { readonly kind: 'unknown'; readonly detail: string };

/** What one server can say. */
export type Told = Exclude<Published, { kind: 'disagree' | 'unknown' | 'no-domain' }>;

/** True if a private key stands in DNS, be it at one server only: whoever read it can sign with it for good. */
export function isLeaked(published: Published): boolean {
  if (published.kind === 'disagree') return published.said.some(({ says }) => isLeaked(says));
  return (published.kind === 'malformed' || published.kind === 'several') && published.leaked === true;
}

export interface Asked {
  readonly name: DnsName;
  readonly published: Published;
  /** How many servers spoke, and how many did not. */
  readonly spoke: number;
  readonly silent: number;
}

/** Asks every authoritative server of the zone for the TXT at `name`; `publicKey` is base64 SubjectPublicKeyInfo. Never throws for what DNS does. */
export async function askPublishedKey(name: DnsName, publicKey: string, dns: Dns): Promise<Asked> {
  const found = await askOwnServers(name, dns, { fresh: true });
  if (found.kind === 'gone') return { name, published: { kind: 'no-domain', registrable: found.registrable }, spoke: 0, silent: 0 };
  if (found.kind === 'unknown') return { name, published: { kind: 'unknown', detail: found.detail }, spoke: 0, silent: 0 };
  const told = await Promise.all(found.said.map(({ lookup }) => (lookup === undefined ? undefined : readLookup(lookup, publicKey, dns))));
  const said = told.flatMap((says, i) => (says === undefined ? [] : [{ server: nameOf(found.said[i]?.server), says }]));
  return { name, published: agreed(said), spoke: said.length, silent: found.said.length - said.length };
}

const nameOf = (server: NameServer | undefined): string => (server === undefined ? '' : `${server.name} (${server.address})`);

async function readLookup({ outcome, question }: Lookup, publicKey: string, dns: Dns): Promise<Told | undefined> {
  if (outcome.kind === 'absent') return outcome.aa ? { kind: 'missing', how: outcome.how } : undefined;
  if (outcome.kind !== 'answer' || !outcome.aa) return undefined;
  const target = cnameChain(outcome.records, question.name).at(-1);
  if (target === undefined || txtAtEnd(outcome.records, question.name).length > 0) return readAnswer(outcome, question.name, publicKey);
  // The selector is delegated to another zone: resolvers know the way.
  const lookups = await dns.askResolvers(question);
  const answer = lookups.find((lookup) => lookup.outcome.kind === 'answer' && txtAtEnd(lookup.outcome.records, question.name).length > 0);
  if (answer?.outcome.kind === 'answer') return readAnswer(answer.outcome, question.name, publicKey);
  const spoke = lookups.some(({ outcome: one }) => one.kind === 'answer' || one.kind === 'absent');
  return spoke ? { kind: 'leads-nowhere', target } : undefined;
}

function readAnswer({ records }: Extract<Outcome, { kind: 'answer' }>, name: DnsName, publicKey: string): Told {
  const values = txtAtEnd(records, name);
  const [value, ...more] = values;
  if (value === undefined) return { kind: 'missing', how: 'nodata' };
  if (more.length > 0 || cnameTargets(records, name).length > 1)
    return { kind: 'several', count: values.length, ...(values.some(holdsPrivateKey) ? { leaked: true } : {}) };
  const record = readKeyRecord(value);
  if (record.kind === 'malformed')
    return { kind: 'malformed', detail: record.detail, ...(record.leaked === true ? { leaked: record.leaked } : {}) };
  if (record.kind !== 'rsa') return record;
  if (record.publicKey !== publicKey) return { kind: 'other-key', bits: record.bits, publicKey: record.publicKey };
  if (record.restriction !== undefined) return { kind: 'restricted', tag: record.restriction.tag };
  return record.testing ? { kind: 'restricted', tag: 't' } : { kind: 'match' };
}

function holdsPrivateKey(value: string): boolean {
  const record = readKeyRecord(value);
  return record.kind === 'malformed' && record.leaked === true;
}

function agreed(said: readonly { readonly server: string; readonly says: Told }[]): Published {
  const [first] = said;
  if (first === undefined) return { kind: 'unknown', detail: NOBODY_SPOKE };
  const same = said.every(({ says }) => JSON.stringify(says) === JSON.stringify(first.says));
  return same ? first.says : { kind: 'disagree', said };
}
