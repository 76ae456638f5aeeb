// The life of one trouble over sweeps, what was decided about it, and the memory both are kept in.
import type { DigestMemory } from './digest.ts';
import type { Deadline, Finding, FindingKind, Severity } from './finding.ts';
import { type DkimMethod, type SesStatus, type Target, targetKey } from './identity.ts';

export type AlertEvent = 'opened' | 'changed' | 'reminder' | 'escalated' | 'recovered' | 'reopened' | 'expired';

/** What a message is about: an event in an alert's life, or all that stands, from time to time. */
export type MessageEvent = AlertEvent | 'digest';

/** Who the trouble is about, carried by every finding that leaves this program. */
export interface Subject {
  readonly account: string;
  readonly region: string;
  readonly identity: string;
  readonly type: 'domain' | 'address';
  readonly method: DkimMethod;
  readonly status: SesStatus;
  readonly signing?: boolean;
  readonly errorType?: string;
  /** When SES's facts were read. */
  readonly readAt: string;
  /** Of the identity's SES tags those that routes ask for; absent if it has none of them. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Where the same domain is an identity as well, and all is well. */
  readonly fineIn?: readonly { readonly account: string; readonly region: string }[];
}

/** One identity's part in an alert. */
export interface AffectedIdentity {
  readonly subject: Subject;
  readonly findings: readonly Finding[];
  /** Of one that joined a group later: since when it is in it. Absent: since the alert opened. */
  readonly since?: string;
  /** Of one of several that this sweep could not see, or not in full: when its findings were last seen. Absent: when the alert was. */
  readonly seenAt?: string;
  /** True for one of several of which enough is known to say that its deadlines, as remembered, do not run: they count for nothing. */
  readonly past?: true;
}

/**
 * `target-removed`: its region is not watched there any more. `account-removed`: nothing of its account is, as when it has left the organisation or was
 * suspended. `identity-abandoned`: it is still there, was never finished, and nobody uses it: no more is said of it.
 */
export type GoneWhy = 'identity-deleted' | 'target-removed' | 'account-removed' | 'identity-abandoned';

/**
 * What one sweep believes about one alert key: `broken` with what, `healthy` (panel-confirmed where `panel`),
 * `unknown`, or `gone` (deleted from a complete listing, its target left the configuration, or never finished and forgotten).
 */
export type Belief =
  | {
      readonly key: string;
      readonly kind: 'broken';
      readonly affected: readonly AffectedIdentity[];
      readonly targetFinding?: Finding;
      readonly target: Target;
      readonly muted: boolean;
      readonly zone?: string;
      readonly nameServers?: readonly string[];
      /** Of a group: who left it in this sweep without being seen well. */
      readonly aside?: readonly Subject[];
    }
  | {
      readonly key: string;
      readonly kind: 'healthy';
      readonly panel: boolean;
      readonly target: Target;
      readonly aside?: readonly Subject[];
    }
  | {
      readonly key: string;
      readonly kind: 'unknown';
      readonly detail: string;
      readonly target: Target;
      /** Those of its identities that this sweep cannot see; absent if it saw enough to say that remembered facts no longer hold. */
      readonly unseen?: readonly Unseen[];
      /** Of a group: who of it is left, as far as known; whoever of it is not here was seen well by all servers, or is in `aside`. */
      readonly rest?: readonly AffectedIdentity[];
      readonly aside?: readonly Subject[];
    }
  | { readonly key: string; readonly kind: 'gone'; readonly why: GoneWhy; readonly target: Target };

/** One identity that a sweep cannot see. */
export interface Unseen {
  /** `account/region/identity`. */
  readonly who: string;
  /** What could not be seen: DNS, or SES as well. */
  readonly what: 'dns' | 'ses';
  /** What SES said of it, if SES could be read. */
  readonly read?: Subject;
  /** Since when its records had been right when they were last seen, if they were. */
  readonly rightSince?: string;
}

/** What many alerts of one sweep have in common: then they are one alert, and stay one through growth and partial recovery. */
export interface Cause {
  /** `zone` one DNS zone · `servers` the very same name servers · `provider` one operator of name servers · `account` one AWS account · `several`: no single one, but too many to be told apart. */
  readonly by: 'zone' | 'servers' | 'provider' | 'account' | 'several';
  /** Names of the zone, the servers, the operator or the account; empty for `several`. */
  readonly names: readonly string[];
  /** What is wrong with all of them; absent for `several`. */
  readonly kind?: FindingKind;
}

/** A deadline that has come near: what an escalation is about. */
export interface NearClock extends Deadline {
  /** Hours of the threshold that was crossed; 0 if the time has passed. */
  readonly within: number;
}

