import fc from 'fast-check';
import { type DmarcPolicy, dmarcPolicy } from '../../lambda/dkim/dmarc.ts';

const policy = (one: DmarcPolicy['policy'], change: Partial<DmarcPolicy> = {}): DmarcPolicy => ({
  policy: one,
  forSubdomains: one,
  strictSpf: false,
  ...change,
});

/** RFC 7489 §6.3 (tags), §6.4 (grammar), §6.6.3 (which record counts), §6.6.4 (pct). */
describe('a DMARC record', () => {
  test.each<readonly [string, readonly string[], DmarcPolicy | undefined]>([
    ['p=none', ['v=DMARC1; p=none'], policy('none')],
    ['p=quarantine', ['v=DMARC1; p=quarantine'], policy('quarantine')],
    ['p=reject', ['v=DMARC1; p=reject'], policy('reject')],
    ['without spaces, with a last semicolon', ['v=DMARC1;p=reject;'], policy('reject')],
    ['spaces wherever they may be', ['v = DMARC1 ; p = reject ;\taspf = s'], policy('reject', { strictSpf: true })],
    ['values in capitals', ['v=DMARC1; P=REJECT; ASPF=S'], policy('reject', { strictSpf: true })],
    ['tags in another order', ['v=DMARC1; aspf=s; sp=none; p=reject'], policy('reject', { forSubdomains: 'none', strictSpf: true })],
    [
      'reports and other tags',
      ['v=DMARC1; p=reject; rua=mailto:a@example.com; ruf=mailto:b@example.com; fo=1; adkim=s; x=y'],
      policy('reject'),
    ],
    ['sp= stricter', ['v=DMARC1; p=none; sp=reject'], policy('none', { forSubdomains: 'reject' })],
    ['sp= milder', ['v=DMARC1; p=reject; sp=none'], policy('reject', { forSubdomains: 'none' })],
    ['aspf=r', ['v=DMARC1; p=reject; aspf=r'], policy('reject')],
    ['for all mail', ['v=DMARC1; p=reject; pct=100'], policy('reject')],
    ['for some mail', ['v=DMARC1; p=reject; pct=1'], policy('reject')],
    ['for no mail: the next milder', ['v=DMARC1; p=reject; pct=0'], policy('quarantine')],
    ['for no mail, and quarantine', ['v=DMARC1; p=quarantine; sp=reject; pct=0'], policy('none', { forSubdomains: 'quarantine' })],
    ['beside other texts', ['v=spf1 -all', 'google-site-verification=x', 'v=DMARC1; p=reject'], policy('reject')],
    // It is there and asks for nothing:
    ['no p=', ['v=DMARC1; rua=mailto:a@example.com'], policy('none')],
    ['an unknown p=', ['v=DMARC1; p=refuse'], policy('none')],
    ['an unknown sp=', ['v=DMARC1; p=reject; sp=refuse'], policy('none')],
    ['the version alone', ['v=DMARC1'], policy('none')],
    ['two records: neither is applied', ['v=DMARC1; p=reject', 'v=DMARC1; p=reject'], policy('none')],
    // It is none:
    ['nothing', [], undefined],
    ['other texts only', ['v=spf1 -all', ''], undefined],
    ['another version', ['v=DMARC2; p=reject'], undefined],
    ['the version in small letters', ['v=dmarc1; p=reject'], undefined],
    ['the version not first', ['p=reject; v=DMARC1'], undefined],
    ['more behind the version', ['v=DMARC1x; p=reject'], undefined],
    ['no semicolon behind the version', ['v=DMARC1 p=reject'], undefined],
  ])('%s', (_, values, expected) => {
    expect(dmarcPolicy(values)).toEqual(expected);
  });

  test('never throws, and only a record of its own version counts', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.string().map((text) => `v=DMARC1;${text}`),
          ),
          { maxLength: 4 },
        ),
        (values) => {
          const found = dmarcPolicy(values);
          expect(found !== undefined).toBe(
            values.some((value) => value.startsWith('v=DMARC1;') || /^v[ \t]*=[ \t]*DMARC1[ \t]*(;|$)/.test(value)),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('an enormous value is read in part', () => {
    expect(dmarcPolicy([`v=DMARC1; p=reject; ${'x=y; '.repeat(100_000)}`])).toEqual(policy('reject'));
  });
});
