// Scenarios about the MAIL FROM domain of an identity whose DKIM is in order.
import type { MailFrom } from '../aws/identities.ts';
import type { RecordsAt } from '../dns/dns-world.ts';
import { atMost, broken, HEALTHY, UNDECIDED } from './kinds.ts';
import { DOMAIN, SERVERS, shop, shopScenario } from './one-shop.ts';
import type { Expectation, Scenario, Step } from './plot.ts';

const BOUNCE = `bounce.${DOMAIN}`;
const SPF = 'v=spf1 include:amazonses.com ~all';
const FEEDBACK = 'feedback-smtp.eu-west-1.amazonses.com';

/** What the MAIL FROM domain holds from now on. MAIL FROM is not looked at as often as DKIM. */
const holds = (title: string, records: RecordsAt): Step => ({
  title,
  minutesLater: 120,
  sweeps: 2,
  apply: (s) => {
    s.dns.removeRecord(DOMAIN, 'bounce');
    s.dns.setRecords(DOMAIN, 'bounce', records);
  },
});

function mailFrom(name: string, describe: string, records: RecordsAt, expect: Expectation, options: Partial<MailFrom> = {}): Scenario {
  return shopScenario(name, describe, [holds('The records of the MAIL FROM domain change', records)], expect, {
    identity: shop({ mailFrom: { domain: BOUNCE, ...options } }),
  });
}

const problem = (name: string, severity: 'warning' | 'critical' = 'warning'): Expectation =>
  broken('mail-from-broken', { problem: name }, { severity });

export const mailFromScenarios: readonly Scenario[] = [
  mailFrom('mail-from-without-mx', 'The MX of the MAIL FROM domain is deleted.', { TXT: SPF }, problem('mx-missing')),
  mailFrom(
    'mail-from-without-mx-rejects',
    'The MX is deleted, and SES was told to refuse mail in that case: nothing goes out.',
    { TXT: SPF },
    problem('mx-missing', 'critical'),
    { behavior: 'REJECT_MESSAGE' },
  ),
  mailFrom('mail-from-gone', 'Everything at the MAIL FROM domain is deleted.', {}, problem('mx-missing')),
  mailFrom(
    'mail-from-with-two-mx',
    'A second MX stands beside the right one: SES demands exactly one.',
    { MX: [`10 ${FEEDBACK}`, '20 mail.northwind-shop.com'], TXT: SPF },
    problem('mx-several'),
  ),
  mailFrom(
    'mail-from-with-mx-of-two-regions',
    'Two MX, each of an SES region: still one too many.',
    { MX: [`10 ${FEEDBACK}`, '10 feedback-smtp.us-east-1.amazonses.com'], TXT: SPF },
    problem('mx-several'),
  ),
  mailFrom(
    'mail-from-with-foreign-mx',
    'The MX names a server that is not of SES.',
    { MX: '10 mail.northwind-shop.com', TXT: SPF },
    problem('mx-wrong'),
  ),
  mailFrom(
    'mail-from-of-another-region',
    "The MX names another SES region's server: legitimate.",
    { MX: '10 feedback-smtp.us-east-1.amazonses.com', TXT: SPF },
    HEALTHY,
  ),
  mailFrom(
    'mail-from-in-capitals',
    'The MX in capitals with another preference, and a longer SPF record.',
    { MX: `5 ${FEEDBACK.toUpperCase()}`, TXT: ['v=spf1 include:_spf.mail-vendor.net include:amazonses.com -all', 'site-verification=1'] },
    HEALTHY,
  ),
  mailFrom('mail-from-without-spf', 'The SPF record is deleted.', { MX: `10 ${FEEDBACK}` }, problem('spf-missing')),
  mailFrom(
    'mail-from-with-closed-spf',
    'The SPF record allows nobody to send.',
    { MX: `10 ${FEEDBACK}`, TXT: 'v=spf1 -all' },
    broken('mail-from-broken'),
  ),
  mailFrom(
    'mail-from-with-included-spf',
    'An SPF record that includes what may allow SES in its turn: that is not for a monitor to say.',
    { MX: `10 ${FEEDBACK}`, TXT: 'v=spf1 include:_spf.mail-vendor.net ~all' },
    HEALTHY,
  ),
  shopScenario(
    'mail-from-failed',
    'The records of the MAIL FROM domain are right, and SES has given up on it.',
    [],
    problem('ses-status'),
    { identity: shop({ mailFrom: { domain: BOUNCE, status: 'FAILED' } }) },
  ),
  shopScenario(
    'mail-from-cannot-be-seen',
    'The servers no longer answer about the MAIL FROM domain: what cannot be seen is not missing.',
    [
      {
        title: 'The servers fall silent about the MAIL FROM domain',
        minutesLater: 120,
        sweeps: 2,
        apply: (s) => void s.dns.behave({ servers: SERVERS, names: [BOUNCE], behaviour: { kind: 'silent' } }),
      },
    ],
    atMost([], UNDECIDED),
  ),
];
