// The sandbox's AWS: one HTTP server for all services, and its control panel.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AwsWorld, SesIdentity } from './aws-world.ts';
import { type Answer, awsError, type Call, type HttpAnswer, type Protocol, toHttp } from './call.ts';
import { accessKeyOf, Estate } from './estate.ts';
import { type Fault, faultFor, Throttle, throttled } from './faults.ts';
import { admit, readBody } from './front-door.ts';
import { perform } from './operations.ts';
import type { LoggedCall, SandboxAws } from './sandbox-aws.ts';
import { secretOf } from './sts.ts';

export interface RunningAws {
  readonly endpoint: string;
  readonly control: SandboxAws;
  credentials(account: string): { readonly accessKeyId: string; readonly secretAccessKey: string };
  close(): Promise<void>;
}

interface Parts {
  readonly faults: Fault[];
  readonly denyRoles: Set<string>;
  readonly calls: LoggedCall[];
  readonly onIdentity: (identity: SesIdentity) => void;
}

/** Starts the server on a free port of 127.0.0.1. `clock` gives milliseconds since the epoch. */
export async function startAws(world: AwsWorld, clock: () => number, onIdentity: (identity: SesIdentity) => void): Promise<RunningAws> {
  const estate = new Estate(world);
  const throttle = new Throttle();
  const faults: Fault[] = [];
  const denyRoles = new Set<string>();
  const calls: LoggedCall[] = [];
  for (const identities of estate.identities.values()) for (const identity of identities.values()) onIdentity(identity);

  const operate = (call: Call, protocol: Protocol): Answer | Promise<Answer> | 'hang' => {
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
    const answer = await operate(call, protocol);
    if (answer === 'hang') return;
    if (answer.kind === 'error') entry.error = answer.code;
    if (verdict === 'drop-answer') return void response.destroy();
    send(response, toHttp(answer, protocol, call, requestId));
  };

  const server = createServer((_, response) => {
    serve(response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

  const control = controlPanel(estate, throttle, { faults, denyRoles, calls, onIdentity });
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

function controlPanel(estate: Estate, throttle: Throttle, { faults, denyRoles, calls, onIdentity }: Parts): SandboxAws {
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
    optIn: estate.optIn,
    get organization() {
      return estate.organization;
    },
    set organization(organization) {
      estate.organization = organization;
    },
    sessionPolicies: estate.sessionPolicies,
    calls,
    outbox: estate.outbox,
    events: estate.events,
    get refuseEvents() {
      return estate.refuseEvents;
    },
    set refuseEvents(code: string | undefined) {
      estate.refuseEvents = code;
    },
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
    functions: estate.functions,
    setListBucketDenied: (name, denied) => {
      const bucket = estate.buckets.get(name);
      if (bucket === undefined) throw new Error(`the world has no bucket ${name}`);
      bucket.listBucketDenied = denied;
    },
    beforeCall: undefined,
  };
  return control;
}

function send(response: ServerResponse, answer: HttpAnswer): void {
  const length = typeof answer.body === 'string' ? Buffer.byteLength(answer.body) : answer.body.length;
  const headers = response.req.method === 'HEAD' || answer.status === 204 || answer.status === 304 ? {} : { 'content-length': length };
  response.writeHead(answer.status, { ...answer.headers, ...headers });
  response.end(answer.body);
}
