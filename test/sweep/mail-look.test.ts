// The look at a custom MAIL FROM domain: when it is due, whom it asks, and what raises doubt.
import type { MailRound } from '../../lambda/model/evidence.ts';
import type { Delegation, Lookup, Outcome, Question } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { isMailDoubted, isMailDue, type MailAsking, mailRound } from '../../lambda/sweep/mail-look.ts';
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
const CNAME: Outcome = { kind: 'answer', aa: true, records: [{ type: 'CNAME', name: DOMAIN, ttl: 60, value: 'bounce.vendor.example' }] };
const SES = 'feedback-smtp.eu-west-1.amazonses.com';
const SPF = 'v=spf1 include:amazonses.com ~all';

const lookup = (type: Question['type'], outcome: Outcome): Lookup => ({
  server: server(1),
  question: { name: DOMAIN, type },
  outcome,
  at: new Date(NOW).toISOString(),
});
const round = (mx: Outcome, txt: Outcome): MailRound => ({ mx: [lookup('MX', mx)], txt: [lookup('TXT', txt)], servers: 1 });

const asked = (mailAskedAt: number | undefined) =>
  mailAskedAt === undefined ? undefined : { firstSeenAt: '', unknownSweeps: 0, mailAskedAt: new Date(mailAskedAt).toISOString() };

test('asked at first sight, and then once an hour', () => {
  expect(isMailDue('example.com', asked(undefined), NOW)).toBe(true);
  let last: number | undefined;
  const times: number[] = [];
  for (let now = NOW; now < NOW + 24 * 3_600_000; now += 300_000)
    if (isMailDue('example.com', asked(last), now)) {
      times.push(now);
      last = now;
    }
  // The first one is out of turn.
  expect(times).toHaveLength(25);
  expect(new Set(times.slice(2).map((at, i) => at - (times[i + 1] ?? 0)))).toEqual(new Set([3_600_000]));
});

test('identities that were all asked together are spread over the sweeps of the next hour', () => {
  const names = Array.from({ length: 1200 }, (_, i) => `customer-${i}.com`);
  const counts = Array.from({ length: 12 }, (_, sweep) => {
    const [before, now] = [NOW + sweep * 300_000, NOW + (sweep + 1) * 300_000];
    return names.filter((name) => !isMailDue(name, asked(NOW), before) && isMailDue(name, asked(NOW), now)).length;
  });
  expect(counts.reduce((sum, n) => sum + n)).toBe(1200);
  expect(Math.max(...counts)).toBeLessThan(200);
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
  ['a CNAME that leads elsewhere', CNAME, CNAME, false],
  ['a CNAME, and an MX at its end that is wrong', MX('mail.example.com'), CNAME, true],
  ['a CNAME beside an SPF that lets nobody send', CNAME, TXT('v=spf1 -all'), true],
  ['silence', SILENT, SILENT, false],
])('%s', (_, mx, txt, doubted) => {
  expect(isMailDoubted(round(mx, txt))).toBe(doubted);
});

test('two servers are asked, each address once, and others each hour; a panel asks four, always the same', async () => {
  const lines: string[] = [];
  const dns = (delegation: Delegation): Dns =>
    ({
      delegation: async () => delegation,
      ask: async ({ address }: { address: string }, { type }: Question) => {
        lines.push(`${address} ${type}`);
        return lookup(type, ABSENT);
      },
    }) as unknown as Dns;
  const delegated: Delegation = {
    kind: 'delegated',
    apex: dnsName('example.com'),
    servers: [server(1), server(1), server(2), server(3), server(4), server(5)],
    unusable: [],
    source: 'cache',
  };
  const askedBy = async (asking: MailAsking): Promise<readonly string[]> => {
    lines.length = 0;
    expect((await mailRound(DOMAIN, dns(delegated), asking))?.servers).toBe(5);
    return [...lines].sort();
  };
  const hours: (readonly string[])[] = [];
  for (let hour = 0; hour < 5; hour += 1) hours.push(await askedBy({ by: 'look', now: NOW + hour * 3_600_000 }));
  expect(hours.every((one) => one.length === 4)).toBe(true);
  expect(new Set(hours.flat()).size).toBe(10);
  const panel = [1, 2, 3, 4].flatMap((n) => [`192.0.2.${n} MX`, `192.0.2.${n} TXT`]);
  expect(await askedBy({ by: 'panel' })).toEqual(panel);
  expect(await askedBy({ by: 'panel', newSocket: true })).toEqual(panel);
  const unknown: Delegation = { kind: 'unknown', why: 'resolver-failed', detail: '', lookups: [] };
  expect(await mailRound(DOMAIN, dns(unknown), { by: 'panel' })).toBeUndefined();
});
