// A small AWS and a small DNS on loopback, started from one world.
import { type RunningAws, startAws } from './aws/aws.ts';
import type { SesIdentity } from './aws/aws-world.ts';
import type { SandboxAws } from './aws/sandbox-aws.ts';
import { type RunningDns, startDns } from './dns/dns.ts';
import type { SandboxDns, Where } from './dns/sandbox-dns.ts';
import { publishSesKeys, sesZones, withdrawSesKeys } from './ses-keys.ts';
import type { World } from './world.ts';

export interface Sandbox {
  /** Value for AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  /** The access key that makes a caller that account. */
  credentials(account: string): { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The AWS SDK's own settings for that account and region. */
  environment(account: string, region: string): Record<string, string>;
  /** A recursive resolver: the first of the two. */
  readonly resolver: Where;
  /** Both resolvers, `resolver` and `resolver-2`. */
  readonly resolvers: readonly [Where, Where];
  /** Name server address → where it really listens. Servers that appear later appear here too. */
  readonly routes: Readonly<Record<string, Where>>;
  readonly rootHints: readonly string[];
  readonly aws: SandboxAws;
  readonly dns: SandboxDns;
  /** Takes away every key that SES publishes for an identity: the targets of its CNAMEs no longer exist, or hold nothing but an empty TXT. */
  withdrawKeys(identity: SesIdentity, how: 'gone' | 'empty'): void;
  close(): Promise<void>;
}

/** Starts everything a world needs. `clock` gives milliseconds since the epoch (default: the machine's). */
export async function startSandbox(world: World, options: { readonly clock?: () => number } = {}): Promise<Sandbox> {
  const clock = options.clock ?? Date.now;
  const dns: RunningDns = await startDns({ ...world.dns, zones: { ...sesZones(), ...world.dns.zones } }, clock);
  const keys = new Set<string>();
  const aws: RunningAws = await startAws(world.aws, clock, (identity: SesIdentity) => publishSesKeys(dns.control, identity, keys));
  aws.control.organization = world.organization;
  aws.control.faults.push(...(world.faults ?? []).map((fault) => ({ ...fault })));
  return {
    endpoint: aws.endpoint,
    credentials: aws.credentials,
    environment: (account, region) => {
      const { accessKeyId, secretAccessKey } = aws.credentials(account);
      return {
        AWS_ENDPOINT_URL: aws.endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_REGION: region,
        AWS_EC2_METADATA_DISABLED: 'true',
      };
    },
    resolver: dns.resolver,
    resolvers: dns.resolvers,
    routes: dns.routes,
    rootHints: dns.rootHints,
    aws: aws.control,
    dns: dns.control,
    withdrawKeys: (identity, how) => withdrawSesKeys(dns.control, identity, how),
    close: async () => {
      await Promise.all([aws.close(), dns.close()]);
    },
  };
}
