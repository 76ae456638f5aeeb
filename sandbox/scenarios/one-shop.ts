// The world of most scenarios: one domain to which something happens, and a neighbour to whom nothing must.

import type { SesIdentity } from '../aws/aws-world.ts';
import { easyIdentity, tokensFor } from '../aws/identities.ts';
import type { ZoneWorld } from '../dns/dns-world.ts';
import type { Sandbox } from '../sandbox.ts';
import type { World } from '../world.ts';
import { buildWorld, HOSTER_A, HOSTER_B, type Placed } from './estate.ts';
import { type Expectation, NOW, type Scenario, type Step } from './plot.ts';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-1';
export const DOMAIN = 'northwind-shop.com';
export const NEIGHBOUR = 'fabrikam-mail.net';
/** Key of the domain in expectations. */
export const SUBJECT = `${ACCOUNT}/${REGION}/${DOMAIN}`;
export const TARGET = `${ACCOUNT}/${REGION}`;
export const TOKENS = tokensFor(DOMAIN, REGION);
export const SERVERS = HOSTER_A;

export interface ShopOptions {
  /** The identity, by default Easy DKIM and all well. */
  readonly identity?: SesIdentity;
  /** False: its records are not in DNS. */
  readonly published?: boolean;
  readonly ownKey?: Placed['ownKey'];
  readonly zone?: Partial<ZoneWorld>;
  readonly zones?: Readonly<Record<string, ZoneWorld>>;
  readonly nameServers?: Readonly<Record<string, readonly string[]>>;
  readonly more?: readonly Placed[];
}

/** The domain on one hoster's servers, the neighbour on another's, a topic with a confirmed reader, a bucket. */
export function shopWorld(options: ShopOptions = {}): World {
  const shop: Placed = {
    account: ACCOUNT,
    region: REGION,
    identity: options.identity ?? easyIdentity(DOMAIN, { region: REGION }),
    published: options.published ?? true,
    ...(options.ownKey && { ownKey: options.ownKey }),
  };
  const neighbour: Placed = { account: ACCOUNT, region: REGION, identity: easyIdentity(NEIGHBOUR, { region: REGION }) };
  return buildWorld({
    identities: [shop, neighbour, ...(options.more ?? [])],
    zones: { [DOMAIN]: { ns: SERVERS, ...options.zone }, [NEIGHBOUR]: { ns: HOSTER_B }, ...options.zones },
    ...(options.nameServers && { nameServers: options.nameServers }),
    accounts: {
      [ACCOUNT]: {
        topics: [
          {
            name: 'ses-dkim-monitor-alerts',
            region: REGION,
            subscriptions: [{ protocol: 'email', endpoint: 'dns@example.com', confirmed: true }],
          },
        ],
        buckets: [{ name: 'ses-dkim-monitor-memory' }],
      },
    },
  });
}

/** A scenario about the domain of this world. */
export function shopScenario(
  name: string,
  describe: string,
  steps: readonly Step[],
  expect: Expectation | Scenario['expect'],
  options: ShopOptions & { readonly now?: string } = {},
): Scenario {
  const expectations =
    'mandatory' in expect && Array.isArray(expect.mandatory) ? { [SUBJECT]: expect as Expectation } : (expect as Scenario['expect']);
  return { name, describe, world: shopWorld(options), now: options.now ?? NOW, steps, expect: expectations };
}

/** Runs an edit for each of the three records; `relative` is the record's name in the zone. */
export function eachRecord(edit: (sandbox: Sandbox, relative: string, token: string) => void): Step['apply'] {
  return (sandbox) => {
    for (const token of TOKENS) edit(sandbox, `${token}._domainkey`, token);
  };
}

export const removeAll: Step['apply'] = eachRecord((sandbox, relative) => sandbox.dns.removeRecord(DOMAIN, relative));

/** Points every record somewhere else. */
export function pointTo(target: (token: string) => string): Step['apply'] {
  return eachRecord((sandbox, relative, token) => sandbox.dns.setRecord(DOMAIN, relative, 'CNAME', target(token)));
}
