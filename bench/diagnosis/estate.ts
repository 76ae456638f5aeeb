// An estate on paper: zones with their records, the sets of DKIM records in them, and the SES identities that depend on those.
import type { SesIdentity } from '../../sandbox/aws/aws-world.ts';
import {
  addressIdentity,
  bareIdentity,
  byodkimIdentity,
  dkimZone,
  easyIdentity,
  type IdentityOptions,
  replicaIdentity,
} from '../../sandbox/aws/identities.ts';
import type { RecordsAt, ZoneQuirks } from '../../sandbox/dns/dns-world.ts';

/** What lies in a zone, by the name relative to it. It follows every edit that is meant for all its servers. */
export type Content = Map<string, RecordsAt>;

export interface Zone {
  readonly apex: string;
  /** Names of its name servers, one address each. */
  servers: readonly string[];
  readonly ttl: number;
  readonly negativeTtl: number;
  readonly content: Content;
  quirks: ZoneQuirks;
  /** What the parent zone says, where it differs from `servers`. */
  delegatedTo?: readonly string[];
  /** Addresses of name servers that are not to be made up. */
  readonly addresses: Record<string, readonly string[]>;
  /** A TXT question about a name of the zone itself, such as `_dmarc`, gets no answer from resolvers. */
  mute: boolean;
  /** Its servers are already part of some trouble or noise: another one would be hard to foresee. */
  serversTaken: boolean;
  /** What is unusual and harmless about it, in words. */
  readonly remarks: string[];
}

/** One set of DKIM records: three CNAMEs, or the TXT of an own key. Replicas share their parent's. */
export interface Signer {
  readonly kind: 'easy' | 'own-key';
  readonly domain: string;
  /** The zone that holds the records. */
  readonly zone: Zone;
  /** Region whose SES made the tokens. */
  readonly region: string;
  /** The selector alone, for an own key. */
  readonly tokens: readonly string[];
  /** Base64 SubjectPublicKeyInfo of an own key. */
  readonly key?: string;
  readonly members: Member[];
  /** Names the configuration gives the key. */
  configured: boolean;
  /** Layers of this set that a fault has taken. */
  readonly taken: Set<Slot>;
}

/** Where a fault sits: two may meet on one identity only if they sit in different places. */
export type Slot = 'records' | 'zone' | 'gone' | 'ses' | 'mail' | 'target' | 'alone';

/** What SES says of an identity, as far as it is not what a healthy one has. */
export type SesState = Partial<Omit<IdentityOptions, 'region'>>;

/** One SES identity. */
export interface Member {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly part: 'own' | 'replica' | 'own-key' | 'address' | 'bare';
  /** Absent for addresses and domains without DKIM. */
  readonly signer?: Signer;
  /** As SES shows it now; while an estate is planned, as it will show it in the end. */
  state: SesState;
  /** At the beginning. */
  first: SesState;
  readonly remarks: string[];
}

export interface Estate {
  readonly index: number;
  readonly accounts: string[];
  /** Accounts that get no further identities. */
  readonly closed: Set<string>;
  readonly regions: readonly string[];
  readonly zones: Zone[];
  readonly signers: Signer[];
  readonly members: Member[];
  /** Names that were given out, so that no two things share one. */
  names: number;
}

/** `account/region/identity`, as reports name it. */
export function keyOf({ account, region, name }: Pick<Member, 'account' | 'region' | 'name'>): string {
  return `${account}/${region}/${name.toLowerCase()}`;
}

/** What SES says of a member in a given state. */
export function sesIdentity(member: Member, state: SesState = member.state): SesIdentity {
  const { region, name, part, signer } = member;
  const tokens = signer?.tokens ?? [];
  switch (part) {
    case 'own':
      return easyIdentity(name, { region, tokens, ...state });
    case 'replica':
      return replicaIdentity(name, { region, parentRegion: signer?.region ?? region, tokens, ...state });
    case 'own-key':
      return byodkimIdentity(name, { region, selector: tokens[0] ?? '', ...state });
    case 'address':
      return addressIdentity(name, { region, status: 'SUCCESS', signing: true, ...state });
    case 'bare':
      return bareIdentity(name, { region, ...state });
  }
}

/** The expected records of a set: the name relative to its zone, the full name, and the right value of a CNAME. */
export function recordsOf(
  signer: Signer,
): readonly { readonly token: string; readonly at: string; readonly name: string; readonly target: string }[] {
  return signer.tokens.map((token) => {
    const name = `${token.toLowerCase()}._domainkey.${signer.domain}`;
    return { token, name, at: relative(name, signer.zone.apex), target: `${token.toLowerCase()}.${dkimZone(signer.region)}` };
  });
}

/** A full name relative to a zone; `@` is the zone itself. Throws for a name outside of it. */
export function relative(name: string, apex: string): string {
  if (name === apex) return '@';
  if (!name.endsWith(`.${apex}`)) throw new Error(`${name} does not lie in ${apex}`);
  return name.slice(0, -apex.length - 1);
}

/** The deepest zone of the estate that holds the name. */
export function zoneOf(estate: Pick<Estate, 'zones'>, name: string): Zone | undefined {
  return estate.zones.filter(({ apex }) => name === apex || name.endsWith(`.${apex}`)).sort((a, b) => b.apex.length - a.apex.length)[0];
}
