// The look at a custom MAIL FROM domain: when it is due, whom it asks, and what raises doubt.
import type { MailRound } from '../../lambda/model/evidence.ts';
import type { Delegation, Lookup, Outcome, Question } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { isMailDoubted, isMailDue, mailRound } from '../../lambda/sweep/mail-look.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';

const DOMAIN = dnsName('bounce.example.com');
const NOW = Date.parse('2026-03-01T12:00:00Z');
const server = (n: number) => ({ role: 'authoritative' as const, name: dnsName(`ns${n}.example.net`), address: `192.0.2.${n}` });
const MX = (...hosts: readonly string[]): Outcome => ({
  kind: 'answer',
  aa: true,
  records: hosts.map((value) => ({ type: 'MX', name: DOMAIN, ttl: 60, preference: 10, value })),
});
const TXT = (...texts: readonly string[]): Outcome => ({
  kind: 'answer',
  aa: true,
  records: texts.map((text) => ({ type: 'TXT', name: DOMAIN, ttl: 60, strings: [text] })),
});
const ABSENT: Outcome = { kind: 'absent', how: 'nodata', aa: true };
const SILENT: Outcome = { kind: 'silent', how: 'timeout' };
const SES = 'feedback-smtp.eu-west-1.amazonses.com';
const SPF = 'v=spf1 include:amazonses.com ~all';

const lookup = (type: Question['type'], outcome: Outcome): Lookup => ({
  server: server(1),
  question: { name: DOMAIN, type },
  outcome,
  at: new Date(NOW).toISOString(),
});
const round = (mx: Outcome, txt: Outcome): MailRound => ({ mx: [lookup('MX', mx)], txt: [lookup('TXT', txt)], servers: 1 });

test.each([
  ['never asked', undefined, true],
  ['asked a moment ago', '2026-03-01T11:55:00.000Z', false],
  ['asked an hour ago', '2026-03-01T11:00:00.000Z', true],
])('%s', (_, mailAskedAt, due) => {
  expect(isMailDue(mailAskedAt === undefined ? undefined : { firstSeenAt: '', unknownSweeps: 0, mailAskedAt }, NOW)).toBe(due);
});

test.each<[string, Outcome, Outcome, boolean]>([
  ['as SES wants it', MX(SES), TXT(SPF), false],
  ['the MX of another SES region', MX('feedback-smtp.us-west-2.amazonses.com'), TXT(SPF), false],
  ['no MX', ABSENT, TXT(SPF), true],
  ['two MX', MX(SES, 'mail.example.com'), TXT(SPF), true],
  ['another MX', MX('mail.example.com'), TXT(SPF), true],
  ['no TXT', MX(SES), ABSENT, true],
  ['a TXT that is no SPF', MX(SES), TXT('google-site-verification=1'), true],
  ['an SPF that lets nobody send', MX(SES), TXT('v=spf1 -all'), true],
  ['an SPF that includes somebody who may include SES', MX(SES), TXT('v=spf1 include:_spf.example.org -all'), false],
  ['silence', SILENT, SILENT, false],
])('%s', (_, mx, txt, doubted) => {
  expect(isMailDoubted(round(mx, txt))).toBe(doubted);
});

test('two servers at most are asked, each address once; a domain that nobody answers for is not judged', async () => {
  const asked: string[] = [];
  const dns = (delegation: Delegation): Dns =>
    ({
      delegation: async () => delegation,
      ask: async ({ address }: { address: string }, { type }: Question) => {
        asked.push(`${address} ${type}`);
        return lookup(type, ABSENT);
      },
    }) as unknown as Dns;
  const delegated: Delegation = {
    kind: 'delegated',
    apex: dnsName('example.com'),
    servers: [server(1), server(1), server(2), server(3)],
    unusable: [],
    source: 'cache',
  };
  expect((await mailRound(DOMAIN, dns(delegated)))?.servers).toBe(3);
  expect(asked.sort()).toEqual(['192.0.2.1 MX', '192.0.2.1 TXT', '192.0.2.2 MX', '192.0.2.2 TXT']);
  expect(await mailRound(DOMAIN, dns({ kind: 'unknown', why: 'resolver-failed', detail: '', lookups: [] }))).toBeUndefined();
});
