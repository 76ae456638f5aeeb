// How a world describes its AWS accounts.

/** GetEmailIdentity's answer as SES v2 sends it: any field may be missing, unknown ones are passed on. Times are seconds since the epoch. */
export interface IdentityFacts {
  readonly IdentityType?: string;
  readonly FeedbackForwardingStatus?: boolean;
  readonly VerifiedForSendingStatus?: boolean;
  readonly VerificationStatus?: string;
  readonly DkimAttributes?: {
    readonly SigningEnabled?: boolean;
    readonly Status?: string;
    readonly Tokens?: readonly string[];
    readonly SigningHostedZone?: string;
    readonly SigningAttributesOrigin?: string;
    readonly CurrentSigningKeyLength?: string;
    readonly NextSigningKeyLength?: string;
    readonly LastKeyGenerationTimestamp?: number;
  };
  readonly MailFromAttributes?: {
    readonly MailFromDomain?: string;
    readonly MailFromDomainStatus?: string;
    readonly BehaviorOnMxFailure?: string;
  };
  readonly VerificationInfo?: {
    readonly LastCheckedTimestamp?: number;
    readonly LastSuccessTimestamp?: number;
    readonly ErrorType?: string;
    readonly SOARecord?: { readonly PrimaryNameServer?: string; readonly AdminEmail?: string; readonly SerialNumber?: number };
  };
  readonly Policies?: Readonly<Record<string, string>>;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly ConfigurationSetName?: string;
  readonly [more: string]: unknown;
}

export interface SesIdentity {
  readonly name: string;
  readonly facts: IdentityFacts;
  /** True: the listing names it, GetEmailIdentity does not find it (deleted in between). */
  readonly vanished?: boolean;
  /** What SES v1 says of it, where that is not the same: nobody has written down what it says of own keys and replicas. */
  readonly v1?: { readonly status?: string; readonly enabled?: boolean; readonly tokens?: readonly string[] } | 'unknown';
}

export interface RoleWorld {
  readonly name: string;
  /** Account whose principals may assume it. */
  readonly trusts: string;
  readonly externalId?: string;
  /** Role of that account that alone may assume it (a condition on aws:PrincipalArn). */
  readonly onlyRole?: string;
}

export interface SubscriptionWorld {
  readonly protocol: 'email' | 'https' | 'sqs' | 'lambda';
  readonly endpoint: string;
  readonly confirmed: boolean;
  /** Message attribute → accepted values: a text, `{ "prefix": … }`, `{ "anything-but": […] }` or `{ "exists": … }`. */
  readonly filterPolicy?: FilterPolicy;
  /** What SNS applies it to. Policies on the body are kept and shown, but let everything through here. */
  readonly filterPolicyScope?: 'MessageAttributes' | 'MessageBody';
}

export type FilterPolicy = Readonly<
  Record<
    string,
    readonly (string | { readonly prefix: string } | { readonly 'anything-but': readonly string[] } | { readonly exists: boolean })[]
  >
>;

export interface TopicWorld {
  readonly name: string;
  readonly region: string;
  readonly subscriptions?: readonly SubscriptionWorld[];
}

export interface BucketWorld {
  readonly name: string;
  /** Without s3:ListBucket a missing object answers 403, not 404. */
  readonly listBucketDenied?: boolean;
  /** Other accounts that its policy lets in. */
  readonly sharedWith?: readonly string[];
}

export interface AccountWorld {
  /** By region. */
  readonly identities?: Readonly<Record<string, readonly SesIdentity[]>>;
  readonly roles?: readonly RoleWorld[];
  readonly topics?: readonly TopicWorld[];
  readonly buckets?: readonly BucketWorld[];
  /** Event buses besides `default`. */
  readonly buses?: readonly { readonly name: string; readonly region: string }[];
  /** Opt-in regions that the account has not switched on: every call there is refused as if the key were unknown. */
  readonly regionsOff?: readonly string[];
}

/** A root or organisational unit, with what hangs directly below it. */
export interface UnitWorld {
  /** `r-…` or `ou-…`. */
  readonly id: string;
  readonly accounts?: readonly string[];
  readonly units?: readonly UnitWorld[];
}

export interface OrganizationWorld {
  readonly id: string;
  readonly management: string;
  /** Member accounts that may list as well: delegated administrators. */
  readonly administrators?: readonly string[];
  readonly root: UnitWorld;
  /** States that differ from `ACTIVE`, by account. */
  readonly states?: Readonly<Record<string, string>>;
  /** True: accounts have only the older `Status`, as before 2025. */
  readonly withoutState?: boolean;
}

/** Accounts by their twelve digits. */
export type AwsWorld = Readonly<Record<string, AccountWorld>>;
