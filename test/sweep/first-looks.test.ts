// The look through the resolvers at first sight: at once for a few, shared by the sweeps of an hour for thousands.
import type { IdentityHistory } from '../../lambda/model/evidence.ts';
import type { Lookup, NameServer, Question, Server } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { type Examinee, examine } from '../../lambda/sweep/examine.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const SERVERS: readonly NameServer[] = [{ role: 'authoritative', name: dnsName('ns1.host.example'), address: '192.0.2.1' }];
const RESOLVER: Server = { role: 'resolver', address: '192.0.2.53' };

/** Every name has the right CNAME, and a key behind it. */
function world({ keyless = false }: { readonly keyless?: boolean } = {}) {
  const looked = new Set<string>();
  const lookup = (server: Server, question: Question): Lookup => ({
    server,
    question,
    outcome: {
      kind: 'answer',
      aa: true,
      records: [
        { type: 'CNAME', name: question.name, ttl: 60, value: dnsName('t.dkim.amazonses.com') },
        ...(keyless ? [] : [{ type: 'TXT' as const, name: dnsName('t.dkim.amazonses.com'), ttl: 60, strings: ['p=MIIB'] }]),
      ],
    },
    at: new Date(NOW).toISOString(),
  });
  const dns: Dns = {
    delegation: async (name) => ({ kind: 'delegated', apex: name, servers: SERVERS, unusable: [], source: 'resolver' }),
    ask: async (server, question) => lookup(server, question),
    askResolvers: async (question) => {
      looked.add(question.name.replace('t._domainkey.', ''));
      return [lookup(RESOLVER, question)];
    },
    validationControl: async () => [],
    serversNamed: async () => [],
    forget: () => {},
    questions: () => 0,
    exportCache: () => ({}),
    importCache: () => {},
    close: () => {},
  };
  return { dns, looked };
}

function examinee(i: number, history: IdentityHistory | undefined): Examinee {
  const domain = dnsName(`customer-${i}.example`);
  const record = {
    type: 'CNAME' as const,
    token: 't',
    name: dnsName(`t._domainkey.${domain}`),
    target: dnsName('t.dkim.amazonses.com'),
  };
  return { key: domain, expectation: { kind: 'records', domain, records: [record], zoneSource: 'api' }, history, fullPanel: false };
}

const look = (dns: Dns, histories: readonly (IdentityHistory | undefined)[], firstLookShare?: number) =>
  examine(
    histories.map((history, i) => examinee(i, history)),
    {
      dns,
      clock: () => NOW,
      sleep: async () => {},
      confirmAfterMs: 1,
      until: NOW + 600_000,
      rotation: 0,
      randomLabel: () => 'x',
      ...(firstLookShare === undefined ? {} : { firstLookShare }),
    },
  );

/** The names that the resolvers were asked about. */
async function sweep(histories: readonly (IdentityHistory | undefined)[], firstLookShare?: number): Promise<ReadonlySet<string>> {
  const { dns, looked } = world();
  const found = await look(dns, histories, firstLookShare);
  expect(new Set([...found.values()].map(({ level }) => level))).toEqual(new Set(['quick']));
  return looked;
}

async function levelsOf(histories: readonly IdentityHistory[], how: { readonly keyless: boolean }): Promise<ReadonlySet<string>> {
  return new Set([...(await look(world(how).dns, histories)).values()].map(({ level }) => level));
}

const seen = (hoursAgo: number): IdentityHistory => ({
  firstSeenAt: '',
  unknownSweeps: 0,
  worldAskedAt: new Date(NOW - hoursAgo * 3_600_000).toISOString(),
});

test('a thousand new ones are all looked at in one sweep, whatever the share', async () => {
  expect(
    (
      await sweep(
        Array.from({ length: 1000 }, () => undefined),
        1 / 12,
      )
    ).size,
  ).toBe(1000);
});

test('of three thousand a thousand; those left come next, and all of them have had their turn in three sweeps', async () => {
  const histories: (IdentityHistory | undefined)[] = Array.from({ length: 3000 }, () => undefined);
  for (const left of [2000, 1000, 0]) {
    for (const name of await sweep(histories, 1 / 12)) histories[Number(/\d+/.exec(name)?.[0])] = seen(0);
    expect(histories.filter((history) => history === undefined)).toHaveLength(left);
  }
  expect((await sweep(histories, 1 / 12)).size).toBe(0);
});

test('a schedule of hours has no later sweep of the hour to leave them to', async () => {
  expect(
    (
      await sweep(
        Array.from({ length: 3000 }, () => undefined),
        1,
      )
    ).size,
  ).toBe(3000);
});

test('what is due again is not what is limited', async () => {
  expect(
    (
      await sweep(
        Array.from({ length: 2500 }, () => seen(25)),
        1 / 12,
      )
    ).size,
  ).toBe(2500);
  expect(
    (
      await sweep(
        Array.from({ length: 2500 }, () => seen(11)),
        1 / 12,
      )
    ).size,
  ).toBe(0);
});

test('a resolver that finds no key for any of those that it was asked about is the one in trouble, however many others there are', async () => {
  const histories = Array.from({ length: 2000 }, (_, i) => seen(i < 40 ? 25 : 1));
  const levels = await levelsOf(histories, { keyless: true });
  expect(levels).toEqual(new Set(['quick']));
  expect(await levelsOf(histories.slice(25), { keyless: true })).toEqual(new Set(['quick', 'panel']));
});
