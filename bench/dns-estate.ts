// The estate of the DNS bench: who hosts which customer, and whose record was lost.
import { tokensFor } from '../sandbox/aws/identities.ts';
import type { RecordsAt, ZoneWorld } from '../sandbox/dns/dns-world.ts';
import { KEY_2048 } from '../sandbox/dns/keys.ts';

export const REGION = 'eu-west-1';

export interface Estate {
  readonly customers: number;
  readonly hosters: number;
  /** One customer in so many has lost a record; 0: nobody. */
  readonly brokenEvery: number;
  /** The broken ones have lost all three records, not one of them. */
  readonly loseAll?: boolean;
  /** SES's own zone is there too, with a key for the first token of each: whoever asks a resolver sees where the CNAMEs end. */
  readonly keys?: boolean;
}

/** Name servers of each hoster. */
export const SERVERS_EACH = 2;

/** The busiest hosters' shares in hundredths; the others have equal parts of the rest. */
const SHARES = [20, 12, 8];

export const domainOf = (customer: number): string => `customer-${customer}.com`;

/** Shuffled, but always the same: neighbours in the list are not at one hoster. */
export function hosterOf(customer: number, { hosters }: Estate): number {
  if (hosters === 1) return 0;
  const ticket = (customer * 7919) % 10_000;
  let until = 0;
  for (const [hoster, share] of SHARES.entries()) {
    until += share * 100;
    if (ticket < until) return hoster;
  }
  return SHARES.length + (ticket % (hosters - SHARES.length));
}

export const serversOf = (hoster: number): readonly string[] =>
  Array.from({ length: SERVERS_EACH }, (_, i) => `ns${i + 1}.hoster-${hoster}.net`);

export function isBroken(customer: number, { brokenEvery }: Estate): boolean {
  return brokenEvery > 0 && customer % brokenEvery === brokenEvery - 1;
}

/** Behind every CNAME: what is asked through the resolvers is whether there is a key. */
const SES_KEY = 'p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ';

/** The zones: three CNAME records a customer, of which a broken one has lost the second. */
export function zonesOf(estate: Estate): Readonly<Record<string, ZoneWorld>> {
  const zones: Record<string, ZoneWorld> = { 'amazonses.com': { ns: ['ns1.ses-dns.net'], records: { '*.dkim': { TXT: SES_KEY } } } };
  for (let i = 0; i < estate.customers; i += 1) {
    const tokens = tokensFor(domainOf(i), REGION).filter((_, nth) => !isBroken(i, estate) || (nth !== 1 && estate.loseAll !== true));
    const records = Object.fromEntries(tokens.map((token) => [`${token}._domainkey`, { CNAME: `${token}.dkim.amazonses.com` }]));
    zones[domainOf(i)] = { ns: serversOf(hosterOf(i, estate)), records };
  }
  return estate.keys === true ? { ...zones, 'dkim.amazonses.com': { ns: SES_SERVERS, records: keysOf(estate) } } : zones;
}

const SES_SERVERS = ['ns1.ses-keys.net', 'ns2.ses-keys.net'];

function keysOf({ customers }: Estate): Readonly<Record<string, RecordsAt>> {
  const tokens = Array.from({ length: customers }, (_, i) => tokensFor(domainOf(i), REGION)).flat();
  return Object.fromEntries(tokens.map((token, i) => [token, { TXT: i % 3 === 0 ? `p=${KEY_2048}` : '' }]));
}

/** Seconds that the pace alone makes a sweep of three questions a customer take: the busiest server's share at `perSecond`. */
export function boundOf(estate: Estate, perSecond: number): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < estate.customers; i += 1) {
    const hoster = hosterOf(i, estate);
    counts.set(hoster, (counts.get(hoster) ?? 0) + 1);
  }
  return (Math.max(...counts.values()) * 3) / SERVERS_EACH / perSecond;
}
