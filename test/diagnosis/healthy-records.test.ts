import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { answer, cname, evidence, KEY, NXDOMAIN, only, REFUSED, type Scene, SERVFAIL, SILENT, txt } from './build.ts';
import { alone, followed, outcomeOf } from './say.ts';

describe('a healthy identity', () => {
  test.each<[string, Scene]>([
    ['Easy DKIM', {}],
    ['BYODKIM', { method: 'byodkim' }],
    ['BYODKIM with the configured key', { method: 'byodkim', publicKey: KEY }],
    ['a replica', { method: 'deed' }],
    ['at first sight', { history: 'first-sight' }],
    ['one server silent', { answer: only('all', SILENT, { server: 1 }) }],
    ['one server lame', { answer: only('all', REFUSED, { server: 0 }) }],
    ['one server fails TXT, the other answers it', { answer: only('all', SERVFAIL, { server: 0, type: 'TXT' }) }],
    ['absent in the first round, there in the second', { answer: only('all', NXDOMAIN, { round: 1 }) }],
    [
      'a chain that ends at the target within the zone',
      {
        answer: only(0, (record) =>
          answer(cname(record.name, 'x.example.com'), cname('x.example.com', `${record.token}.dkim.amazonses.com`)),
        ),
      },
    ],
    [
      'a chain that only a resolver sees to its end',
      {
        answer: only(0, (record) => answer(cname(record.name, 'x.hosting.example'))),
        resolvers: (record) => [
          answer(
            cname(record.name, 'x.hosting.example'),
            cname('x.hosting.example', `${record.token}.dkim.amazonses.com`),
            txt(`${record.token}.dkim.amazonses.com`, `p=${KEY}`),
          ),
        ],
      },
    ],
    [
      'a selector delegated by CNAME to a good key',
      {
        method: 'byodkim',
        answer: only('all', (record) => answer(cname(record.name, 'k.hosting.example'))),
        resolvers: (record) => [answer(cname(record.name, 'k.hosting.example'), txt('k.hosting.example', `p=${KEY}`))],
      },
    ],
    [
      'an empty TXT behind the CNAME',
      {
        answer: only('all', (record) =>
          answer(cname(record.name, `${record.token}.dkim.amazonses.com`), txt(`${record.token}.dkim.amazonses.com`, '')),
        ),
      },
    ],
    [
      'a revoked key behind the CNAME: SES rotates',
      {
        answer: only('all', (record) =>
          answer(cname(record.name, `${record.token}.dkim.amazonses.com`), txt(`${record.token}.dkim.amazonses.com`, 'p=')),
        ),
      },
    ],
    ['a quick look', { rounds: 1, servers: ['192.0.2.1'], dns: { level: 'quick', soa: [], confirmed: true } }],
  ])('%s', (_, scene) => {
    expect(outcomeOf(scene)).toBe('healthy');
  });
});

test('different records may have different findings, each told once', () => {
  const scene: Scene = {
    answer: (a) => only(0, NXDOMAIN)(a) ?? only(1, (r) => answer(cname(r.name, 'parking.example')))(a),
    resolvers: followed('parking.example'),
  };
  expect(outcomeOf(scene)).toBe('broken record-missing/critical record-wrong-target/critical');
});

test('broken and unknown together is broken', () => {
  expect(outcomeOf({ answer: (a) => only(0, NXDOMAIN)(a) ?? only(1, SILENT)(a) })).toBe('broken record-missing/critical');
});

test('evidence is never more than twenty lookups', () => {
  const servers = Array.from({ length: 13 }, (_, i) => `192.0.2.${i + 1}`);
  expect(alone({ servers, answer: only('all', NXDOMAIN) }, 'record-missing').evidence.length).toBe(20);
});

test('an enormous answer is cut before it is remembered', () => {
  const huge = only(0, (r) =>
    answer(cname(r.name, 'parking.example'), ...Array.from({ length: 300 }, () => txt(r.name, 'x'.repeat(60_000)))),
  );
  const one = alone({ answer: huge, resolvers: followed('parking.example') }, 'record-wrong-target');
  expect(one.evidence.length).toBeGreaterThan(0);
  expect(JSON.stringify(one).length).toBeLessThan(200_000);
});

test('evidence about a former expectation does not count', () => {
  const before = evidence();
  const after = evidence({ identity: { tokens: ['d', 'e', 'f'].map((x) => x.repeat(32)) } });
  expect(diagnose({ ...after, dns: before.dns })).toMatchObject({ kind: 'unknown' });
});
