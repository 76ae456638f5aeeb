// The lean way, for a server set that loses very many domains at once: when it is taken, what it asks, and what may be told by it.
import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { expectationOf } from '../../lambda/dkim/expectation.ts';
import type { DnsEvidence } from '../../lambda/model/evidence.ts';
import type { Identity } from '../../lambda/model/identity.ts';
import type { DnsRecord, Lookup, NameServer, Outcome, Question, Server } from '../../lambda/model/lookup.ts';
import { type AccountId, type DnsName, dnsName, type Region } from '../../lambda/model/names.ts';
import { type Examinee, examine } from '../../lambda/sweep/examine.ts';
import { PANELS_OF_SERVER_SET } from '../../lambda/sweep/lean-look.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const AT = new Date(NOW).toISOString();
const CROWD = PANELS_OF_SERVER_SET + 20;
const TOKENS = ['a', 'b', 'c'].map((letter) => letter.repeat(32));

const identityOf = (n: number): Identity => ({
  account: '111111111111' as AccountId,
  region: 'eu-west-1' as Region,
  identity: `customer-${n}.com`,
  type: 'domain',
  domain: dnsName(`customer-${n}.com`),
  method: 'easy',
  tokens: TOKENS,
  hostedZone: dnsName('dkim.amazonses.com'),
  ses: { status: 'SUCCESS', signing: true, readAt: AT },
  tags: {},
});

/** What a server says to TXT at a record of a domain, if not that there is no such name. */
type Say = (server: Server, name: DnsName, apex: DnsName) => Outcome | undefined;

const nxdomain = (soa: DnsName, how: 'nxdomain' | 'nodata' = 'nxdomain'): Outcome => ({ kind: 'absent', how, aa: true, soa });
const present = (name: DnsName): Outcome => ({
  kind: 'answer',
  aa: true,
  records: [{ type: 'CNAME', name, ttl: 60, value: `${name.split('.')[0]}.dkim.amazonses.com` }],
});

async function sweep(say: Say, { count = CROWD, servers = 2, moved = false } = {}) {
  const asked: string[] = [];
  const serversNow = (n: number): readonly NameServer[] =>
    Array.from({ length: n }, (_, i) => ({ role: 'authoritative', name: dnsName(`ns${i + 1}.host.example`), address: `192.0.2.${i + 1}` }));
  const apexOf = (name: DnsName): DnsName => dnsName(name.split('.').slice(-2).join('.'));
  const outcome = (server: Server, { name, type }: Question): Outcome => {
    const apex = apexOf(name);
    const soa: DnsRecord = { type: 'SOA', name, ttl: 60, primary: 'ns1.host.example', serial: 1, refresh: 60, minimum: 60 };
    if (type === 'SOA') return { kind: 'answer', aa: true, records: [soa] };
    return (name.includes('._domainkey.customer') ? say(server, name, apex) : undefined) ?? nxdomain(apex);
  };
  const lookup = (server: Server, question: Question): Lookup => {
    asked.push(`${server.address} ${question.type} ${question.name}`);
    return { server, question, outcome: outcome(server, question), at: AT };
  };
  const dns: Dns = {
    delegation: async (name, options) => ({
      kind: 'delegated',
      apex: apexOf(name),
      servers: serversNow(moved && options?.fresh ? servers + 1 : servers),
      unusable: [],
      source: 'resolver',
    }),
    ask: async (server, question) => lookup(server, question),
    askResolvers: async () => [],
    validationControl: async () => [],
    serversNamed: async () => [],
    forget: () => {},
    questions: () => asked.length,
    exportCache: () => ({}),
    importCache: () => {},
    close: () => {},
  };
  const identities = Array.from({ length: count }, (_, n) => identityOf(n));
  const examinees = identities.flatMap((identity): Examinee[] => {
    const expectation = expectationOf(identity, []);
    return expectation.kind === 'records' ? [{ key: identity.identity, expectation, history: undefined, fullPanel: false }] : [];
  });
  const found = await examine(examinees, {
    dns,
    clock: () => NOW,
    sleep: async () => {},
    confirmAfterMs: 1_000,
    until: NOW + 600_000,
    rotation: 0,
    randomLabel: () => 'xrandom',
  });
  const lean = identities.filter(({ identity }) => found.get(identity)?.level === 'lean');
  const verdicts = (those: readonly Identity[]) => [...new Set(those.map((identity) => verdictOf(identity, found.get(identity.identity))))];
  return { asked, identities, lean, found, verdicts };
}

