// Zones in which nothing is wrong, with the odd things that real ones hold.
import type { RecordsAt } from '../../sandbox/dns/dns-world.ts';
import { OTHER_KEY_2048 } from '../../sandbox/dns/keys.ts';
import { type Estate, relative, type Zone, zoneOf } from './estate.ts';
import type { Random } from './random.ts';

const WORDS = 'northwind fabrikam contoso tailwind adatum wingtip litware proseware lamna relecloud fourth alpine'.split(' ');
const TLDS = ['com', 'net', 'org', 'io', 'de', 'co.uk', 'com.au'];

/** A registrable domain that nothing else in any estate has. */
export function newDomain(estate: Estate, random: Random): string {
  estate.names += 1;
  return `${random.pick(WORDS)}-${estate.index}-${estate.names}.${random.pick(TLDS)}`;
}

/** Names of name servers that serve nothing else. */
export function newServers(estate: Estate, count: number): readonly string[] {
  estate.names += 1;
  const hoster = `dns-${estate.index}-${estate.names}.net`;
  return Array.from({ length: count }, (_, i) => `ns${i + 1}.${hoster}`);
}

/** Two to four servers, of one hoster or of two; sometimes those of another zone of the estate. */
function someServers(estate: Estate, random: Random): readonly string[] {
  const other = estate.zones.length > 0 && random.chance(0.3) ? random.pick(estate.zones) : undefined;
  if (other !== undefined && !other.serversTaken) return other.servers;
  return random.chance(0.15) ? [...newServers(estate, 2), ...newServers(estate, 2)] : newServers(estate, 2 + random.int(3));
}

/** A zone with a web site and nothing else. Without an apex it is a new registrable domain. */
export function addZone(estate: Estate, random: Random, apex = newDomain(estate, random)): Zone {
  const zone: Zone = {
    apex,
    servers: someServers(estate, random),
    ttl: random.pick([30, 300, 3600, 86_400]),
    negativeTtl: random.pick([0, 60, 900]),
    content: new Map(),
    quirks: {},
    addresses: {},
    mute: false,
    serversTaken: false,
    remarks: [],
  };
  estate.zones.push(zone);
  return zone;
}

/** A registrable domain as people have them: web site, mail, perhaps a wildcard, perhaps DMARC, perhaps another vendor's DKIM. */
export function addDomainZone(estate: Estate, random: Random): Zone {
  const zone = addZone(estate, random);
  put(zone, '@', {
    A: '203.0.113.80',
    MX: ['10 mx1.mail-host.net', '20 mx2.mail-host.net'],
    TXT: ['v=spf1 include:mail-host.net -all', 'site-verification=42'],
  });
  put(zone, 'www', { A: '203.0.113.80' });
  if (random.chance(0.35)) addWildcard(zone, random);
  if (random.chance(0.3)) {
    put(zone, 'google._domainkey', { TXT: `v=DKIM1; k=rsa; p=${OTHER_KEY_2048}` });
    zone.remarks.push("another vendor's selector");
  }
  addDmarc(zone, '_dmarc', random);
  return zone;
}

function addWildcard(zone: Zone, random: Random): void {
  const [at, records] = random.pick<readonly [string, RecordsAt]>([
    ['*', { A: '203.0.113.81' }],
    ['*', { MX: '10 mx1.mail-host.net' }],
    ['*', { TXT: 'v=spf1 -all' }],
    ['*', { CNAME: 'parking.mail-host.net' }],
    ['*._domainkey', { TXT: 'v=DKIM1; p=' }],
  ]);
  put(zone, at, records);
  zone.remarks.push(`wildcard ${at} ${Object.keys(records).join()}`);
}

/** A policy at the name, or none. */
function addDmarc(zone: Zone, at: string, random: Random): void {
  const policy = random.pick(['', 'none', 'quarantine', 'reject', 'reject']);
  if (policy === '') return;
  const more = random.pick(['', '', '; sp=none', '; sp=reject', '; aspf=s', '; aspf=r; pct=100']);
  put(zone, at, { TXT: `v=DMARC1; p=${policy}${more}; rua=mailto:dmarc@${zone.apex}` });
}

/** A name below a zone that the estate has, as a domain of its own: within that zone, or as a zone with servers of its own. */
export function addSubdomain(estate: Estate, random: Random): string {
  const parents = estate.zones.filter(
    ({ apex, serversTaken }) => !apex.startsWith('_') && !serversTaken && estate.signers.some(({ domain }) => domain === apex),
  );
  const parent = parents.length > 0 ? random.pick(parents) : addDomainZone(estate, random);
  estate.names += 1;
  const name = `${random.pick(['mail', 'news', 'eu', 'go'])}${estate.names}.${random.chance(0.2) ? 'corp.' : ''}${parent.apex}`;
  if (random.chance(0.25)) addZone(estate, random, name).remarks.push('a zone of its own below another');
  const zone = zoneOf(estate, name) ?? parent;
  if (random.chance(0.2)) addDmarc(zone, relative(`_dmarc.${name}`, zone.apex), random);
  return name;
}

/** Puts records at a name, beside what is there of other types. An empty list takes a type away. */
export function put({ content }: Pick<Zone, 'content'>, at: string, records: RecordsAt): void {
  const all = Object.entries({ ...content.get(at), ...records }).filter(([, values]) => values !== undefined && values.length > 0);
  if (all.length === 0) content.delete(at);
  else content.set(at, Object.fromEntries(all));
}
