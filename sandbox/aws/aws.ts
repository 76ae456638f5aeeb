// The sandbox's AWS: one HTTP server for all services, and its control panel.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AccountWorld, AwsWorld, SesIdentity } from './aws-world.ts';
import { type Answer, awsError, type Call, type HttpAnswer, type Protocol, toHttp } from './call.ts';
import { accessKeyOf, type Delivered, Estate } from './estate.ts';
import { type Fault, faultFor, Throttle, throttled } from './faults.ts';
import { admit, readBody } from './front-door.ts';
import { s3 } from './s3.ts';
import { getIdentityDkimAttributes } from './ses-v1.ts';
import { getEmailIdentity, listEmailIdentities } from './ses-v2.ts';
import { getTopicAttributes, listSubscriptionsByTopic, publish, subscribe } from './sns.ts';
import { assumeRole, getCallerIdentity, secretOf } from './sts.ts';

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
  readonly calls: LoggedCall[];
  /** What confirmed subscribers were sent. */
  readonly outbox: Delivered[];
  /** Confirms every pending subscription of an endpoint; throws if there is none. */
  confirm(endpoint: string): void;
  /** Ends every subscription of an endpoint. */
  unsubscribe(endpoint: string): void;
  /** Bucket → key → bytes, as stored. Changes count. */
  readonly objects: Map<string, Map<string, Uint8Array>>;
  setListBucketDenied(bucket: string, denied: boolean): void;
  /** Called before each call is done. */
  beforeCall: ((call: LoggedCall) => HookVerdict | Promise<HookVerdict>) | undefined;
}

export interface RunningAws {
  readonly endpoint: string;
  readonly control: SandboxAws;
  credentials(account: string): { readonly accessKeyId: string; readonly secretAccessKey: string };
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1. `clock` gives milliseconds since the epoch. */
export async function startAws(world: AwsWorld, clock: () => number, onIdentity: (identity: SesIdentity) => void): Promise<RunningAws> {
  const estate = new Estate(world);
  const throttle = new Throttle();
  const faults: Fault[] = [];
  const denyRoles = new Set<string>();
  const calls: LoggedCall[] = [];
  for (const identities of estate.identities.values()) for (const identity of identities.values()) onIdentity(identity);

  const operate = (call: Call, protocol: Protocol): Answer | 'hang' => {
    const fault = faultFor(faults, call);
    if (fault?.hang) return 'hang';
    if (fault !== undefined) return awsError(fault.status, fault.code, fault.message ?? fault.code);
    if (call.service === 'ses' && throttle.refuses(`${call.account}/${call.region}`, clock())) return throttled(protocol);
    return perform(estate, call, protocol, clock(), denyRoles);
  };

  const serve = async (response: ServerResponse): Promise<void> => {
    const request = response.req;
    const body = await readBody(request);
    if (body === undefined) return void response.destroy();
    const requestId = estate.nextId();
    const admitted = admit(estate, request, body);
    if (admitted.kind === 'refused') {
      const about = { service: '', action: '', method: request.method ?? '' };
      return send(response, toHttp(admitted.error, admitted.protocol, about, requestId));
    }
    const { call, protocol } = admitted;
    const { account, region, service, action, subject } = call;
    const logged: LoggedCall & { error?: string } = { at: new Date(clock()).toISOString(), account, region, service, action };
    const entry = subject === undefined ? logged : Object.assign(logged, { identity: subject });
    calls.push(entry);
    const verdict = await control.beforeCall?.(entry);
    if (verdict === 'drop') return void response.destroy();
    const answer = operate(call, protocol);
    if (answer === 'hang') return;
    if (answer.kind === 'error') entry.error = answer.code;
    if (verdict === 'drop-answer') return void response.destroy();
    send(response, toHttp(answer, protocol, call, requestId));
  };

  const server = createServer((_, response) => {
    serve(response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

  const subscriptions = (endpoint: string) =>
    [...estate.topics.values()].flatMap((t) => t.subscriptions).filter((s) => s.endpoint === endpoint);
  const control: SandboxAws = {
    addAccount: (account, described) => estate.addAccount(account, described),
    setIdentity: (account, region, identity) => control.setIdentities(account, region, [identity]),
    setIdentities: (account, region, identities) => {
      for (const identity of identities) {
        estate.identitiesOf(account, region).set(identity.name, identity);
        onIdentity(identity);
      }
    },
    deleteIdentity: (account, region, name) => void estate.identitiesOf(account, region).delete(name),
    identity: (account, region, name) => estate.identitiesOf(account, region).get(name),
    faults,
    get rate() {
      return throttle.perSecond;
    },
    set rate(perSecond: number | undefined) {
      throttle.perSecond = perSecond;
    },
    denyRoles,
    regionsOff: estate.regionsOff,
    calls,
    outbox: estate.outbox,
    confirm: (endpoint) => {
      const found = subscriptions(endpoint);
      if (found.length === 0) throw new Error(`nobody subscribed ${endpoint}`);
      for (const subscription of found) subscription.confirmed = true;
    },
    unsubscribe: (endpoint) => {
      for (const topic of estate.topics.values())
        for (const gone of topic.subscriptions.filter((s) => s.endpoint === endpoint))
          topic.subscriptions.splice(topic.subscriptions.indexOf(gone), 1);
    },
    objects: estate.objects,
    setListBucketDenied: (name, denied) => {
      const bucket = estate.buckets.get(name);
      if (bucket === undefined) throw new Error(`the world has no bucket ${name}`);
      bucket.listBucketDenied = denied;
    },
    beforeCall: undefined,
  };
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  const credentials = (account: string) => {
    if (!estate.accounts.has(account)) throw new Error(`the world has no account ${account}`);
    return { accessKeyId: accessKeyOf(account), secretAccessKey: secretOf(accessKeyOf(account)) };
  };
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, control, credentials, close };
}

function perform(estate: Estate, call: Call, protocol: Protocol, now: number, denyRoles: ReadonlySet<string>): Answer {
  if (protocol === 's3') return s3(estate, call, now);
  switch (`${call.service}:${call.action}`) {
    case 'ses:ListEmailIdentities':
      return listEmailIdentities(estate, call);
    case 'ses:GetEmailIdentity':
      return getEmailIdentity(estate, call);
    case 'ses:GetIdentityDkimAttributes':
      return getIdentityDkimAttributes(estate, call);
    case 'sts:AssumeRole':
      return assumeRole(estate, call, denyRoles);
    case 'sts:GetCallerIdentity':
      return getCallerIdentity(call);
    case 'sns:Publish':
      return publish(estate, call, new Date(now).toISOString());
    case 'sns:GetTopicAttributes':
      return getTopicAttributes(estate, call);
    case 'sns:ListSubscriptionsByTopic':
      return listSubscriptionsByTopic(estate, call);
    case 'sns:Subscribe':
      return subscribe(estate, call);
    default:
      return awsError(400, 'InvalidAction', `Could not find operation ${call.action} of ${call.service}`);
  }
}

function send(response: ServerResponse, answer: HttpAnswer): void {
  const length = typeof answer.body === 'string' ? Buffer.byteLength(answer.body) : answer.body.length;
  const headers = response.req.method === 'HEAD' || answer.status === 204 || answer.status === 304 ? {} : { 'content-length': length };
  response.writeHead(answer.status, { ...answer.headers, ...headers });
  response.end(answer.body);
}
