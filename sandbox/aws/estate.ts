// What the sandbox's AWS holds: accounts, identities, roles, sessions, topics, buckets.
import type { AccountWorld, AwsWorld, FilterPolicy, OrganizationWorld, RoleWorld, SesIdentity, SubscriptionWorld } from './aws-world.ts';
import type { SandboxFunction } from './lambda.ts';

export interface Subscription {
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
  confirmed: boolean;
  filterPolicy?: FilterPolicy;
  readonly filterPolicyScope?: SubscriptionWorld['filterPolicyScope'];
}

export interface Topic {
  readonly arn: string;
  readonly account: string;
  readonly subscriptions: Subscription[];
}

export interface Bucket {
  readonly name: string;
  readonly account: string;
  listBucketDenied: boolean;
  readonly sharedWith: readonly string[];
}

/** Who a key belongs to. */
export interface Caller {
  readonly account: string;
  readonly principal: string;
  /** Only for a session. */
  readonly sessionToken?: string;
  /** Actions that a session policy leaves to it; absent: all. */
  readonly allowed?: ReadonlySet<string>;
}

/** What a subscriber was sent. */
export interface Delivered {
  readonly at: string;
  readonly topicArn: string;
  readonly messageId: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly subject?: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** An event on a bus. */
export interface PutEvent {
  readonly at: string;
  readonly account: string;
  readonly region: string;
  /** As the caller named it: `default` or an ARN. */
  readonly bus: string;
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
}

export class Estate {
  readonly accounts = new Set<string>();
  readonly callers = new Map<string, Caller>();
  /** By `account/region`, then by name as SES keeps it: in the order of creation. */
  readonly identities = new Map<string, Map<string, SesIdentity>>();
  readonly roles = new Map<string, RoleWorld>();
  readonly topics = new Map<string, Topic>();
  readonly buckets = new Map<string, Bucket>();
  readonly objects = new Map<string, Map<string, Uint8Array>>();
  readonly modified = new WeakMap<Uint8Array, number>();
  readonly regionsOff = new Set<string>();
  /** Opt-in statuses that differ from what `regionsOff` says, by `account/region`. */
  readonly optIn = new Map<string, string>();
  organization: OrganizationWorld | undefined;
  readonly sessionPolicies: (string | undefined)[] = [];
  readonly outbox: Delivered[] = [];
  readonly events: PutEvent[] = [];
  /** ARNs of the buses besides the default ones. */
  readonly buses = new Set<string>();
  /** By ARN. */
  readonly functions = new Map<string, SandboxFunction>();
  /** Error code that every event is refused with, in an answer of 200. */
  refuseEvents: string | undefined;
  #numbers = 0;

  constructor(world: AwsWorld) {
    for (const [account, described] of Object.entries(world)) this.addAccount(account, described);
  }

  addAccount(account: string, world: AccountWorld): void {
    if (!/^\d{12}$/.test(account)) throw new Error(`${account} is not an account id of twelve digits`);
    this.accounts.add(account);
    this.callers.set(accessKeyOf(account), { account, principal: `arn:aws:iam::${account}:user/sandbox` });
    for (const [region, identities] of Object.entries(world.identities ?? {}))
      for (const identity of identities) this.identitiesOf(account, region).set(identity.name, identity);
    for (const role of world.roles ?? []) this.roles.set(`arn:aws:iam::${account}:role/${role.name}`, role);
    for (const topic of world.topics ?? []) {
      const arn = `arn:aws:sns:${topic.region}:${account}:${topic.name}`;
      this.topics.set(arn, { arn, account, subscriptions: [] });
      for (const { protocol, endpoint, confirmed, filterPolicy, filterPolicyScope } of topic.subscriptions ?? [])
        this.subscribe(arn, protocol, endpoint, confirmed, filterPolicy, filterPolicyScope);
    }
    for (const { name, region } of world.buses ?? []) this.buses.add(`arn:aws:events:${region}:${account}:event-bus/${name}`);
    for (const { name, listBucketDenied = false, sharedWith = [] } of world.buckets ?? []) {
      this.buckets.set(name, { name, account, listBucketDenied, sharedWith });
      this.objects.set(name, new Map());
    }
    for (const region of world.regionsOff ?? []) this.regionsOff.add(`${account}/${region}`);
  }

  identitiesOf(account: string, region: string): Map<string, SesIdentity> {
    const key = `${account}/${region}`;
    const found = this.identities.get(key) ?? new Map<string, SesIdentity>();
    this.identities.set(key, found);
    return found;
  }

  subscribe(
    topicArn: string,
    protocol: string,
    endpoint: string,
    confirmed: boolean,
    filterPolicy?: FilterPolicy,
    filterPolicyScope?: SubscriptionWorld['filterPolicyScope'],
  ): Subscription {
    const topic = this.topics.get(topicArn);
    if (topic === undefined) throw new Error(`the world has no topic ${topicArn}`);
    const known = topic.subscriptions.find((s) => s.protocol === protocol && s.endpoint === endpoint);
    if (known !== undefined) return known;
    const made: Subscription = {
      arn: `${topicArn}:${this.nextId()}`,
      protocol,
      endpoint,
      confirmed,
      ...(filterPolicy && { filterPolicy }),
      ...(filterPolicyScope && { filterPolicyScope }),
    };
    topic.subscriptions.push(made);
    return made;
  }

  /** A new session of a role. */
  openSession(
    account: string,
    role: string,
    name: string,
    allowed?: ReadonlySet<string>,
  ): { readonly accessKeyId: string; readonly sessionToken: string } {
    const accessKeyId = `ASIA${account}${(++this.#numbers).toString().padStart(4, '0')}`;
    const sessionToken = `session-${this.nextId()}`;
    const principal = `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
    this.callers.set(accessKeyId, { account, principal, sessionToken, ...(allowed && { allowed }) });
    return { accessKeyId, sessionToken };
  }

  /** Unique within a sandbox, the same in every run, shaped like a UUID. */
  nextId(): string {
    return `00000000-0000-4000-8000-${(++this.#numbers).toString(16).padStart(12, '0')}`;
  }
}

/** The access key of an account's owner. */
export function accessKeyOf(account: string): string {
  return `AKIA${account}HOME`;
}
