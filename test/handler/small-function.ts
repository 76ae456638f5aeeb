// The real handler in this process, on the sandbox: its configuration, its context, its queue.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Context } from 'aws-lambda';
import type { BatchAnswer, SweepAnswer } from '../../lambda/handler.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { BUCKET, EXTERNAL_ID, FIRST_LIGHT_WORLD, HOME, MEMBER, TOPIC_ARN } from '../../sandbox/scenarios/first-light.ts';

export interface SmallFunction {
  readonly sandbox: Sandbox;
  /** The schedule's invocation. */
  sweep(): Promise<SweepAnswer>;
  /** One batch of the queue: each event's message id is its place in the list. */
  batch(events: readonly unknown[], options?: { readonly remainingMs?: number }): Promise<BatchAnswer>;
  /** One step of the state machine: its answer as JSON would carry it. */
  step(event: object): Promise<unknown>;
  /** An object of the bucket, as its bytes. */
  object(name: string): Uint8Array | undefined;
  /** Subjects of the mails since the last reading. */
  mails(): readonly string[];
  /** A remembered value. */
  blob(key: string): unknown;
  keep(key: string, value: object): void;
  /** How often a lease was taken by an early check since the last reading. */
  checks(): number;
  close(): Promise<void>;
}

/** Two accounts, three regions, fifteen identities, all well; `more` goes into the configuration. What the function logs is silent by default. */
export async function smallFunction(more: object = {}, { logLevel = 'SILENT' } = {}): Promise<SmallFunction> {
  const sandbox = await startSandbox(FIRST_LIGHT_WORLD);
  const folder = mkdtempSync(join(tmpdir(), 'handler-'));
  const at = ({ address, port }: { readonly address: string; readonly port: number }) => `${address}:${port}`;
  writeFileSync(
    join(folder, 'monitor.config.json'),
    JSON.stringify({
      accounts: [{ id: HOME }, { id: MEMBER, externalId: EXTERNAL_ID }],
      regions: ['us-east-1', 'eu-west-1', 'eu-south-1'],
      ses: { callsPerSecond: 50 },
      dns: {
        resolvers: sandbox.resolvers.map(at),
        timeoutMs: 400,
        routes: Object.fromEntries(Object.entries(sandbox.routes).map(([address, where]) => [address, at(where)])),
        rootHints: sandbox.rootHints,
        confirmAfter: '1s',
      },
      ...more,
    }),
  );
  const settings: Readonly<Record<string, string>> = {
    ...sandbox.environment(HOME, 'us-east-1'),
    LAMBDA_TASK_ROOT: folder,
    MONITOR_BUCKET: BUCKET,
    MONITOR_TOPIC_ARN: TOPIC_ARN,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: logLevel,
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  const before = Object.fromEntries(Object.keys(settings).map((name) => [name, process.env[name]]));
  Object.assign(process.env, settings);
  const { handler } = await import('../../lambda/handler.ts');
  let invocations = 0;
  let mailsRead = 0;
  let callsRead = 0;
  const invoke = async (event: unknown, remainingMs = 900_000): Promise<unknown> => {
    invocations += 1;
    const end = Date.now() + remainingMs;
    const context = {
      awsRequestId: `invocation-${invocations}`,
      functionName: 'ses-dkim-monitor',
      functionVersion: '$LATEST',
      memoryLimitInMB: '768',
      invokedFunctionArn: `arn:aws:lambda:us-east-1:${HOME}:function:ses-dkim-monitor`,
      getRemainingTimeInMillis: () => end - Date.now(),
    } as Context;
    return await handler(event, context);
  };
  const objects = () => sandbox.aws.objects.get(BUCKET) ?? new Map<string, Uint8Array>();
  const blob = (key: string): unknown => {
    const bytes = objects().get(`${key}.json.gz`);
    return bytes === undefined ? undefined : JSON.parse(gunzipSync(bytes).toString('utf8'));
  };
  return {
    sandbox,
    sweep: async () => (await invoke({ source: 'aws.events', 'detail-type': 'Scheduled Event' })) as SweepAnswer,
    batch: async (events, { remainingMs } = {}) =>
      (await invoke(
        {
          Records: events.map((event, i) => ({
            messageId: String(i),
            receiptHandle: 'x',
            body: typeof event === 'string' ? event : JSON.stringify(event),
            eventSource: 'aws:sqs',
            eventSourceARN: `arn:aws:sqs:us-east-1:${HOME}:events`,
            awsRegion: 'us-east-1',
          })),
        },
        remainingMs,
      )) as BatchAnswer,
    step: async (event) => JSON.parse(JSON.stringify(await invoke(event))),
    object: (name) => objects().get(name),
    mails: () => {
      const all = sandbox.aws.outbox.filter(({ protocol }) => protocol === 'email');
      const fresh = all.slice(mailsRead).map(({ subject }) => subject ?? '');
      mailsRead = all.length;
      return fresh;
    },
    blob,
    keep: (key, value) => void objects().set(`${key}.json.gz`, gzipSync(JSON.stringify(value))),
    checks: () => {
      const fresh = sandbox.aws.calls.slice(callsRead);
      callsRead = sandbox.aws.calls.length;
      // Each takes the lease and gives it back.
      return fresh.filter(({ action, identity }) => action === 'PutObject' && identity === 'lease/deployment.json.gz').length / 2;
    },
    close: async () => {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      rmSync(folder, { recursive: true, force: true });
      await sandbox.close();
    },
  };
}
