// The tracer over a DNS that is written down: every question in its phase, with its reason, in the order in which it was answered.
import type { Expectation } from '../../lambda/model/expectation.ts';
import type { Lookup, NameServer, Outcome, Question, Server } from '../../lambda/model/lookup.ts';
import { type DnsName, dnsName } from '../../lambda/model/names.ts';
import { examine } from '../../lambda/sweep/examine.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';
import { createTracer, type Tracer } from '../../lambda/sweep/tracer.ts';

const APEX = dnsName('example.com');
const AT = '2026-03-01T12:00:00.000Z';
const NXDOMAIN: Outcome = { kind: 'absent', how: 'nxdomain', aa: true, soa: APEX };
const RECORD = {
  type: 'CNAME',
  token: 'abc',
  name: dnsName('abc._domainkey.example.com'),
  target: dnsName('abc.dkim.amazonses.com'),
} as const;
const EXPECTATION: Expectation & { kind: 'records' } = { kind: 'records', domain: APEX, records: [RECORD], zoneSource: 'table' };
const SERVERS: readonly NameServer[] = [1, 2].map((n) => ({
  role: 'authoritative',
  name: dnsName(`ns${n}.example.net`),
  address: `192.0.2.${n}`,
}));

/** A room whose servers answer as told; what it asks by itself are one NS at the resolver and, anew, one at a parent. */
function room(tracer: Tracer, says: (question: Question) => Outcome): Dns {
  const hear = (server: Server, question: Question, outcome: Outcome): Lookup => {
    const lookup: Lookup = { server, question, outcome, at: AT };
    tracer.heard(lookup, { packets: 1, ms: 3 });
    return lookup;
  };
  const nowhere = (): never => {
    throw new Error('not of use here');
  };
  return {
    ...{ serversNamed: async () => [] },
    async delegation(name: DnsName, options) {
      hear({ role: 'resolver', address: '192.0.2.53' }, { name, type: 'NS' }, { kind: 'absent', how: 'nodata', aa: false, soa: APEX });
      hear({ role: 'resolver', address: '192.0.2.53' }, { name: dnsName('ns1.example.net'), type: 'A' }, NXDOMAIN);
      if (options?.fresh === true)
        hear({ role: 'parent', address: '192.0.2.99' }, { name: APEX, type: 'NS' }, { kind: 'lame', how: 'referral' });
      return { kind: 'delegated', apex: APEX, servers: SERVERS, unusable: [], source: 'resolver' };
    },
    ask: async (server, question) => hear(server, question, says(question)),
    askResolvers: async (question) => [hear({ role: 'resolver', address: '192.0.2.53' }, question, says(question))],
    validationControl: async () => [],
    forget: () => {},
    questions: () => 0,
    exportCache: nowhere,
    importCache: nowhere,
    close: () => {},
  };
}

async function traced(says: (question: Question) => Outcome, tracer = createTracer()) {
  const world = tracer.watch({ dns: room(tracer, says), sleep: async () => {}, randomLabel: () => 'x0123456789abcdef' }, EXPECTATION);
  const examinee = { key: 'k', expectation: EXPECTATION, history: undefined, fullPanel: true };
  await examine([examinee], { ...world, clock: () => 0, confirmAfterMs: 1, until: 1000, rotation: 0, firstLook: true });
  return tracer.trace();
}

const right: Outcome = { kind: 'answer', aa: true, records: [{ type: 'CNAME', name: RECORD.name, ttl: 60, value: RECORD.target }] };
const soa: Outcome = {
  kind: 'answer',
  aa: true,
  records: [{ type: 'SOA', name: APEX, ttl: 60, primary: 'ns1.example.net', serial: 4, refresh: 1, minimum: 1 }],
};

