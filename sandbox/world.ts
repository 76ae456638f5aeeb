// What a sandbox is started with: AWS accounts and the DNS they depend on.
import type { AwsWorld, OrganizationWorld } from './aws/aws-world.ts';
import type { Fault } from './aws/faults.ts';
import type { DnsWorld } from './dns/dns-world.ts';

export interface World {
  readonly aws: AwsWorld;
  readonly dns: DnsWorld;
  /** The organisation that the accounts are in; absent: none. */
  readonly organization?: OrganizationWorld;
  /** What AWS answers wrongly from the start. */
  readonly faults?: readonly Fault[];
}
