import { EXAMPLE_SUBJECT } from '../../lambda/diagnosis/catalog/example.ts';
import { wordsFor } from '../../lambda/diagnosis/catalog.ts';
import type { DnsEvidence, MailRound } from '../../lambda/model/evidence.ts';
import type { SesFacts } from '../../lambda/model/identity.ts';
import type { DnsRecord, Outcome } from '../../lambda/model/lookup.ts';
import { dnsName, type Region } from '../../lambda/model/names.ts';
import { APEX, answer, cname, lookup, NODATA, NXDOMAIN, only, REFUSED, type Scene, SERVFAIL, SILENT, serverOf, txt } from './build.ts';
import { alone, among, type Case, outcomeOf } from './say.ts';

const DOMAIN = dnsName('bounce.example.com');
const mx = (...exchanges: readonly string[]): Outcome =>
  answer(...exchanges.map((value): DnsRecord => ({ type: 'MX', name: DOMAIN, ttl: 300, preference: 10, value })));
const OURS = 'feedback-smtp.eu-west-1.amazonses.com';
const SPF = answer(txt(DOMAIN, 'v=spf1 include:amazonses.com ~all'));

/** What two servers (or as many as there are outcomes) say in one round. */
function round(mxOutcomes: readonly Outcome[], txtOutcomes: readonly Outcome[] = [SPF, SPF], servers = mxOutcomes.length): MailRound {
  const ask = (outcomes: readonly Outcome[], type: 'MX' | 'TXT') =>
    outcomes.map((outcome, i) => lookup(serverOf(i, `192.0.2.${i + 1}`), DOMAIN, type, outcome));
  return { mx: ask(mxOutcomes, 'MX'), txt: ask(txtOutcomes, 'TXT'), servers };
}
const mailFrom = (status = 'SUCCESS', rejects = false): NonNullable<SesFacts['mailFrom']> => ({ domain: DOMAIN, status, rejects });
const seen = (first: MailRound, second: MailRound | undefined = first): Partial<DnsEvidence> => ({
  mail: second === undefined ? { first } : { first, second },
});
/** Both rounds alike. */
const mail = (mxOutcomes: readonly Outcome[], txtOutcomes?: readonly Outcome[], ses = mailFrom()): Scene => ({
  ses: { mailFrom: ses },
  dns: seen(round(mxOutcomes, txtOutcomes)),
});
const GOOD = [mx(OURS), mx(OURS)];

