// The zones in which SES publishes the keys of Easy DKIM, filled from the identities of the world.
import type { SesIdentity } from './aws/aws-world.ts';
import { dkimZone, feedbackHost } from './aws/identities.ts';
import type { RecordsAt, ZoneWorld } from './dns/dns-world.ts';
import { KEY_2048 } from './dns/keys.ts';
import type { SandboxDns } from './dns/sandbox-dns.ts';

const SERVERS = ['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net'];

// One of the zones that several regions share, and those of the regions with their own.
const REGIONS =
  'us-east-1 af-south-1 ap-northeast-3 ap-south-2 ap-southeast-3 ap-southeast-5 ca-west-1 eu-central-2 eu-south-1 il-central-1 me-central-1'.split(
    ' ',
  );

// Regions whose bounces may be sent to: those that worlds use.
const FEEDBACK_REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'eu-south-1'];

/** `amazonses.com` with its hosts for bounces and its SPF, and the DKIM zones below it, still without keys. */
export function sesZones(): Readonly<Record<string, ZoneWorld>> {
  return Object.fromEntries([
    ['amazonses.com', { ns: SERVERS, records: { '@': { TXT: 'v=spf1 ip4:199.255.192.0/22 -all' }, ...feedbackHosts() } }],
    ...REGIONS.map((region) => [dkimZone(region), { ns: SERVERS, ttl: 1800 }]),
  ]);
}

function feedbackHosts(): Readonly<Record<string, RecordsAt>> {
  const entries = FEEDBACK_REGIONS.map((region, i) => [
    feedbackHost(region).replace(/\.amazonses\.com$/, ''),
    { A: `203.0.113.${200 + i}` },
  ]);
  return Object.fromEntries(entries);
}

/**
 * Publishes the keys of an identity's tokens as SES does: the first token's TXT is a key without `v=`, the others' are empty.
 * `done` keeps what was published before: replicas share their parent's keys.
 */
export function publishSesKeys(dns: SandboxDns, identity: SesIdentity, done: Set<string>): void {
  const { zone, tokens } = keysOf(identity, dns);
  tokens.forEach((token, i) => {
    if (done.has(`${token}.${zone}`)) return;
    done.add(`${token}.${zone}`);
    dns.setRecord(zone, token, 'TXT', i === 0 ? `p=${KEY_2048}` : '');
  });
}

/** Takes the key of every token away: the names no longer exist, or hold an empty TXT each. */
export function withdrawSesKeys(dns: SandboxDns, identity: SesIdentity, how: 'gone' | 'empty'): void {
  const { zone, tokens } = keysOf(identity, dns);
  for (const token of tokens) {
    if (how === 'gone') dns.removeRecord(zone, token);
    else dns.setRecord(zone, token, 'TXT', '');
  }
}

/** Where SES keeps the keys of an identity; no tokens if it keeps none, or in a zone that this world has not. */
function keysOf(identity: SesIdentity, dns: SandboxDns): { readonly zone: string; readonly tokens: readonly string[] } {
  const { SigningHostedZone: zone, Tokens = [], SigningAttributesOrigin = '' } = identity.facts.DkimAttributes ?? {};
  if (zone === undefined || !SigningAttributesOrigin.startsWith('AWS_SES') || !dns.hasZone(zone)) return { zone: '', tokens: [] };
  return { zone, tokens: Tokens.filter((token) => /^[a-z0-9]+$/i.test(token)) };
}
