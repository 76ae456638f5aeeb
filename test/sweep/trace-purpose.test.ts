// Each question of a look, with the reason that people are told and the phase it belongs to.
import type { Purpose } from '../../lambda/diagnosis/trace-words.ts';
import { outcomeInWords, whyAsked } from '../../lambda/diagnosis/trace-words.ts';
import type { Lookup, Outcome, QuestionType, Server } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { TracePhase } from '../../lambda/model/trace.ts';
import { type AskedBy, type Known, phaseOf, purposeOf, type Stage } from '../../lambda/sweep/trace-purpose.ts';

const RECORD = 'abc._domainkey.shop.example.com';
const known: Known = {
  records: new Set([RECORD]),
  apexes: new Set(['example.com']),
  addresses: new Set(['192.0.2.1']),
  labels: ['x0123456789abcdef'],
  mailNames: new Set(['bounce.example.com']),
};
const OURS: Server = { role: 'authoritative', address: '192.0.2.1' };
const RESOLVER: Server = { role: 'resolver', address: '192.0.2.53' };

function lookup(type: QuestionType, name: string, server: Server = OURS, outcome: Outcome = { kind: 'silent', how: 'timeout' }): Lookup {
  return { server, question: { name: dnsName(name), type }, outcome, at: '2026-03-01T12:00:00.000Z' };
}

const cases: readonly (readonly [Lookup, AskedBy | undefined, Stage, Purpose, TracePhase])[] = [
  [lookup('NS', '_domainkey.shop.example.com', RESOLVER), undefined, 'quick', 'zone', 'servers'],
  [lookup('NS', 'example.com', RESOLVER), undefined, 'panel', 'zone-servers', 'servers-anew'],
  [lookup('NS', 'example.com', { role: 'parent', address: '192.0.2.99' }), undefined, 'panel', 'above', 'servers-anew'],
  [lookup('A', 'ns1.example.net', RESOLVER), undefined, 'quick', 'address', 'servers'],
  [lookup('AAAA', 'ns1.example.net', RESOLVER), undefined, 'quick', 'address-ipv6', 'servers'],
  [lookup('NS', 'amazonses.com', RESOLVER), undefined, 'again', 'control', 'second-round'],
  [lookup('TXT', RECORD), 'server', 'quick', 'first-look', 'first-look'],
  [lookup('SOA', 'example.com'), 'server', 'panel', 'version', 'all-servers'],
  [lookup('TXT', RECORD), 'server', 'panel', 'txt', 'all-servers'],
  [lookup('CNAME', RECORD), 'server', 'panel', 'cname', 'all-servers'],
  [lookup('TXT', RECORD), 'server', 'again', 'txt', 'second-round'],
  [lookup('TXT', RECORD, RESOLVER), 'resolvers', 'panel', 'resolvers', 'probes'],
  [lookup('TXT', RECORD, RESOLVER), 'unchecked', 'panel', 'unchecked', 'probes'],
  [lookup('TXT', RECORD, { role: 'authoritative', address: '192.0.2.77' }), 'server', 'panel', 'other-server', 'probes'],
  [lookup('A', RECORD), 'server', 'panel', 'address-instead', 'probes'],
  [lookup('TXT', `${RECORD}.example.com`), 'server', 'panel', 'doubled', 'probes'],
  [lookup('TXT', 'x0123456789abcdef._domainkey.shop.example.com'), 'server', 'panel', 'wildcard', 'probes'],
  [lookup('TXT', 'x01234567.too-long-for-all-of-it.example.com'), 'server', 'panel', 'wildcard', 'probes'],
  [lookup('TXT', 'abc.domainkey.shop.example.com'), 'server', 'panel', 'elsewhere', 'probes'],
  [lookup('TXT', '_domainkey.abc.shop.example.com'), 'server', 'panel', 'elsewhere', 'probes'],
  [lookup('TXT', '_dmarc.example.com', RESOLVER), 'resolvers', 'panel', 'policy', 'probes'],
  [lookup('TXT', 'bounce.example.com'), 'server', 'panel', 'mail-from', 'probes'],
  [lookup('TXT', 'whatever.example.com'), 'server', 'panel', 'other', 'probes'],
];

test.each(cases)('%j asked by %s in %s is about %s', (one, by, stage, purpose, phase) => {
  expect(purposeOf(one, by, stage, known)).toBe(purpose);
  expect(phaseOf(stage, by, purpose)).toBe(phase);
  expect(whyAsked(purpose)).not.toBe('');
});

test.each<[Lookup, string]>([
  [lookup('TXT', RECORD, OURS, { kind: 'answer', aa: true, records: [] }), 'answer'],
  [lookup('TXT', RECORD, OURS, { kind: 'answer', aa: false, records: [] }), 'answer, but without authority'],
  [lookup('TXT', RECORD, RESOLVER, { kind: 'answer', aa: false, records: [] }), 'answer'],
  [lookup('AAAA', 'ns1.example.net', RESOLVER, { kind: 'answer', aa: false, records: [] }), 'there is one'],
  [
    lookup('TXT', RECORD, OURS, { kind: 'absent', how: 'nxdomain', aa: true, soa: dnsName('example.com') }),
    'no such name (NXDOMAIN), says the zone example.com',
  ],
  [lookup('TXT', RECORD, OURS, { kind: 'absent', how: 'nodata', aa: true }), 'no such record at this name (NODATA)'],
  [lookup('NS', 'example.com', OURS, { kind: 'lame', how: 'referral' }), 'refers to other servers'],
  [
    lookup('NS', 'example.com', { role: 'parent', address: '192.0.2.9' }, { kind: 'lame', how: 'referral' }),
    'refers to the servers below it',
  ],
  [lookup('TXT', RECORD, OURS, { kind: 'broken', how: 'servfail' }), 'server failure (SERVFAIL)'],
  [lookup('TXT', RECORD, OURS, { kind: 'silent', how: 'port-closed' }), 'nobody listens there (port closed)'],
  [lookup('TXT', RECORD, OURS, { kind: 'not-asked', how: 'address-refused' }), 'not asked: this is no public address'],
])('in words: %j', (one, words) => {
  expect(outcomeInWords(one)).toBe(words);
});
