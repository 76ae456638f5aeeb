// What SES says about one identity, read once at the edge and kept as values.
import type { AccountId, DnsName, Region } from './names.ts';

/** One account in one region: the unit of work. */
export interface Target {
  readonly account: AccountId;
  readonly region: Region;
}

/** A stable key for a target, for maps and blob names. */
export function targetKey(target: Target): string {
  return `${target.account}/${target.region}`;
}

/** `easy` Easy DKIM · `byodkim` own key · `deed` replica (Deterministic Easy DKIM) · `none` nothing set up. */
export type DkimMethod = 'easy' | 'byodkim' | 'deed' | 'none';

/** DkimAttributes.Status; `UNKNOWN` stands for a value this version has never heard of, or none at all. */
export type SesStatus = 'NOT_STARTED' | 'PENDING' | 'SUCCESS' | 'TEMPORARY_FAILURE' | 'FAILED' | 'UNKNOWN';

/** SES's facts, as far as it gave them (every field of its answer is optional). Times are ISO 8601 UTC. */
export interface SesFacts {
  readonly status: SesStatus;
  /** The raw status text, sanitised, if it was not one of the known ones. */
  readonly statusText?: string;
  /** DkimAttributes.SigningEnabled; absent if SES did not say. */
  readonly signing?: boolean;
  /** VerifiedForSendingStatus. */
  readonly verifiedForSending?: boolean;
  /** SendingEnabled of the listing. */
  readonly sendingEnabled?: boolean;
  readonly origin?: string;
  readonly currentKeyLength?: string;
  readonly nextKeyLength?: string;
  readonly lastKeyGeneratedAt?: string;
  /** VerificationInfo. */
  readonly lastCheckedAt?: string;
  readonly lastSuccessAt?: string;
  readonly errorType?: string;
  /** MailFromAttributes, if a custom MAIL FROM domain is set. `rejects`: BehaviorOnMxFailure is REJECT_MESSAGE. */
  readonly mailFrom?: { readonly domain: DnsName; readonly status: string; readonly rejects: boolean };
  readonly soa?: { readonly primaryNameServer?: string; readonly adminEmail?: string; readonly serial?: number };
  /** When these facts were read from SES: the snapshot's age is counted from here. */
  readonly readAt: string;
}

/** One SES identity of one target. */
export interface Identity {
  readonly account: AccountId;
  readonly region: Region;
  /** As SES names it, lower case: a domain in A-label form or an address. */
  readonly identity: string;
  readonly type: 'domain' | 'address';
  /** The domain itself, or the domain of the address; absent if SES's text is not a domain name. */
  readonly domain?: DnsName;
  readonly method: DkimMethod;
  /** As SES gave them (at most 10 are kept), lower-cased only for comparing. */
  readonly tokens: readonly string[];
  /** SigningHostedZone, if SES gave one. */
  readonly hostedZone?: DnsName;
  /** For a replica: the region of its parent identity. */
  readonly parentRegion?: Region;
  readonly ses: SesFacts;
  readonly tags: Readonly<Record<string, string>>;
}

/** Why a target, or part of it, could not be read. Contract: the report's `gap.reason`. */
export type GapReason = 'role-refused' | 'region-off' | 'denied' | 'throttled' | 'out-of-time' | 'error';

export interface Gap {
  readonly reason: GapReason;
  /** One sentence for people, naming the missing permission, trust or setting. Sanitised. */
  readonly detail: string;
}

/** How the detail of a gap begins whose cause is our own memory of the target, not SES. Its reason is `error`. */
export const DAMAGED_MEMORY = 'What the monitor remembers of this target is damaged';

/** True for the detail of such a gap. */
export function isDamagedMemory(detail: string): boolean {
  return detail.startsWith(DAMAGED_MEMORY);
}

/** An identity that was listed but whose details could not be read. */
export interface UnreadIdentity {
  readonly identity: string;
  readonly type: 'domain' | 'address';
  readonly gap: Gap;
}

/** The snapshot of one target's identities, kept between sweeps. Persisted as JSON. */
export interface Inventory {
  readonly account: AccountId;
  readonly region: Region;
  /** When the current listing began; absent until a listing was begun. */
  readonly listedAt?: string;
  /** True if the listing reached its last page *and* every listed identity was read or is in `unread`. Only a complete inventory may close alerts of identities that are gone. */
  readonly complete: boolean;
  /** When it last became complete: `inventoryEvery` counts from here. */
  readonly completedAt?: string;
  readonly identities: readonly Identity[];
  readonly unread: readonly UnreadIdentity[];
  /** Work left over for the next run; absent when complete. `names` are listed identities whose details are still to be read. */
  readonly pending?: {
    readonly nextToken?: string;
    readonly names: readonly PendingName[];
    /** Names (any type) seen in this listing so far, so that those gone can be dropped at its end. */
    readonly seen: readonly string[];
  };
}

export interface PendingName {
  readonly identity: string;
  readonly type: 'domain' | 'address';
  readonly sendingEnabled?: boolean;
}
