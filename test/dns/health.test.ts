// When a server is given up, and when not: a mistake here turns thousands of identities unknown.
import { createHealth } from '../../lambda/dns/health.ts';
import { dnsName } from '../../lambda/model/names.ts';

const about = (domain: string, type = 'TXT') => ({ server: '192.0.2.1:53', name: dnsName(`tok._domainkey.${domain}`), type });

function health() {
  let wall = 0;
  return { ...createHealth(() => wall), pass: (ms: number) => (wall += ms) };
}

test('one silence is no reason', () => {
  const h = health();
  h.gaveUp(about('a.com'), 'timeout', 0);
  expect(h.deadHow(about('a.com'))).toBeUndefined();
});

test('two silences about one type: dead for that domain and type only', () => {
  const h = health();
  h.answered(about('b.com'), 5);
  h.gaveUp(about('a.com'), 'timeout', 0);
  h.gaveUp(about('a.com'), 'timeout', 0);
  expect(h.deadHow(about('a.com'))).toBe('timeout');
  expect(h.deadHow(about('a.com', 'CNAME'))).toBeUndefined();
  expect(h.deadHow(about('b.com'))).toBeUndefined();
});

test('silences about two types: dead for all of that domain', () => {
  const h = health();
  h.gaveUp(about('a.com'), 'port-closed', 0);
  h.gaveUp(about('a.com', 'CNAME'), 'port-closed', 0);
  expect(h.deadHow(about('a.com', 'SOA'))).toBe('port-closed');
  expect(h.deadHow(about('b.com'))).toBeUndefined();
});

test('silences about two domains and no such answer since: dead for that type', () => {
  const h = health();
  h.gaveUp(about('a.com'), 'timeout', 0);
  h.gaveUp(about('b.com'), 'timeout', 0);
  expect(h.deadHow(about('c.com'))).toBe('timeout');
  expect(h.deadHow(about('c.com', 'CNAME'))).toBeUndefined();
});

test('a server that drops all TXT stays alive for CNAME, and dead for TXT', () => {
  const h = health();
  h.gaveUp(about('a.com'), 'timeout', 0);
  h.gaveUp(about('b.com'), 'timeout', 0);
  h.answered(about('a.com', 'CNAME'), 5);
  expect(h.deadHow(about('c.com', 'CNAME'))).toBeUndefined();
  expect(h.deadHow(about('c.com', 'TXT'))).toBe('timeout');
});

test('the same with two types: dead for all', () => {
  const h = health();
  for (const type of ['TXT', 'CNAME']) for (const domain of ['a.com', 'b.com']) h.gaveUp(about(domain, type), 'timeout', 0);
  expect(h.deadHow(about('c.com', 'SOA'))).toBe('timeout');
});

test('a server that answers others while it is silent about two is alive', () => {
  const h = health();
  h.answered(about('c.com'), 3);
  h.gaveUp(about('a.com'), 'timeout', 0);
  h.gaveUp(about('b.com'), 'timeout', 0);
  expect(h.deadHow(about('c.com'))).toBeUndefined();
});

test('an answer clears what was held against it', () => {
  const h = health();
  h.gaveUp(about('a.com'), 'timeout', 0);
  h.answered(about('a.com'), 1);
  h.gaveUp(about('a.com'), 'timeout', 2);
  expect(h.deadHow(about('a.com'))).toBeUndefined();
});

test('a mark is forgiven after four minutes', () => {
  const h = health();
  h.gaveUp(about('a.com'), 'timeout', 0);
  h.gaveUp(about('b.com'), 'timeout', 0);
  h.pass(240_001);
  expect(h.deadHow(about('c.com'))).toBeUndefined();
  h.gaveUp(about('c.com'), 'timeout', 0);
  expect(h.deadHow(about('d.com'))).toBeUndefined();
});

describe('mercy', () => {
  const server = '192.0.2.1:53';

  test('two tries in vain, and nothing answered meanwhile', () => {
    const h = health();
    expect(h.timedOut(server, 0)).toBe(false);
    expect(h.timedOut(server, 10)).toBe(true);
  });

  test('an answer between the two forgives the first', () => {
    const h = health();
    h.timedOut(server, 0);
    h.answered(about('a.com'), 5);
    expect(h.timedOut(server, 10)).toBe(false);
  });

  test('packets lost while others are answered are no distress', () => {
    const h = health();
    for (let at = 0; at < 1000; at += 10) {
      h.answered(about('a.com'), at + 5);
      if (at % 100 === 0) expect([h.timedOut(server, at), h.timedOut(server, at)]).toEqual([false, false]);
    }
  });

  test('six of twenty lost are, whatever is answered meanwhile', () => {
    const h = health();
    const lost = Array.from({ length: 6 }, (_, i) => {
      for (let other = 0; other < 2; other += 1) h.answered(about('a.com'), i * 100 + other);
      return h.timedOut(server, i * 100 - 50);
    });
    expect(lost).toEqual([false, false, false, false, false, true]);
  });
});

test('five truncated replies within five seconds are a burst', () => {
  const h = health();
  expect([0, 1000, 2000, 3000, 6000, 6100, 6200, 6300].map((at) => h.truncated('s', at))).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
});
