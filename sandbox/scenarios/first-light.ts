// The demo estate: two accounts, three regions, all well, until one record of one domain is deleted and put back.
import { addressIdentity, byodkimIdentity, easyIdentity, replicaIdentity, tokensFor } from '../aws/identities.ts';
import { KEY_2048 } from '../dns/keys.ts';
import { buildWorld, HOSTER_A, HOSTER_B, type Placed } from './estate.ts';
import { broken } from './kinds.ts';
import { NOW, type Scenario } from './plot.ts';

export const HOME = '111111111111';
export const MEMBER = '222222222222';
export const READ_ROLE = 'ses-dkim-monitor-read';
export const EXTERNAL_ID = 'first-light-external-id';
export const TOPIC_NAME = 'ses-dkim-monitor-alerts';
export const TOPIC_ARN = `arn:aws:sns:us-east-1:${HOME}:${TOPIC_NAME}`;
export const BUCKET = 'ses-dkim-monitor-memory';
export const READER = 'dns@northwind-shop.com';

const easy = (account: string, region: string, domain: string): Placed => ({
  account,
  region,
  identity: easyIdentity(domain, { region, tags: { team: domain.split('.')[0] ?? '' } }),
});

export const SHOP = 'northwind-shop.com';
export const SHOP_TOKEN = tokensFor(SHOP, 'eu-west-1')[1];

const identities: readonly Placed[] = [
  easy(HOME, 'us-east-1', SHOP),
  easy(HOME, 'us-east-1', 'litware-labs.com'),
  easy(HOME, 'us-east-1', 'proseware-press.net'),
  {
    account: HOME,
    region: 'us-east-1',
    identity: addressIdentity('billing@litware-labs.com', { region: 'us-east-1', status: 'SUCCESS', signing: true }),
  },
  { account: HOME, region: 'eu-west-1', identity: easyIdentity(SHOP, { region: 'eu-west-1', mailFrom: { domain: `bounce.${SHOP}` } }) },
  easy(HOME, 'eu-west-1', 'fabrikam-mail.net'),
  easy(HOME, 'eu-west-1', 'news.tailwind-toys.com'),
  easy(HOME, 'eu-west-1', 'contoso-books.org'),
  {
    account: HOME,
    region: 'eu-west-1',
    identity: byodkimIdentity('adatum-bank.com', { region: 'eu-west-1', selector: 's2026' }),
    ownKey: { selector: 's2026', value: `v=DKIM1; k=rsa; p=${KEY_2048}` },
  },
  easy(HOME, 'eu-south-1', 'wingtip-vini.com'),
  {
    account: HOME,
    region: 'eu-south-1',
    identity: replicaIdentity('fabrikam-mail.net', { region: 'eu-south-1', parentRegion: 'eu-west-1' }),
  },
  easy(MEMBER, 'eu-west-1', 'relecloud-apps.com'),
  easy(MEMBER, 'eu-west-1', 'mail.relecloud-apps.com'),
  easy(MEMBER, 'us-east-1', 'lamna-health.org'),
  easy(MEMBER, 'eu-south-1', 'fourth-coffee.net'),
];

/** The estate with nothing wrong. */
export const FIRST_LIGHT_WORLD = buildWorld({
  identities,
  accounts: {
    [HOME]: {
      topics: [{ name: TOPIC_NAME, region: 'us-east-1', subscriptions: [{ protocol: 'email', endpoint: READER, confirmed: true }] }],
      buckets: [{ name: BUCKET }],
    },
    [MEMBER]: { roles: [{ name: READ_ROLE, trusts: HOME, externalId: EXTERNAL_ID }] },
  },
  hosters: [HOSTER_A, HOSTER_B],
  zones: {
    [SHOP]: { ns: HOSTER_A, records: { _dmarc: { TXT: 'v=DMARC1; p=none' } } },
    'tailwind-toys.com': { ns: HOSTER_B },
    'relecloud-apps.com': { ns: HOSTER_A },
    'contoso-books.org': { ns: HOSTER_B },
    '_domainkey.contoso-books.org': { ns: HOSTER_A },
  },
});

export const firstLight: Scenario = {
  name: 'first-light',
  describe:
    'Two accounts, three regions, fifteen identities, all healthy. Then one of the three DKIM records of northwind-shop.com is deleted, and put back.',
  world: FIRST_LIGHT_WORLD,
  now: NOW,
  starts: {},
  steps: [
    {
      title: `One of the three DKIM records of ${SHOP} is deleted`,
      apply: (sandbox) => sandbox.dns.removeRecord(SHOP, `${SHOP_TOKEN}._domainkey`, 'CNAME'),
      expect: {
        [`${HOME}/eu-west-1/${SHOP}`]: broken('record-missing', { missing: 1, expected: 3 }),
      },
    },
    {
      title: 'The record is put back',
      apply: (sandbox) => sandbox.dns.setRecord(SHOP, `${SHOP_TOKEN}._domainkey`, 'CNAME', `${SHOP_TOKEN}.dkim.amazonses.com`),
      expect: {},
    },
  ],
  expect: {},
};
