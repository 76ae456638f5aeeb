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
  /** When GetEmailIdentity last gave the details; absent while provisional, and in snapshots of before, where they are as old as `ses.readAt`. */
  readonly detailedAt?: string;
  /** True while only the listing and SES v1 spoke of it: method, zone and MAIL FROM domain are not known yet. No alert is opened on this alone. */
  readonly provisional?: true;
  /** What the listing and v1 said when the details were read, where that is no fact of ours: another word is a reason to read them anew. */
  readonly heard?: Heard;
}

/** Words of the listing (`VerificationStatus`) and of SES v1 (status, switch and tokens in one text), kept to be compared and for nothing else. */
export interface Heard {
  readonly verification?: string;
  readonly batch?: string;
}

/** When the details of an identity were last read from SES, ISO 8601 UTC; undefined if they never were. */
export function detailsReadAt({ provisional, detailedAt, ses }: Identity): string | undefined {
  return provisional ? undefined : (detailedAt ?? ses.readAt);
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
  /**
   * True if the listing reached its last page *and* SES v1 was asked for the status of all it named. Only a complete inventory may close alerts of
   * identities that are gone. Details may still be missing: of whom, `pending` says.
   */
  readonly complete: boolean;
  /** When it last became complete: `inventoryEvery` counts from here. */
  readonly completedAt?: string;
  readonly identities: readonly Identity[];
  readonly unread: readonly UnreadIdentity[];
  /** Work left over for the next run; absent when there is none. `names` are listed identities whose details are still to be read. */
  readonly pending?: {
    readonly nextToken?: string;
    readonly names: readonly PendingName[];
    /** Names (any type) seen in the listing under way, so that those gone can be dropped at its end; empty when the inventory is complete. */
    readonly seen: readonly string[];
    /** Listed, and v1 was not asked yet. Absent when complete; and in snapshots of before, where `names` were all that is left to do. */
    readonly unasked?: readonly PendingName[];
  };
}

/**
 * Why details are to be read: `changed` another word of the listing or of v1 · `new` never read · `standing` SES does not call it SUCCESS, or DNS is
 * wrong · `rotation` its turn.
 */
export type DetailReason = 'changed' | 'new' | 'standing' | 'rotation';

/** An identity as the listing names it. */
export interface PendingName extends Heard {
  readonly identity: string;
  readonly type: 'domain' | 'address';
  readonly sendingEnabled?: boolean;
  /** Absent: `new`. */
  readonly why?: DetailReason;
  /** Since when the details are waited for, ISO 8601 UTC. */
  readonly since?: string;
}

/** Everybody who was listed and of whom something is still to be read. */
export function waitingNames({ pending }: Inventory): readonly PendingName[] {
  return pending === undefined ? [] : [...pending.names, ...(pending.unasked ?? [])];
}
