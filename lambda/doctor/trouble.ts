// Everything that can be wrong with a link of the chain, as data; the words stand in `words/`.
import type { Link } from '../model/checkup.ts';
import type { Refuser } from '../model/refusal.ts';

export type Transport = 'UDP' | 'TCP';

/** What belongs to the monitor's role in another account. */
export interface MemberRole {
  readonly roleName: string;
  /** Account of the monitor, whose role is to be trusted. */
  readonly hub: string;
  /** Where AWS Organizations names the account: it has the one role of all these. */
  readonly organization?: OrganizationRole;
}

export interface OrganizationRole {
  /** Id of the organisation, where the configuration says it: the role trusts callers of it only. */
  readonly id?: string;
  /** The monitor's own StackSet makes the role, called as this; absent: somebody else makes it. */
  readonly stackSet?: 'SELF' | 'DELEGATED_ADMIN';
}

/** Facts are those that all places of one trouble share: what differs from place to place stands in the place, or in the detail. */
export type Trouble =
  // The configuration and the keys
  | { readonly kind: 'configuration-broken'; readonly problems: readonly string[] }
  | { readonly kind: 'configuration-differs' }
  | { readonly kind: 'not-watched'; readonly names: readonly string[] }
  | { readonly kind: 'accounts-unknown' }
  | { readonly kind: 'estate-troubled'; readonly troubles: readonly string[] }
  | { readonly kind: 'estate-remarks'; readonly remarks: readonly string[] }
  | { readonly kind: 'no-credentials' }
  | { readonly kind: 'credentials-expired' }
  | { readonly kind: 'credentials-refused' }
  | { readonly kind: 'aws-unreachable'; readonly reason: string }
  | { readonly kind: 'no-region' }
  // Other accounts
  /** `by` is absent where no policy is in the way. */
  | ({ readonly kind: 'role-refused'; readonly by?: Refuser } & MemberRole)
  | ({ readonly kind: 'role-for-the-function-alone' } & MemberRole)
  | { readonly kind: 'role-untold' }
  | ({ readonly kind: 'regions-denied'; readonly by: Refuser; readonly home: boolean } & MemberRole)
  | { readonly kind: 'regions-untold' }
  // SES
  | ({ readonly kind: 'ses-denied'; readonly action: string; readonly by: Refuser; readonly home: boolean } & MemberRole)
  | { readonly kind: 'region-off'; readonly region: string }
  | { readonly kind: 'region-off-anyway' }
  | { readonly kind: 'region-unknown'; readonly region: string; readonly meant?: string }
  | { readonly kind: 'keys-refused'; readonly home: boolean }
  | { readonly kind: 'ses-throttled'; readonly action: string }
  | { readonly kind: 'ses-unanswered'; readonly action: string }
  | { readonly kind: 'ses-odd'; readonly action: string }
  | { readonly kind: 'out-of-time' }
  // Memory
  | { readonly kind: 'bucket-missing'; readonly bucket: string }
  | { readonly kind: 'bucket-foreign'; readonly bucket: string; readonly home: string }
  | { readonly kind: 'bucket-refused'; readonly bucket: string; readonly home: string }
  | { readonly kind: 'bucket-elsewhere'; readonly bucket: string }
  | { readonly kind: 'object-denied'; readonly action: 's3:GetObject' | 's3:PutObject'; readonly bucket: string }
  | { readonly kind: 'store-trouble' }
  | { readonly kind: 'no-sweep-yet'; readonly minutes: number; readonly functionName: string }
  | { readonly kind: 'sweep-stale'; readonly ago: string; readonly minutes: number; readonly functionName: string }
  // Topics and the bus
  | { readonly kind: 'topic-missing'; readonly topicArn: string; readonly ours: boolean }
  | { readonly kind: 'topic-denied'; readonly topicArn: string }
  | { readonly kind: 'topic-of-others'; readonly topicArn: string }
  | { readonly kind: 'topic-trouble'; readonly topicArn: string }
  | { readonly kind: 'nobody-subscribed'; readonly topicArn: string }
  | { readonly kind: 'nobody-confirmed'; readonly topicArn: string; readonly pending: readonly string[] }
  | { readonly kind: 'some-pending'; readonly topicArn: string; readonly confirmed: number; readonly pending: readonly string[] }
  | { readonly kind: 'only-by-publishing'; readonly topicArn: string }
  | { readonly kind: 'bus-missing'; readonly bus: string }
  | { readonly kind: 'bus-denied'; readonly bus: string }
  | { readonly kind: 'bus-of-others'; readonly bus: string }
  | { readonly kind: 'bus-trouble'; readonly bus: string }
  // DNS
  | { readonly kind: 'no-resolvers' }
  | { readonly kind: 'resolver-mute'; readonly transport: Transport }
  | { readonly kind: 'resolver-refuses'; readonly transport: Transport; readonly rcode: string }
  | { readonly kind: 'not-validating' }
  | { readonly kind: 'authority-mute'; readonly transport: Transport }
  | { readonly kind: 'authority-unfound' }
  // The function
  | { readonly kind: 'function-missing'; readonly functionName: string; readonly region: string }
  | { readonly kind: 'invoke-denied'; readonly functionName: string; readonly action: string }
  | { readonly kind: 'function-old'; readonly functionName: string }
  | { readonly kind: 'function-failed'; readonly functionName: string }
  | { readonly kind: 'function-untold'; readonly functionName: string }
  | { readonly kind: 'heartbeat-failed' }
  // Not looked at
  | { readonly kind: 'depends-on'; readonly link: Link }
  | { readonly kind: 'not-set'; readonly setting: string }
  | { readonly kind: 'not-asked'; readonly flag: string }
  | { readonly kind: 'not-deployed'; readonly functionName: string; readonly region: string }
  | { readonly kind: 'not-known'; readonly what: 'bucket' | 'topic' };

export type TroubleKind = Trouble['kind'];
export type TroubleOf<K extends TroubleKind> = Extract<Trouble, { readonly kind: K }>;
