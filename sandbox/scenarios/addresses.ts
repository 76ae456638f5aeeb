// Scenarios about e-mail addresses as identities: with a domain beside them or without, signing or not.
import { addressIdentity } from '../aws/identities.ts';
import { broken, HEALTHY, notice } from './kinds.ts';
import { ACCOUNT, DOMAIN, here, REGION, removeAll, SUBJECT, shopScenario, TOKENS } from './one-shop.ts';

const INFO = `info@${DOMAIN}`;
const key = (address: string, region = REGION): string => `${ACCOUNT}/${region}/${address}`;
const address = (name: string, signs: boolean) =>
  here(addressIdentity(name, signs ? { region: REGION, status: 'SUCCESS', signing: true } : { region: REGION }));

export const addresses = [
  shopScenario(
    'address-does-not-sign',
    'An address was verified on its own under a domain whose DKIM works: its mail goes out unsigned.',
    [],
    { [key(INFO)]: broken('address-overrides-domain', { domain: DOMAIN }, { severity: 'warning' }) },
    { more: [address(INFO, false)] },
  ),
  shopScenario('address-signs', 'An address that signs as its domain does.', [], {}, { more: [address(INFO, true)] }),
  shopScenario(
    'address-beside-domain',
    'An address whose domain is no identity here: it cannot be signed in the name of its domain.',
    [],
    { [key('info@proseware-press.org')]: notice('address-without-domain') },
    { more: [address('info@proseware-press.org', false)] },
  ),
  shopScenario(
    'address-in-another-region',
    'The domain is an identity in one region, the address in another, where the domain is none.',
    [],
    { [key(INFO, 'us-east-1')]: notice('address-without-domain') },
    { more: [{ account: ACCOUNT, region: 'us-east-1', identity: addressIdentity(INFO, { region: 'us-east-1' }) }] },
  ),
  shopScenario(
    'address-under-a-broken-domain',
    'An address that does not sign, under a domain that loses a record while SES still signs for it: what is said of the address stands.',
    [{ title: 'A record of the domain is deleted', apply: (s) => s.dns.removeRecord(DOMAIN, `${TOKENS[0]}._domainkey`) }],
    { [SUBJECT]: broken('record-missing', { missing: 1 }), [key(INFO)]: broken('address-overrides-domain') },
    { more: [address(INFO, false)], starts: { [key(INFO)]: broken('address-overrides-domain') } },
  ),
  shopScenario(
    'address-that-signs-under-a-broken-domain',
    'An address that signs, under a domain that has lost its records: told once, of the domain.',
    [{ title: 'The records of the domain are deleted', apply: removeAll }],
    { [SUBJECT]: broken('record-missing', { missing: 3 }), [key(INFO)]: HEALTHY },
    { more: [address(INFO, true)] },
  ),
];
