// The control panel of the sandbox's AWS, as tests and scenarios see it.
import type { AccountWorld, OrganizationWorld, SesIdentity } from './aws-world.ts';
import type { Delivered, PutEvent } from './estate.ts';
import type { Fault } from './faults.ts';
import type { SandboxFunction } from './lambda.ts';

/** One call that was made, whatever became of it. */
export interface LoggedCall {
  /** ISO 8601 UTC, by the sandbox's clock. */
  readonly at: string;
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly action: string;
  /** SES identity or S3 key. */
  readonly identity?: string;
  /** Code of the error it was answered with. */
  readonly error?: string;
}

/** What a hook may do to a call: nothing, break the connection before it is done, or after. */
export type HookVerdict = undefined | 'drop' | 'drop-answer';

/** Control of the AWS side. */
export interface SandboxAws {
  addAccount(account: string, world: AccountWorld): void;
  setIdentity(account: string, region: string, identity: SesIdentity): void;
  setIdentities(account: string, region: string, identities: readonly SesIdentity[]): void;
  deleteIdentity(account: string, region: string, name: string): void;
  identity(account: string, region: string, name: string): SesIdentity | undefined;
  /** Errors to answer with; the first that fits is used. Push and splice at will. */
  readonly faults: Fault[];
  /** SES calls a second for each account and region; undefined: no limit. */
  rate: number | undefined;
  /** ARNs of roles that cannot be assumed. */
  readonly denyRoles: Set<string>;
  /** `account/region` that the account has not switched on. */
  readonly regionsOff: Set<string>;
  /** Opt-in status of regions that ListRegions is to give in place of what `regionsOff` says, by `account/region`. */
  readonly optIn: Map<string, string>;
  /** The organisation that the accounts are in; undefined: none. To be replaced as a whole. */
  organization: OrganizationWorld | undefined;
  /** Session policies that roles were assumed with, in order; undefined for a session without one. */
  readonly sessionPolicies: (string | undefined)[];
  readonly calls: LoggedCall[];
  /** What confirmed subscribers were sent. */
  readonly outbox: Delivered[];
  /** What was put on event buses. */
  readonly events: PutEvent[];
  /** Error code that EventBridge refuses every event with, in an answer of 200. */
  refuseEvents: string | undefined;
  /** Confirms every pending subscription of an endpoint; throws if there is none. */
  confirm(endpoint: string): void;
  /** Ends every subscription of an endpoint. */
  unsubscribe(endpoint: string): void;
  /** Bucket → key → bytes, as stored. Changes count. */
  readonly objects: Map<string, Map<string, Uint8Array>>;
  /** Functions by ARN: put one in to have it invoked. */
  readonly functions: Map<string, SandboxFunction>;
  setListBucketDenied(bucket: string, denied: boolean): void;
  /** Called before each call is done. */
  beforeCall: ((call: LoggedCall) => HookVerdict | Promise<HookVerdict>) | undefined;
}
