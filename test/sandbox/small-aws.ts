// Two accounts for the tests of the sandbox's AWS, and the real SDK's clients for them.
import { S3Client } from '@aws-sdk/client-s3';
import { SESClient } from '@aws-sdk/client-ses';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { addressIdentity, byodkimIdentity, easyIdentity } from '../../sandbox/aws/identities.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

export const HOME = '111111111111';
export const MEMBER = '222222222222';
export const TOPIC = `arn:aws:sns:eu-west-1:${HOME}:alerts`;
export const ROLE = `arn:aws:iam::${MEMBER}:role/reader`;

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

export interface SmallAws {
  readonly sandbox: Sandbox;
  /** Sets the sandbox's clock, milliseconds since the epoch. */
  setTime(ms: number): void;
  /** Settings of a client; nothing is retried, so that each call is seen once. */
  config(account?: string, region?: string): ClientConfig;
  ses(account?: string, region?: string): SESv2Client;
  sesV1(account?: string): SESClient;
  sns(account?: string): SNSClient;
  sts(account?: string): STSClient;
  s3(account?: string): S3Client;
  close(): Promise<void>;
}

export async function startSmallAws(): Promise<SmallAws> {
  let time = Date.parse('2026-06-01T12:00:00Z');
  const region = 'eu-west-1';
  const sandbox = await startSandbox(
    {
      aws: {
        [HOME]: {
          identities: {
            [region]: [
              easyIdentity('shop.com', { region, tags: { team: 'web' } }),
              byodkimIdentity('bank.com', { region, selector: 's1' }),
              addressIdentity('info@elsewhere.org', { region }),
              easyIdentity('late.com', {
                region,
                status: 'PENDING',
                errorType: 'HOST_NOT_FOUND',
                soa: { primary: 'ns1.old.net', serial: 7 },
              }),
              { ...easyIdentity('gone.com', { region }), vanished: true },
            ],
          },
          topics: [
            {
              name: 'alerts',
              region,
              subscriptions: [
                { protocol: 'email', endpoint: 'dns@shop.com', confirmed: true },
                { protocol: 'email', endpoint: 'late@shop.com', confirmed: false },
                { protocol: 'https', endpoint: 'https://chat.shop.com/hook', confirmed: true },
                {
                  protocol: 'sqs',
                  endpoint: `arn:aws:sqs:${region}:${HOME}:queue`,
                  confirmed: true,
                  filterPolicy: { severity: ['critical'] },
                },
              ],
            },
          ],
          buckets: [{ name: 'memory' }, { name: 'closed', listBucketDenied: true }],
          regionsOff: ['eu-south-1'],
        },
        [MEMBER]: {
          identities: { [region]: [easyIdentity('member.com', { region })] },
          roles: [{ name: 'reader', trusts: HOME, externalId: 'secret-word' }],
        },
      },
      dns: { zones: {} },
    },
    { clock: () => time },
  );
  const clients: { destroy(): void }[] = [];
  const keep = <T extends { destroy(): void }>(client: T): T => {
    clients.push(client);
    return client;
  };
  const config: SmallAws['config'] = (account = HOME, where = region) => ({
    endpoint: sandbox.endpoint,
    region: where,
    credentials: sandbox.credentials(account),
    maxAttempts: 1,
  });
  return {
    sandbox,
    setTime: (ms) => {
      time = ms;
    },
    config,
    ses: (account, where) => keep(new SESv2Client(config(account, where))),
    sesV1: (account) => keep(new SESClient(config(account))),
    sns: (account) => keep(new SNSClient(config(account))),
    sts: (account) => keep(new STSClient(config(account))),
    s3: (account) => keep(new S3Client({ ...config(account), forcePathStyle: true })),
    close: async () => {
      for (const client of clients) client.destroy();
      await sandbox.close();
    },
  };
}

/** What a call that must fail failed with. */
export async function failure(call: Promise<unknown>): Promise<{ name: string; status: number | undefined; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('the call succeeded');
}