describe('mail-from-broken', () => {
  test.each<readonly [string, Scene, string]>([
    ['no MX', mail([NODATA, NODATA]), 'mx-missing'],
    ['no such name', mail([NXDOMAIN, NXDOMAIN], [NXDOMAIN, NXDOMAIN]), 'mx-missing'],
    ['no MX on the only server', mail([NODATA], [SPF]), 'mx-missing'],
    ['two', mail([mx(OURS, 'mx.example.net'), mx(OURS, 'mx.example.net')]), 'mx-several'],
    [
      'two of SES',
      mail([mx(OURS, 'feedback-smtp.us-east-1.amazonses.com'), mx(OURS, 'feedback-smtp.us-east-1.amazonses.com')]),
      'mx-several',
    ],
    ['another host', mail([mx('mx.example.net'), mx('mx.example.net')]), 'mx-wrong'],
    [
      'for incoming mail of SES',
      mail([mx('inbound-smtp.eu-west-1.amazonaws.com'), mx('inbound-smtp.eu-west-1.amazonaws.com')]),
      'mx-wrong',
    ],
    ['another host, the second server silent', mail([mx('mx.example.net'), SILENT]), 'mx-wrong'],
    ['no SPF record', mail(GOOD, [NODATA, NODATA]), 'spf-missing'],
    ['another text only', mail(GOOD, [answer(txt(DOMAIN, 'hello')), answer(txt(DOMAIN, 'hello'))]), 'spf-missing'],
    [
      'an SPF record that lets nobody send',
      mail(GOOD, [answer(txt(DOMAIN, 'v=spf1 -all')), answer(txt(DOMAIN, 'v=spf1 -all'))]),
      'spf-missing',
    ],
    ['SES says FAILED, and the records are right', mail(GOOD, undefined, mailFrom('FAILED')), 'ses-status'],
    ['SES doubts, and DNS was not asked', { ses: { mailFrom: mailFrom('TEMPORARY_FAILURE') } }, 'ses-status'],
    ['SES doubts, and nobody answers', mail([SILENT, SILENT], [SILENT, SILENT], mailFrom('TEMPORARY_FAILURE')), 'ses-status'],
    ['SES says PENDING, and the MX is missing', mail([NODATA, NODATA], undefined, mailFrom('PENDING')), 'mx-missing'],
  ])('%s', (_, scene, problem) => {
    const one = alone(scene, 'mail-from-broken');
    expect([one.facts.problem, one.severity]).toEqual([problem, 'warning']);
    const rejecting: Scene = { ...scene, ses: { ...scene.ses, mailFrom: { ...(scene.ses?.mailFrom ?? mailFrom()), rejects: true } } };
    // SES falls back on itself for a broken MX alone.
    expect(alone(rejecting, 'mail-from-broken').severity).toBe(problem === 'spf-missing' ? 'warning' : 'critical');
  });

  test.each<Case>([
    ['all well', mail(GOOD), 'healthy'],
    [
      'an MX of another region of SES',
      mail([mx('feedback-smtp.us-east-1.amazonses.com'), mx('feedback-smtp.us-east-1.amazonses.com')]),
      'healthy',
    ],
    ['all includes are trusted', mail(GOOD, [answer(txt(DOMAIN, 'v=spf1 include:spf.example.net -all')), SPF]), 'healthy'],
    ['everybody may send', mail(GOOD, [answer(txt(DOMAIN, 'v=spf1 +all')), answer(txt(DOMAIN, 'v=spf1 all'))]), 'healthy'],
    ['one of two servers lacks it', mail([NODATA, mx(OURS)], [NODATA, SPF]), 'healthy'],
    ['only one of two servers speaks', mail([NODATA, SILENT], [NODATA, SILENT]), 'healthy'],
    ['the servers give two values', mail([mx(OURS), mx('mx.example.net')]), 'healthy'],
    ['silence', mail([SILENT, SILENT], [SILENT, SILENT]), 'healthy'],
    ['failures', mail([SERVFAIL, REFUSED], [SERVFAIL, REFUSED]), 'healthy'],
    [
      'a CNAME leads out of the zone',
      mail(
        [answer(cname(DOMAIN, 'x.hosting.example')), answer(cname(DOMAIN, 'x.hosting.example'))],
        [answer(cname(DOMAIN, 'x.hosting.example')), answer(cname(DOMAIN, 'x.hosting.example'))],
      ),
      'healthy',
    ],
    [
      'gone in the first round, there in the second',
      { ses: { mailFrom: mailFrom() }, dns: seen(round([NODATA, NODATA]), round(GOOD)) },
      'healthy',
    ],
    [
      'there in the first round, gone in the second',
      { ses: { mailFrom: mailFrom() }, dns: seen(round(GOOD), round([NODATA, NODATA])) },
      'healthy',
    ],
    [
      'silence in the second round',
      { ses: { mailFrom: mailFrom() }, dns: seen(round([NODATA, NODATA]), round([SILENT, SILENT])) },
      'healthy',
    ],
    ['not confirmed', { ...mail([NODATA, NODATA]), rounds: 1 }, 'healthy'],
    [
      'a quick look confirms nothing',
      { ses: { mailFrom: mailFrom() }, rounds: 1, dns: { mail: { first: round([NODATA, NODATA]) }, level: 'quick', confirmed: true } },
      'healthy',
    ],
    ['it was not its turn', { ses: { mailFrom: mailFrom() } }, 'healthy'],
    ['a status nobody knows', { ses: { mailFrom: mailFrom('SIDEWAYS') } }, 'healthy'],
    ['pending, records right', mail(GOOD, undefined, mailFrom('PENDING')), 'healthy mail-from-broken/notice'],
    ['pending, and mail is refused meanwhile', mail(GOOD, undefined, mailFrom('PENDING', true)), 'broken mail-from-broken/warning'],
    [
      'pending, and there is no mail to be refused yet',
      { ...mail(GOOD), ses: { verifiedForSending: false, mailFrom: mailFrom('PENDING', true) } },
      'healthy mail-from-broken/notice',
    ],
    ['pending, nobody knows how the records are', { ses: { mailFrom: mailFrom('PENDING') } }, 'healthy'],
    ['none is set', { dns: seen(round([NODATA, NODATA])) }, 'healthy'],
    [
      'an address',
      { ...mail([NODATA, NODATA]), method: 'none', identity: { type: 'address', identity: 'me@example.com', tokens: [] } },
      'healthy',
    ],
    [
      'beside a missing record: both are told',
      { ...mail([NODATA, NODATA]), answer: only(0, NXDOMAIN) },
      'broken record-missing/critical mail-from-broken/warning',
    ],
    [
      'the domain is gone: that is why',
      { ...mail([NODATA, NODATA]), delegation: { kind: 'gone', registrable: APEX, how: 'nxdomain', lookups: [] } },
      'broken domain-gone/critical',
    ],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('known from before: one look is enough', () => {
    const scene: Scene = { ses: { mailFrom: mailFrom() }, rounds: 1, dns: { mail: { first: round([NODATA, NODATA]) }, confirmed: true } };
    expect(outcomeOf(scene)).toBe('broken mail-from-broken/warning');
  });

  test('says what is there, and which records to publish', () => {
    const both = [
      { type: 'MX', name: DOMAIN, exchange: OURS },
      { type: 'SPF', name: DOMAIN },
    ];
    const wrong = alone(mail([mx('mx.example.net'), mx('mx.example.net')]), 'mail-from-broken');
    expect(wrong.facts).toEqual({
      domain: DOMAIN,
      problem: 'mx-wrong',
      status: 'SUCCESS',
      rejects: false,
      found: ['mx.example.net'],
      spfMissing: false,
    });
    expect(wrong.records).toEqual(both.slice(0, 1));
    expect(wrong.zone).toBe('example.com');
    expect(wrong.evidence.length).toBe(4);
    expect(alone(mail([NODATA, NODATA], [NODATA, NODATA]), 'mail-from-broken')).toMatchObject({
      facts: { spfMissing: true },
      records: both,
    });
    expect(alone(mail(GOOD, [NODATA, NODATA]), 'mail-from-broken').records).toEqual(both.slice(1));
    expect(alone(mail(GOOD, undefined, mailFrom('FAILED')), 'mail-from-broken').records).toEqual(both);
    expect(
      among({ ses: { mailFrom: { ...mailFrom('FAILED'), domain: dnsName('bounce.other.example') } } }, 'mail-from-broken').zone,
    ).toBeUndefined();
  });
});

describe('in the sovereign cloud, whose feedback hosts nobody knows', () => {
  const there = { region: 'eusc-de-east-1' as Region, hostedZone: dnsName('dkim.eusc-de-east-1.amazonses.eu') };
  const host = mx('feedback-smtp.eusc-de-east-1.amazonses.eu');
  test.each<Case>([
    ['a host that may be right', { ...mail([host, host]), identity: there }, 'healthy'],
    ['somebody else', { ...mail([mx('mx.example.net'), mx('mx.example.net')]), identity: there }, 'broken mail-from-broken/warning'],
    ['none', { ...mail([NODATA, NODATA]), identity: there }, 'broken mail-from-broken/warning'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('no MX record is made up: the reader is sent to where SES shows it', () => {
    const one = alone({ ...mail([NODATA, NODATA]), identity: there }, 'mail-from-broken');
    expect(one.records).toEqual([]);
    expect(wordsFor(one, EXAMPLE_SUBJECT).fix.join(' ')).toContain('the SES console shows it');
  });
});