function verdictOf(identity: Identity, dns: DnsEvidence | undefined): string {
  if (dns === undefined) return 'not examined';
  const told = diagnose({ identity, expectation: expectationOf(identity, []), dns, history: undefined, now: AT });
  return told.kind === 'unknown' ? `unknown(${told.reason})` : [told.kind, ...told.findings.map(({ kind }) => kind)].join(' ');
}

const last = (asked: readonly string[], identity: Identity): readonly string[] =>
  asked.filter((line) => line.endsWith(`.${identity.identity}`) || line.endsWith(` ${identity.identity}`));

test('a crowd at one set of servers: some get the full panel, the rest six questions, and all are told', async () => {
  const { asked, identities, lean, verdicts } = await sweep(() => undefined);
  expect(lean).toHaveLength(20);
  expect(verdicts(identities)).toEqual(['broken record-missing']);
  for (const one of lean) {
    const lines = last(asked, one);
    expect(lines).toHaveLength(6);
    // Three of one server, and the same three of the other one.
    expect(new Set(lines.map((line) => line.split(' ').slice(1).join(' '))).size).toBe(3);
    expect(new Set(lines).size).toBe(6);
  }
});

test('as many as can have the full panel have it', async () => {
  expect((await sweep(() => undefined, { count: PANELS_OF_SERVER_SET })).lean).toEqual([]);
});

test('every other server is asked: one of three that still has them, and nothing is told', async () => {
  const { lean, verdicts, asked } = await sweep(({ address }, name) => (address === '192.0.2.3' ? present(name) : undefined), {
    servers: 3,
    count: 3 * CROWD,
  });
  expect(lean.length).toBeGreaterThan(0);
  expect(verdicts(lean)).toEqual(['unknown(unconfirmed)']);
  expect(lean.every((one) => ['192.0.2.1', '192.0.2.2', '192.0.2.3'].every((at) => last(asked, one).some((l) => l.startsWith(at))))).toBe(
    true,
  );
});

test.each<[string, Say, string]>([
  ['the other servers are silent', ({ address }) => (address === '192.0.2.1' ? undefined : { kind: 'silent', how: 'timeout' }), 'unknown'],
  ['the other servers refuse', ({ address }) => (address === '192.0.2.1' ? undefined : { kind: 'lame', how: 'refused' }), 'unknown'],
  ['the second server names another zone', ({ address }) => (address === '192.0.2.1' ? undefined : nxdomain(dnsName('com'))), 'unknown'],
])('one voice is not enough: %s', async (_, say, kind) => {
  const { lean, verdicts } = await sweep(say, { count: 3 * CROWD });
  expect(lean.length).toBeGreaterThan(0);
  expect(verdicts(lean).every((verdict) => verdict.startsWith(kind))).toBe(true);
});

test('the only server there is is asked twice', async () => {
  const { asked, lean, verdicts } = await sweep(() => undefined, { servers: 1 });
  expect(verdicts(lean)).toEqual(['broken record-missing']);
  expect(lean.every((one) => last(asked, one).length === 6)).toBe(true);
});

test.each<[string, Say]>([
  ['the name exists: something else may stand there', (_, __, apex) => nxdomain(apex, 'nodata')],
  ['the zone is not said', () => ({ kind: 'absent', how: 'nxdomain', aa: true })],
  ['the server fails', () => ({ kind: 'broken', how: 'servfail' })],
])('no lean way where more has to be asked: %s', async (_, say) => expect((await sweep(say)).lean).toEqual([]));

test('a domain that has moved in the meantime is left for the full panel', async () => {
  const { lean, identities, verdicts } = await sweep(() => undefined, { moved: true });
  expect(lean).toEqual([]);
  expect(verdicts(identities).sort()).toEqual(['broken record-missing', 'unknown(out-of-time)']);
});
