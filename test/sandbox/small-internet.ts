// The DNS of the tests of answers: one zone with every shape of data, and its surroundings.
import type { World } from '../../sandbox/world.ts';

const LONG = 'k'.repeat(400);

export const SMALL_INTERNET: World = {
  aws: {},
  dns: {
    nameServers: { 'ns1.shop.com': ['198.51.100.21'], 'ns2.hoster.net': ['198.51.100.22'], 'ns3.six.net': ['2001:db8::53'] },
    zones: {
      'shop.com': {
        ns: ['ns1.shop.com', 'ns2.hoster.net'],
        serial: 7,
        records: {
          '@': { A: '203.0.113.80', MX: ['10 mail.shop.com', '20 mx.elsewhere.org'] },
          mail: { A: '203.0.113.25' },
          'a._domainkey': { CNAME: 'a.dkim.amazonses.com' },
          'deep.er.name': { TXT: 'here' },
          '*.wild': { TXT: 'from the wildcard', A: '203.0.113.99' },
          'real.wild': { A: '203.0.113.1' },
          one: { CNAME: 'two.shop.com' },
          two: { CNAME: 'three.shop.com' },
          three: { TXT: 'end of the chain' },
          dangling: { CNAME: 'nowhere.shop.com' },
          halfway: { CNAME: 'mail.shop.com' },
          loop1: { CNAME: 'loop2.shop.com' },
          loop2: { CNAME: 'loop1.shop.com' },
          'into-child': { CNAME: 'x.child.shop.com' },
          long: { TXT: [LONG, LONG, LONG, LONG] },
          medium: { TXT: [LONG, LONG] },
          strings: { TXT: [['first', 'second'], ''] },
          odd: { TYPE65280: 'c0ffee' },
        },
      },
      'child.shop.com': { ns: ['ns.child.shop.com'], records: { x: { TXT: 'in the child' } } },
      '_domainkey.other.com': { ns: ['ns2.hoster.net'], records: { b: { CNAME: 'b.dkim.amazonses.com' } } },
      'other.com': { ns: ['ns1.shop.com'] },
      'six.com': { ns: ['ns3.six.net'] },
    },
  },
};
