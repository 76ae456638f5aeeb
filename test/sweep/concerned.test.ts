// Which identities changed records and named identities concern.
import type { Focus } from '../../lambda/model/focus.ts';
import type { Identity } from '../../lambda/model/identity.ts';
import { type AccountId, dnsName, type Region } from '../../lambda/model/names.ts';
import { concernedBy, targetsOf } from '../../lambda/sweep/concerned.ts';
import { easyIdentity, TARGET } from './small-world.ts';

const NOBODY: Focus = { named: new Map(), changed: [] };
const changed = (name: string, below = false): Focus => ({ ...NOBODY, changed: [{ name: dnsName(name), below }] });
const withMailFrom = (identity: Identity, domain: string): Identity => ({
  ...identity,
  ses: { ...identity.ses, mailFrom: { domain: dnsName(domain), status: 'SUCCESS', rejects: false } },
});
const shop = withMailFrom(easyIdentity('shop.example.com'), 'bounce.example.net');

test.each<[string, Focus, boolean]>([
  ['a token of its own', changed('abc._domainkey.shop.example.com'), true],
  ['_domainkey itself', changed('_domainkey.shop.example.com', true), true],
  ['a token of the domain above', changed('abc._domainkey.example.com'), false],
  ['a token of a domain below', changed('abc._domainkey.eu.shop.example.com'), false],
  ['a domain whose name only ends the same', changed('abc._domainkey.myshop.example.com'), false],
  ['its MAIL FROM domain', changed('bounce.example.net'), true],
  ['a delegation above its MAIL FROM domain', changed('example.net', true), true],
  ['its DMARC policy', changed('_dmarc.shop.example.com'), true],
  ['the DMARC policy above it', changed('_dmarc.example.com'), true],
  ['a DMARC policy beside it', changed('_dmarc.blog.example.com'), false],
  ['a TXT record at the domain', changed('shop.example.com'), false],
  ['the delegation of its zone', changed('example.com', true), true],
  ['a delegation beside it', changed('blog.example.com', true), false],
])('a change at %s', (_title, focus, expected) => {
  expect(concernedBy(focus)(shop)).toBe(expected);
});

describe('named identities', () => {
  const elsewhere = { account: '222222222222' as AccountId, region: TARGET.region };
  const otherRegion = { account: TARGET.account, region: 'us-east-1' as Region };
  const named: Focus = {
    ...NOBODY,
    named: new Map([[`${TARGET.account}/${TARGET.region}`, { names: ['Shop.example.com'], whole: false }]]),
  };
  const whole: Focus = { ...NOBODY, named: new Map([[`${TARGET.account}/${TARGET.region}`, { names: [], whole: true }]]) };
  const all = [TARGET, otherRegion, elsewhere];

  test('itself and its namesakes in the account, which may be its replicas; no other', () => {
    expect(all.map((target) => concernedBy(named)(easyIdentity('shop.example.com', target)))).toEqual([true, true, false]);
    expect(concernedBy(named)(easyIdentity('blog.example.com'))).toBe(false);
    expect(targetsOf(named, all)).toEqual([TARGET, otherRegion]);
  });
  test('all of a target that is named as a whole', () => {
    expect(all.map((target) => concernedBy(whole)(easyIdentity('any.example', target)))).toEqual([true, false, false]);
    expect(targetsOf(whole, all)).toEqual([TARGET]);
  });
  test('changed records may concern any target', () => expect(targetsOf(changed('a.example'), all)).toEqual(all));
});
