// Which addresses are ever asked: what a hostile zone may name, and what configuration opens.
import { placeOf } from '../../lambda/dns/addresses.ts';

const rules = { port: 53, allowPrivateNameServers: false };

const places: readonly [string, string, 'at' | 'refused', 'at' | 'refused'][] = [
  // what it is, address, by default, with private ones allowed
  ['public', '8.8.8.8', 'at', 'at'],
  ['RFC 1918, class A', '10.0.0.53', 'refused', 'at'],
  ['RFC 1918, class B', '172.31.255.1', 'refused', 'at'],
  ['just beside class B', '172.32.0.1', 'at', 'at'],
  ['RFC 1918, class C', '192.168.1.1', 'refused', 'at'],
  ['carrier-grade NAT', '100.64.0.1', 'refused', 'at'],
  ['loopback', '127.0.0.1', 'refused', 'at'],
  ['documentation', '198.51.100.7', 'refused', 'at'],
  ['benchmarks', '198.18.0.1', 'refused', 'at'],
  ['reserved', '240.0.0.1', 'refused', 'at'],
  ['instance metadata', '169.254.169.254', 'refused', 'refused'],
  ['container credentials', '169.254.170.2', 'refused', 'refused'],
  ['this host', '0.0.0.0', 'refused', 'refused'],
  ['this network', '0.1.2.3', 'refused', 'refused'],
  ['broadcast', '255.255.255.255', 'refused', 'refused'],
  ['multicast', '224.0.0.251', 'refused', 'refused'],
  ['octal', '010.0.0.1', 'refused', 'refused'],
  ['short form', '127.1', 'refused', 'refused'],
  ['one number', '2130706433', 'refused', 'refused'],
  ['IPv6', '2001:db8::1', 'refused', 'refused'],
  ['a name', 'localhost', 'refused', 'refused'],
  ['nothing', '', 'refused', 'refused'],
  ['a property of every object', '__proto__', 'refused', 'refused'],
];

test.each(places)('%s: %s', (_, address, byDefault, allowed) => {
  expect(placeOf(address, rules).kind).toBe(byDefault);
  expect(placeOf(address, { ...rules, allowPrivateNameServers: true }).kind).toBe(allowed);
});

test('an address is asked where it is, at the configured port', () => {
  expect(placeOf('8.8.8.8', { ...rules, port: 5353 })).toEqual({ kind: 'at', to: { address: '8.8.8.8', port: 5353 } });
});

describe('with routes', () => {
  const routes = { '198.51.100.1': { address: '127.0.0.1', port: 5301 } };

  test('a routed address is asked at its route, whatever its range', () => {
    expect(placeOf('198.51.100.1', { ...rules, routes })).toEqual({ kind: 'at', to: { address: '127.0.0.1', port: 5301 } });
  });

  test('a public address without a route is not reached', () => {
    expect(placeOf('8.8.8.8', { ...rules, routes })).toEqual({ kind: 'unreachable' });
  });

  test('a private address without a route is refused first', () => {
    expect(placeOf('10.0.0.1', { ...rules, routes })).toEqual({ kind: 'refused' });
  });

  test('a name that every object knows is no route', () => {
    expect(placeOf('constructor', { ...rules, routes })).toEqual({ kind: 'refused' });
  });
});
