// The world of most scenarios: one domain to which something happens, and a neighbour to whom nothing must.
import type { SesIdentity } from '../aws/aws-world.ts';
import { byodkimIdentity, easyIdentity, type IdentityOptions, tokensFor } from '../aws/identities.ts';
import type { ZoneWorld } from '../dns/dns-world.ts';
import type { Sandbox } from '../sandbox.ts';
import type { World } from '../world.ts';
import { buildWorld, DMARC, HOSTER_A, HOSTER_B, type Placed } from './estate.ts';
import { EXTERNAL_ID, READ_ROLE } from './first-light.ts';
import { type Expectation, NOW, type Scenario, type Step } from './plot.ts';

export const ACCOUNT = '111111111111';
/** Another account, which trusts the first one. */
export const MEMBER = '222222222222';
export const REGION = 'eu-west-1';
export const DOMAIN = 'northwind-shop.com';
export const NEIGHBOUR = 'fabrikam-mail.net';
/** A subdomain that is an identity, inside the zone above it. */
export const NEWS = 'news.tailwind-toys.com';
/** Key of the domain in expectations. */
export const SUBJECT = `${ACCOUNT}/${REGION}/${DOMAIN}`;
export const TARGET = `${ACCOUNT}/${REGION}`;
export const TOKENS = tokensFor(DOMAIN, REGION);
export const SERVERS = HOSTER_A;

/** An Easy DKIM domain in good order, with a MAIL FROM domain of its own: SPF is aligned, so that losing DKIM alone refuses no mail. */
export function wellKept(domain: string, options: Partial<IdentityOptions> = {}): SesIdentity {
  return easyIdentity(domain, { region: REGION, mailFrom: { domain: `bounce.${domain}` }, ...options });
}

/** The domain of this world, with what is different about it. */
export const shop = (options: Partial<IdentityOptions> = {}): SesIdentity => wellKept(DOMAIN, options);

export const SELECTOR = 's2026';

/** The domain of this world with a key of its own. */
export const ownKeyShop = (options: Partial<IdentityOptions> = {}): SesIdentity =>
  byodkimIdentity(DOMAIN, { region: REGION, selector: SELECTOR, mailFrom: { domain: `bounce.${DOMAIN}` }, ...options });

/** Puts an identity into the account and region of this world. */
export const here = (identity: SesIdentity, more: Partial<Placed> = {}): Placed => ({
  account: ACCOUNT,
  region: REGION,
  identity,
  ...more,
});

export interface ShopOptions {
  /** The identity, by default {@link shop}. */
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
  const { identity = shop(), published = true, ownKey, zone, zones, nameServers, more = [] } = options;
  return buildWorld({
    identities: [here(identity, { published, ...(ownKey && { ownKey }) }), here(wellKept(NEIGHBOUR)), ...more],
    zones: {
      [DOMAIN]: { ns: SERVERS, ...zone, records: { ...DMARC, ...zone?.records } },
      [NEIGHBOUR]: { ns: HOSTER_B, records: DMARC },
      ...zones,
    },
    ...(nameServers && { nameServers }),
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
      ...(more.some(({ account }) => account === MEMBER) && {
        [MEMBER]: { roles: [{ name: READ_ROLE, trusts: ACCOUNT, externalId: EXTERNAL_ID }] },
      }),
    },
  });
}

/** A scenario about the domain of this world. What has steps starts with everything in order, unless `starts` says otherwise. */
export function shopScenario(
  name: string,
  describe: string,
  steps: readonly Step[],
  expect: Expectation | Scenario['expect'],
  options: ShopOptions & Partial<Pick<Scenario, 'now' | 'starts' | 'monitor'>> = {},
): Scenario {
  const { now = NOW, monitor, starts = steps.length > 0 ? {} : undefined } = options;
  return {
    name,
    describe,
    world: shopWorld(options),
    now,
    steps,
    ...(starts && { starts }),
    ...(monitor && { monitor }),
    expect: isExpectation(expect) ? { [SUBJECT]: expect } : expect,
  };
}

function isExpectation(expect: Expectation | Scenario['expect']): expect is Expectation {
  return 'mandatory' in expect && Array.isArray(expect.mandatory);
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

/** Takes the three records away and puts them under other names, relative to the zone. */
export function publishAt(relative: (token: string) => string): Step['apply'] {
  return async (sandbox) => {
    await removeAll(sandbox);
    for (const token of TOKENS) sandbox.dns.setRecord(DOMAIN, relative(token), 'CNAME', `${token}.dkim.amazonses.com`);
  };
}

/** SES says something else about the domain; the inventory is an hour old by then. */
export function sesSays(title: string, identity: SesIdentity): Step {
  return { title, minutesLater: 120, apply: (sandbox) => sandbox.aws.setIdentity(ACCOUNT, REGION, identity) };
}
