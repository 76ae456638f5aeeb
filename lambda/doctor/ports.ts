// What the doctor needs of the world, as function types; the world's rooms answer them.
import type { Failure } from '../model/aws-failure.ts';
import type { Target } from '../model/identity.ts';
import type { DnsName } from '../model/names.ts';
import type { Clock, Heartbeat } from '../sweep/ports.ts';

export type AwsReply = { readonly kind: 'ok' } | { readonly kind: 'failed'; readonly failure: Failure } | { readonly kind: 'out-of-time' };

/** The three reads of SES in one target. The second and third are absent where the first failed. */
export interface TargetLook {
  readonly list: AwsReply;
  readonly detail?: AwsReply;
  readonly status?: AwsReply;
}

export type OwnIdentity =
  | { readonly kind: 'known'; readonly account: string; readonly arn?: string }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly name: string; readonly detail: string };

/** What a store said. `elsewhere`: the bucket is in another region. */
export type StoreReply =
  | { readonly kind: 'ok' | 'missing' | 'foreign' | 'denied' | 'elsewhere' }
  | { readonly kind: 'failed'; readonly detail: string };

export interface StoreLook {
  readonly bucket: StoreReply;
  /** Absent where the bucket itself cannot be used. */
  readonly read?: StoreReply;
  readonly write?: StoreReply;
  /** When the last report was written, ISO 8601; `none` if there is none, absent if that cannot be read. */
  readonly lastReportAt?: string | 'none';
}

/** As SNS says it: half a secret, and hostile until made visible. */
export interface PendingSubscription {
  readonly protocol: string;
  readonly endpoint: string;
}

export type Listening =
  | { readonly kind: 'listed'; readonly confirmed: number; readonly pending: readonly PendingSubscription[] }
  | { readonly kind: 'missing' | 'denied' }
  | { readonly kind: 'failed'; readonly detail: string };

export type BusLook = { readonly kind: 'ok' | 'missing' | 'denied' } | { readonly kind: 'failed'; readonly detail: string };

/** What one server made of one question over one transport. */
export type Heard =
  | { readonly kind: 'answer'; readonly validated: boolean }
  /** It speaks, and does not answer; its word for it, such as REFUSED. */
  | { readonly kind: 'refusal'; readonly rcode: string }
  | { readonly kind: 'silent'; readonly how: string };

/** A server to be asked, as it is shown. */
export interface AskedServer {
  readonly name: string;
  ask(transport: 'UDP' | 'TCP'): Promise<Heard>;
}

export interface DoctorWorld {
  readonly clock: Clock;
  identity(): Promise<OwnIdentity>;
  /** Takes on the role in another account; `own` where the own credentials are used. */
  assume(target: Target): Promise<AwsReply | { readonly kind: 'own' }>;
  /** `until`: ms since the epoch. */
  lookAt(target: Target, until: number): Promise<TargetLook>;
  /** Absent: which bucket it is, is not known. */
  readonly store?: () => Promise<StoreLook>;
  listening(topicArn: string): Promise<Listening>;
  /** `default` or an ARN. */
  bus(bus: string): Promise<BusLook>;
  readonly resolvers: readonly AskedServer[];
  /** Some name servers of a domain that is always there; none if they cannot be found. */
  authorities(domain: DnsName): Promise<readonly AskedServer[]>;
  /** Absent: none is to be pinged. */
  readonly heartbeat?: Heartbeat;
  /** Progress for a person who waits. */
  readonly progress?: (done: number, of: number) => void;
}
