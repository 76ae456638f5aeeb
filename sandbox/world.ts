// What a sandbox is started with: AWS accounts and the DNS they depend on.
import type { AwsWorld } from './aws/aws-world.ts';
import type { DnsWorld } from './dns/dns-world.ts';

export interface World {
  readonly aws: AwsWorld;
  readonly dns: DnsWorld;
}
