// Puts identities and the zones that hold their records together into a world.
import type { AccountWorld, SesIdentity } from '../aws/aws-world.ts';
import { mailFromRecordsOf, recordsOf } from '../aws/identities.ts';
import type { RecordsAt, ZoneWorld } from '../dns/dns-world.ts';
import type { World } from '../world.ts';

/** An identity in its account and region. */
export interface Placed {
  readonly account: string;
  readonly region: string;
  readonly identity: SesIdentity;
  /** False: its DKIM records are not in DNS. */
  readonly published?: boolean;
  /** The TXT of an own key (BYODKIM), by its selector. */
  readonly ownKey?: { readonly selector: string; readonly value: string | readonly string[] };
}

export interface EstatePlan {
  readonly identities: readonly Placed[];
  readonly accounts: Readonly<Record<string, Omit<AccountWorld, 'identities'>>>;
  /** Zones with something of their own; identities' domains that lie in none of them become zones of their own. */
  readonly zones?: Readonly<Record<string, ZoneWorld>>;
  readonly nameServers?: Readonly<Record<string, readonly string[]>>;
  /** Name servers of the zones that are made up. */
  readonly hosters?: readonly (readonly string[])[];
}

/** A policy that asks nothing of receivers: lost signatures are then told without a word about DMARC. */
export const DMARC: Readonly<Record<string, RecordsAt>> = { _dmarc: { TXT: 'v=DMARC1; p=none' } };

export const HOSTER_A = ['ns1.hoster-a.net', 'ns2.hoster-a.net'];
export const HOSTER_B = ['dns1.hoster-b.com', 'dns2.hoster-b.com', 'dns3.hoster-b.com'];

type Zones = Record<string, ZoneWorld & { records: Record<string, RecordsAt> }>;

/** The world: every identity in SES, every record of DKIM and MAIL FROM in the deepest zone that can hold it, unless that zone says something else at the name. */
export function buildWorld(plan: EstatePlan): World {
  const hosters = plan.hosters ?? [HOSTER_A];
  const zones: Zones = {};
  for (const [apex, zone] of Object.entries(plan.zones ?? {})) zones[apex] = { ...zone, records: { ...zone.records } };
  plan.identities.forEach(({ identity, region, published, ownKey }, i) => {
    const domain = identity.name.split('@').pop() ?? '';
    if (apexFor(domain, zones) === undefined) zones[domain] = { ns: hosters[i % hosters.length] ?? HOSTER_A, records: { ...DMARC } };
    const mailFrom = mailFromRecordsOf(identity, region);
    if (mailFrom !== undefined) put(zones, mailFrom.name, { MX: mailFrom.MX, TXT: mailFrom.TXT });
    if (published === false) return;
    for (const record of recordsOf(identity)) put(zones, record.name, { CNAME: record.value });
    if (ownKey !== undefined) put(zones, `${ownKey.selector}._domainkey.${domain}`, { TXT: ownKey.value });
  });
  const accounts: Record<string, AccountWorld> = {};
  for (const [account, world] of Object.entries(plan.accounts)) {
    const identities: Record<string, SesIdentity[]> = {};
    for (const placed of plan.identities) {
      if (placed.account !== account) continue;
      const here = identities[placed.region] ?? [];
      here.push(placed.identity);
      identities[placed.region] = here;
    }
    accounts[account] = { ...world, identities };
  }
  return { aws: accounts, dns: { zones, ...(plan.nameServers && { nameServers: plan.nameServers }) } };
}

function apexFor(name: string, zones: Zones): string | undefined {
  for (let at = name; at.includes('.'); at = at.slice(at.indexOf('.') + 1)) if (zones[at] !== undefined) return at;
  return undefined;
}

function put(zones: Zones, name: string, records: RecordsAt): void {
  const apex = apexFor(name, zones);
  const zone = apex === undefined ? undefined : zones[apex];
  if (zone === undefined || apex === undefined) return;
  const relative = name === apex ? '@' : name.slice(0, -apex.length - 1);
  zone.records[relative] = { ...records, ...zone.records[relative] };
}
