// The zones in which SES publishes the keys of Easy DKIM, filled from the identities of the world.

import type { SesIdentity } from './aws/aws-world.ts';
import { dkimZone } from './aws/identities.ts';
import type { ZoneWorld } from './dns/dns-world.ts';
import { KEY_2048 } from './dns/keys.ts';
import type { SandboxDns } from './dns/sandbox-dns.ts';

const SERVERS = ['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net'];

// One of the zones that several regions share, and those of the regions with their own.
const REGIONS =
  'us-east-1 af-south-1 ap-northeast-3 ap-south-2 ap-southeast-3 ap-southeast-5 ca-west-1 eu-central-2 eu-south-1 il-central-1 me-central-1'.split(
    ' ',
  );

/** `amazonses.com` and the DKIM zones below it, still without keys. */
export function sesZones(): Readonly<Record<string, ZoneWorld>> {
  return Object.fromEntries([
    ['amazonses.com', { ns: SERVERS }],
    ...REGIONS.map((region) => [dkimZone(region), { ns: SERVERS, ttl: 1800 }]),
  ]);
}

/**
 * Publishes the keys of an identity's tokens as SES does: the first token's TXT is a key without `v=`, the others' are empty.
 * `done` keeps what was published before: replicas share their parent's keys.
 */
export function publishSesKeys(dns: SandboxDns, identity: SesIdentity, done: Set<string>): void {
  const { SigningHostedZone: zone, Tokens = [], SigningAttributesOrigin = '' } = identity.facts.DkimAttributes ?? {};
  if (zone === undefined || !SigningAttributesOrigin.startsWith('AWS_SES') || !dns.hasZone(zone)) return;
  Tokens.forEach((token, i) => {
    if (done.has(`${token}.${zone}`) || !/^[a-z0-9]+$/i.test(token)) return;
    done.add(`${token}.${zone}`);
    dns.setRecord(zone, token, 'TXT', i === 0 ? `p=${KEY_2048}` : '');
  });
}
