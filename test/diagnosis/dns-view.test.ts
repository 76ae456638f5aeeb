// DNS's side of a check: how many servers say what.
import { dnsView } from '../../lambda/diagnosis/dns-view.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { answer, cname, evidence, KEY, NXDOMAIN, REFUSED, type Scene, SILENT, soaAnswer, TOKENS, txt } from './build.ts';

const view = (scene: Scene = {}) => dnsView(evidence(scene));

test('all is right', () => {
  const { zone, nameServers, records, serials, unknown } = view({ soa: () => soaAnswer(7) });
  expect({ zone, nameServers, serials, unknown }).toEqual({
    zone: 'example.com',
    nameServers: ['ns1.example.net', 'ns2.example.net'],
    serials: [7],
    unknown: undefined,
  });
  expect(records).toHaveLength(3);
  expect(records[0]).toEqual({
    name: `${TOKENS[0]}._domainkey.example.com.`,
    type: 'CNAME',
    expected: `${TOKENS[0]}.dkim.amazonses.com.`,
    state: 'right',
    says: [{ what: 'right', servers: 2 }],
  });
});

test.each<[string, Scene, string, readonly string[]]>([
  [
    'missing',
    { rounds: 2, answer: ({ record }) => (record.token === TOKENS[0] ? NXDOMAIN : undefined) },
    'wrong',
    ['2 not there (NXDOMAIN)'],
  ],
  [
    'wrong',
    { rounds: 2, answer: ({ record }) => (record.token === TOKENS[0] ? answer(cname(record.name, 'typo.dkim.amazonses.com')) : undefined) },
    'wrong',
    ['2 something else: typo.dkim.amazonses.com'],
  ],
  [
    'one silent',
    { answer: ({ server }) => (server === 1 ? SILENT : undefined) },
    'right',
    ['1 right', '1 no answer that counts (time-out)'],
  ],
  ['nobody speaks', { rounds: 2, answer: () => REFUSED }, 'unknown', ['2 no answer that counts (REFUSED)']],
])('%s', (_, scene, state, says) => {
  const [first] = view(scene).records;
  expect(first?.state).toBe(state);
  expect(first?.says.map(({ what, servers }) => `${servers} ${what}`).sort()).toEqual([...says].sort());
});

test('a key that only SES knows is any usable key, a configured one is itself', () => {
  const spoken: Scene = {
    method: 'byodkim',
    answer: ({ record, type }) => (type === 'TXT' ? answer(txt(record.name, `p=${KEY}`)) : undefined),
  };
  expect(view(spoken).records[0]?.expected).toContain('any usable RSA key');
  expect(view({ ...spoken, publicKey: KEY }).records[0]?.expected).toBe(`v=DKIM1; k=rsa; p=${KEY}`);
});

test('a domain that is gone, and nothing to ask about', () => {
  const gone = { kind: 'gone', registrable: dnsName('example.com'), how: 'nxdomain', lookups: [] } as const;
  expect(view({ delegation: gone })).toMatchObject({ records: [], unknown: 'DNS says that example.com does not exist.' });
  const nothing = view({ method: 'none', ses: { status: 'NOT_STARTED' }, identity: { tokens: [] } });
  expect(nothing).toEqual({ nameServers: [], serials: [], records: [] });
});

test('what DNS supplied is made visible', () => {
  const bad = 'evil\u001b[31m.dkim.amazonses.com';
  const { records } = view({ rounds: 2, answer: ({ record }) => answer(cname(record.name, bad)) });
  expect(records[0]?.says[0]?.what).toBe('something else: evil\\u001b[31m.dkim.amazonses.com');
});
