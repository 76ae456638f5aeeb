// A deployed monitor in the sandbox: two accounts, two regions, its function under its own role, and the command beside it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Context } from 'aws-lambda';
import { main } from '../../cli/main.ts';
import type { Checkup } from '../../lambda/model/checkup.ts';
import type { AccountWorld, RoleWorld } from '../../sandbox/aws/aws-world.ts';
import { easyIdentity } from '../../sandbox/aws/identities.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

export const HOME = '111111111111';
export const MEMBER = '222222222222';
export const EXTERNAL_ID = 'an-external-id-that-nobody-may-see';
export const BUCKET = 'ses-dkim-monitor-memory';
export const TOPIC_ARN = `arn:aws:sns:us-east-1:${HOME}:ses-dkim-monitor-alerts`;
export const FUNCTION_ARN = `arn:aws:lambda:us-east-1:${HOME}:function:ses-dkim-monitor`;
export const MEMBER_ROLE = `arn:aws:iam::${MEMBER}:role/ses-dkim-monitor-read`;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Installation {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** Puts more into the configuration that is deployed, and into the file beside the command. */
  deploy(more: object): void;
  /** Text into the file beside the command alone. */
  writeConfiguration(text: string): void;
  doctor(...argv: string[]): Promise<Ran>;
  close(): Promise<void>;
}

export interface Changes {
  readonly home?: Partial<AccountWorld>;
  /** Of the role in the other account; `none` if there is none. */
  readonly role?: Partial<RoleWorld> | 'none';
  readonly member?: Partial<AccountWorld>;
  /** False: nothing was ever swept. */
  readonly swept?: boolean;
  readonly width?: number;
}

/** All is well, but for what `changes` say. */
export async function install(changes: Changes = {}): Promise<Installation> {
  const identities = (name: string) => ({
    'us-east-1': [easyIdentity(`${name}.com`, { region: 'us-east-1' })],
    'eu-south-1': [easyIdentity(`${name}.com`, { region: 'eu-south-1' })],
  });
  const role: RoleWorld = { name: 'ses-dkim-monitor-read', trusts: HOME, externalId: EXTERNAL_ID, onlyRole: 'ses-dkim-monitor' };
  const subscriptions = [{ protocol: 'email' as const, endpoint: 'dns@example.com', confirmed: true }];
  const sandbox = await startSandbox({
    aws: {
      [HOME]: {
        identities: identities('shop'),
        roles: [{ name: 'ses-dkim-monitor', trusts: HOME }],
        topics: [{ name: 'ses-dkim-monitor-alerts', region: 'us-east-1', subscriptions }],
        buckets: [{ name: BUCKET }],
        buses: [{ name: 'alerts', region: 'us-east-1' }],
        ...changes.home,
      },
      [MEMBER]: {
        identities: identities('member'),
        roles: changes.role === 'none' ? [] : [{ ...role, ...changes.role }],
        ...changes.member,
      },
    },
    dns: { zones: {} },
  });
  const folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-test-'));
  const config = join(folder, 'monitor.config.json');
  const deployed = join(folder, 'deployed.json');
  const outside = { ...process.env };
  const at = ({ address, port }: { readonly address: string; readonly port: number }): string => `${address}:${port}`;
  const deploy = (more: object): void => {
    const text = JSON.stringify({
      accounts: [{ id: HOME }, { id: MEMBER, externalId: EXTERNAL_ID }],
      regions: ['us-east-1', 'eu-south-1'],
      alerts: { email: ['dns@example.com'] },
      ses: { callsPerSecond: 50 },
      dns: {
        resolvers: sandbox.resolvers.map(at),
        timeoutMs: 300,
        routes: Object.fromEntries(Object.entries(sandbox.routes).map(([address, where]) => [address, at(where)])),
        rootHints: sandbox.rootHints,
      },
      ...more,
    });
    writeFileSync(config, text);
    writeFileSync(deployed, text);
  };
  deploy({});
  const silent = {
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  const caller = { PATH: outside.PATH, ...silent, ...sandbox.environment(HOME, 'us-east-1') };
  process.env = { ...caller };
  const { handler } = await import('../../lambda/handler.ts');
  if (changes.swept !== false && changes.home?.buckets === undefined)
    await new S3Client({ forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'reports/latest.json.gz', Body: 'a report' }),
    );
  const settings = { MONITOR_BUCKET: BUCKET, MONITOR_TOPIC_ARN: TOPIC_ARN, MONITOR_CONFIG_FILE: 'deployed.json' };
  const { Credentials: keys } = await new STSClient({}).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${HOME}:role/ses-dkim-monitor`, RoleSessionName: 'ses-dkim-monitor' }),
  );
  sandbox.aws.functions.set(FUNCTION_ARN, {
    environment: settings,
    // As Lambda does: the keys of the function's own role, and nobody else's.
    invoke: async (event) => {
      const before = process.env;
      process.env = {
        ...caller,
        ...settings,
        LAMBDA_TASK_ROOT: folder,
        AWS_ACCESS_KEY_ID: keys?.AccessKeyId,
        AWS_SECRET_ACCESS_KEY: keys?.SecretAccessKey,
        AWS_SESSION_TOKEN: keys?.SessionToken,
      };
      try {
        return await handler(event, contextOf());
      } finally {
        process.env = before;
      }
    },
  });
  sandbox.aws.calls.length = 0;
  return {
    sandbox,
    folder,
    deploy,
    writeConfiguration: (text) => writeFileSync(config, text),
    async doctor(...argv) {
      let out = '';
      let err = '';
      const code = await main(['doctor', '--config', config, ...argv], {
        out: (text) => {
          out += text;
        },
        err: (text) => {
          err += text;
        },
        interactive: false,
        color: false,
        width: changes.width ?? 80,
        progressWidth: 79,
        environment: {},
      });
      return { code, out, err };
    },
    async close() {
      process.env = outside;
      rmSync(folder, { recursive: true, force: true });
      await sandbox.close();
    },
  };
}

function contextOf(): Context {
  const end = Date.now() + 900_000;
  return {
    awsRequestId: 'doctor',
    functionName: 'ses-dkim-monitor',
    functionVersion: '$LATEST',
    memoryLimitInMB: '768',
    invokedFunctionArn: FUNCTION_ARN,
    getRemainingTimeInMillis: () => end - Date.now(),
  } as Context;
}

/** What is neither fine nor left out, as `link: kind`. */
export const amissIn = ({ results }: Checkup): readonly string[] =>
  results.filter(({ outcome }) => outcome !== 'ok' && outcome !== 'skipped').map(({ link, kind }) => `${link}: ${kind}`);