test('a healthy domain: who answers, a first look, the same anew, all servers', async () => {
  const { entries, omitted } = await traced(({ type }) => (type === 'SOA' ? soa : right));
  expect(omitted).toBe(0);
  const records = entries.filter(({ phase }) => phase !== 'probes' && phase !== 'second-round');
  expect(records.map(({ phase, question, server }) => `${phase}: ${question} at ${server}`)).toEqual([
    'servers: NS _domainkey.example.com at 192.0.2.53',
    'servers: A ns1.example.net at 192.0.2.53',
    expect.stringMatching(/^first-look: TXT abc\._domainkey\.example\.com at ns\d/),
    'servers-anew: NS _domainkey.example.com at 192.0.2.53',
    'servers-anew: A ns1.example.net at 192.0.2.53',
    'servers-anew: NS example.com at 192.0.2.99',
    'all-servers: SOA example.com at ns1.example.net (192.0.2.1)',
    'all-servers: SOA example.com at ns2.example.net (192.0.2.2)',
    'all-servers: TXT abc._domainkey.example.com at ns1.example.net (192.0.2.1)',
    'all-servers: TXT abc._domainkey.example.com at ns2.example.net (192.0.2.2)',
  ]);
  expect(entries[0]).toMatchObject({ packets: 1, ms: 3, at: AT, role: 'resolver', remarks: [] });
  expect(entries[5]?.outcome).toBe('refers to the servers below it');
});

test('a missing record: probes with their reasons, and the second round', async () => {
  const { entries } = await traced(({ type }) => (type === 'SOA' ? soa : NXDOMAIN));
  const why = (phase: string) => entries.filter((one) => one.phase === phase).map((one) => `${one.question}: ${one.why}`);
  expect(why('probes')).toEqual(
    expect.arrayContaining([
      'TXT x0123456789abcdef._domainkey.example.com: a name nobody has published: does a wildcard answer for everything?',
      'TXT abc._domainkey.example.com: what do the resolvers hand out to the world?',
      'TXT abc._domainkey.example.com.example.com: was the domain appended to the name?',
    ]),
  );
  expect(why('second-round')).toEqual(
    expect.arrayContaining([
      'SOA example.com: does this server speak for the zone, and which version has it?',
      'TXT abc._domainkey.example.com: what do SES and mailbox providers get, who ask for TXT?',
    ]),
  );
  expect(new Set(entries.slice(-2).map(({ phase }) => phase))).toEqual(new Set(['second-round']));
});

test('a CNAME is asked for only where TXT left it open', async () => {
  const { entries } = await traced(({ type }) => (type === 'SOA' ? soa : type === 'CNAME' ? right : { kind: 'broken', how: 'servfail' }));
  const cname = entries.find((one) => one.question.startsWith('CNAME'));
  expect(cname).toMatchObject({
    phase: 'all-servers',
    why: 'the answer to TXT left it open: is there a CNAME?',
    answers: ['CNAME abc.dkim.amazonses.com.'],
  });
});

test('hostile answers come out harmless, and a flood is counted', async () => {
  const tracer = createTracer();
  const evil: Outcome = { kind: 'answer', aa: true, records: [{ type: 'TXT', name: 'x', ttl: 1, strings: ['\u001b[2J'] }] };
  const { entries } = await traced(({ type }) => (type === 'SOA' ? soa : evil), tracer);
  expect(entries.flatMap(({ answers }) => answers).join('')).not.toContain('\u001b');
  expect(entries.flatMap(({ answers }) => answers)).toContain('TXT "\\u001b[2J"');
  const flood: Lookup = {
    server: { role: 'resolver', address: '192.0.2.53' },
    question: { name: APEX, type: 'NS' },
    outcome: NXDOMAIN,
    at: AT,
  };
  const before = entries.length;
  for (let i = 0; i < 2500; i += 1) tracer.heard(flood, { packets: 1, ms: 0 });
  const after = tracer.trace();
  expect([after.entries.length, after.omitted]).toEqual([2000, before + 500]);
});

test('watching changes nothing of what is seen', async () => {
  const tracer = createTracer();
  const dns = room(tracer, () => right);
  const watched = tracer.watch({ dns, sleep: async () => {}, randomLabel: () => 'x' }, EXPECTATION);
  expect(Object.keys(watched.dns).sort()).toEqual(Object.keys(dns).sort());
  expect(watched.randomLabel()).toBe('x');
});
