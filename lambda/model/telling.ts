// What a sweep decided to tell people, before it has words: the plan that messages are rendered from.
import type { Alert, AlertEvent, NearClock, Subject } from './alert.ts';
import type { AddressAtRisk } from './alert-addresses.ts';
import type { DecisionReason } from './decision.ts';
import type { Digest } from './digest.ts';
import type { Deadline, Finding } from './finding.ts';
import type { GapReason } from './identity.ts';

/** One target as the first summary shows it. `unknown` counts the unread ones too; `muted` ones are in none of the other counts. */
export interface TargetCounts {
  readonly account: string;
  readonly region: string;
  readonly identities: number;
  readonly healthy: number;
  readonly broken: number;
  readonly unknown: number;
  readonly muted: number;
  /** False if the listing of the target had not ended when the summary was made. */
  readonly complete: boolean;
}

/** One target that could not be read in the sweep of a first summary: nothing is said of it but that. */
export interface UnreadTarget {
  readonly account: string;
  readonly region: string;
  readonly reason: GapReason;
  /** As in the gap: one sentence for people. */
  readonly detail: string;
}

/** What is open of an identity that cannot be judged, as it was last seen. */
export interface OpenBeside {
  /** With what SES says by now, if that was read. */
  readonly subject: Subject;
  /** The worst. */
  readonly finding: Finding;
  /** When it was last seen, ISO 8601 UTC. */
  readonly seenAt: string;
  /** The next one; if all have passed, the last. */
  readonly deadline?: Deadline;
}

/** One message about alerts, to be sent. */
export type AlertTelling =
  | {
      readonly kind: 'alert';
      readonly event: AlertEvent;
      readonly reason: DecisionReason;
      /** With this sweep's evidence; `alert.told` is what people were told before this message. */
      readonly alert: Alert;
      /** Deterministic: the same telling repeated after a crash or a failed publish has the same id. */
      readonly messageId: string;
      /** Name servers that all affected identities have in common; absent if there is one identity, or if there are none. */
      readonly sharedNameServers?: readonly string[];
      readonly watched?: number;
      /** For an alert about what cannot be judged: what is open of the same identities. Absent if nothing is. */
      readonly openBeside?: readonly OpenBeside[];
      /** Of an escalation: which deadline is near or has passed. */
      readonly clock?: NearClock;
    }
  | {
      readonly kind: 'summary';
      /** `first-sweep`: targets seen for the first time. `many-at-once`: so many alerts had the same event that one message lists them. `one-cause`: one alert about many identities. */
      readonly occasion: 'first-sweep' | 'many-at-once' | 'one-cause';
      readonly event: AlertEvent;
      readonly alertId: string;
      readonly messageId: string;
      /** Worst first. */
      readonly alerts: readonly Alert[];
      /** For `one-cause`: the alert that `alerts` are the members of. */
      readonly group?: {
        readonly alert: Alert;
        readonly reason: DecisionReason;
        readonly clock?: NearClock;
        /** Of a route's part: how many the whole group hits, who are not named here. `over`: none of the route's own is in trouble any more. */
        readonly part?: { readonly of: number; readonly over?: true };
      };
      /** For `first-sweep`: the groups that some of `alerts` are members of, as they are remembered. Absent if there are none. */
      readonly groups?: readonly Alert[];
      /** Empty but for `first-sweep`. */
      readonly targets: readonly TargetCounts[];
      /** For `first-sweep`: targets still without a summary that could not be read, none of them introduced by this one. Absent if there are none. */
      readonly unreadable?: readonly UnreadTarget[];
      /** Name servers that every one of many alerts has in common; absent if there are none. */
      readonly sharedNameServers?: readonly string[];
      /** For alerts about what cannot be judged: how many identities of their targets have records to be looked up. */
      readonly watched?: number;
      /** For the same: what is open of the same identities. Absent if nothing is. */
      readonly openBeside?: readonly OpenBeside[];
      /** For `first-sweep`: alert addresses on domains that are watched. Absent if there are none. */
      readonly addressesAtRisk?: readonly AddressAtRisk[];
    };

/** All that stands, told from time to time; the last message of its sweep. */
export interface DigestTelling {
  readonly kind: 'digest';
  readonly event: 'digest';
  readonly alertId: string;
  readonly messageId: string;
  readonly digest: Digest;
}

/** One message to be sent. */
export type Telling = AlertTelling | DigestTelling;