/** What is true, and what we told: two records of one alert. Persisted: kinds and facts, never sentences. */
export interface Alert {
  /** `account/region/identity`, `account/region` for a target, a family such as `account/deed/domain`, a group of one cause (`cause/…`), or {@link unjudgedKey}. */
  readonly key: string;
  /** Stable id for this life of the alert; thread id in chat. */
  readonly id: string;
  readonly target: Target;
  /** True now, as far as known. */
  readonly openedAt: string;
  readonly severity: Severity;
  readonly kinds: readonly FindingKind[];
  readonly affected: readonly AffectedIdentity[];
  readonly targetFinding?: Finding;
  readonly lastSeenAt: string;
  /** Set where it was told of although it could not be seen: then its findings are of `lastSeenAt`. `ses`: SES could not be read either. */
  readonly unseen?: Unseen['what'];
  /** What people were told; absent while nobody was. */
  readonly told?: {
    readonly at: string;
    readonly firstAt: string;
    readonly severity: Severity;
    readonly kinds: readonly FindingKind[];
    readonly messageId: string;
    /** `summary`: told as part of a target's first summary, or of a message about many alerts. */
    readonly by: 'message' | 'summary';
    /** What exactly was told, one text a fact (alerts/facts.ts): only a fact that is not among them is news. */
    readonly points?: readonly string[];
    /** Of a group: facts that were told in this life, of those who had left it by the last message: their return is no growth. Absent if none. */
    readonly left?: readonly string[];
    /** How many identities were hit then. */
    readonly hit?: number;
    /** Of a group: the most that any message of this life counted. */
    readonly most?: number;
    /** Of a group: how often it was told that some who had left it are back. Absent if never. */
    readonly returns?: number;
    /** How many had left it by then without being seen well; absent if none. */
    readonly aside?: number;
    /** The deadlines that were told: one that has moved since is told anew when it is near. */
    readonly clocks?: readonly Pick<Deadline, 'name' | 'at'>[];
    /** Messages in this life. */
    readonly messages?: number;
  };
  /** Why its identities share this alert; absent for a single one and for a family of replicas. */
  readonly cause?: Cause;
  /** For a group: the most identities that were hit at one time. */
  readonly most?: number;
  /** For a group: how many had been told one by one when it opened, of the same cause. Absent if none. */
  readonly beside?: number;
  /** For a group: who left it without being seen well, because it was muted or is no longer watched. Absent if nobody did. */
  readonly aside?: readonly Subject[];
  /** How often it came back within a day after it was told to be over; absent if never. */
  readonly reopened?: number;
  /** Of one that came back: since when it has been seen well, which is not told until it lasts. */
  readonly wellSince?: string;
  /** Set when it closed but the closing message has not been sent yet. */
  readonly closing?: { readonly event: 'recovered' | 'expired'; readonly at: string; readonly why?: string };
}

/** An alert that was told to be over: if it comes back within a day it is the same story, under the same id. */
export interface ClosedAlert {
  readonly id: string;
  readonly closedAt: string;
  readonly reopened: number;
  readonly cause?: Cause;
}

/** Key of the one alert about everything in a target that cannot be judged for long. No account is called `unknown`, so it is nobody else's key. */
export function unjudgedKey(target: Target): string {
  return `unknown/${targetKey(target)}`;
}

/** The told fact that SES has given up on an identity. */
export function givenUpPoint({ account, region, identity }: Pick<Subject, 'account' | 'region' | 'identity'>): string {
  return `${account}/${region}/${identity} SES has given up`;
}

/** True for a key that {@link unjudgedKey} made: such an alert says that nothing can be seen, not that something is broken. */
export function isUnjudgedKey(key: string): boolean {
  return key.startsWith('unknown/');
}

/** True for the alert about a target as a whole, of which no identity is named: it could not be read. */
export function isTargetAlert({ targetFinding, affected }: Pick<Alert, 'targetFinding' | 'affected'>): boolean {
  return targetFinding !== undefined && affected.length === 0;
}

/** The one blob of alerts of the deployment. */
export interface AlertMemory {
  readonly schema: 1;
  readonly alerts: Readonly<Record<string, Alert>>;
  /** Targets whose first summary was told, by `account/region`. */
  readonly introduced: Readonly<Record<string, { readonly at: string; readonly messageId: string }>>;
  /** First sight of each target, so that a summary is not held for ever by an inventory that never completes. */
  readonly firstSeen: Readonly<Record<string, string>>;
  /** Since when each unreadable target has been unreadable. */
  readonly unreadableSince: Readonly<Record<string, string>>;
  /** True if the last sweep held new alerts back because too much turned bad at once: never twice in a row. */
  readonly brakedLastSweep: boolean;
  /** Alerts that were told to be over in the last day, by key. Absent in memories of before. */
  readonly closed?: Readonly<Record<string, ClosedAlert>>;
  /** Absent where no digest is wanted. */
  readonly digest?: DigestMemory;
}

export const EMPTY_ALERT_MEMORY: AlertMemory = {
  schema: 1,
  alerts: {},
  introduced: {},
  firstSeen: {},
  unreadableSince: {},
  brakedLastSweep: false,
};
