// Cases from 41 on: pairs that are easy to confuse, and what was learned while building.
import { DOMAIN, TOKENS } from '../../../sandbox/scenarios/one-shop.ts';
import type { Case } from '../case.ts';

const [FIRST, SECOND, THIRD] = TOKENS;

const own = (number: number, title: string, must: string, scenarios: readonly string[], more: Partial<Case> = {}): Case => ({
  number,
  title,
  source: 'own',
  must,
  scenarios,
  ...more,
});

export const ownCases: readonly Case[] = [
  own(41, 'Only the token was typed as the name', 'Misplaced, without _domainkey.', ['misplaced-without-domainkey', 'own-key-misplaced'], {
    told: [{ scenario: 'misplaced-without-domainkey', mails: 1, says: [`${FIRST}.${DOMAIN}`] }],
  }),
  own(42, 'The two labels of the name were typed the other way round', 'Misplaced, swapped.', ['misplaced-with-labels-swapped']),
  own(43, 'The wrong names were tried first and left there', 'Nothing: the right ones are there.', ['right-and-elsewhere-too'], {
    told: [{ scenario: 'right-and-elsewhere-too', mails: 0 }],
  }),
  own(44, 'Two different troubles of one domain', 'Both, each of its record, in one message.', ['two-troubles-of-one-domain'], {
    mustNot: 'A word about the third record.',
    told: [{ scenario: 'two-troubles-of-one-domain', mails: 1, says: [FIRST, SECOND], never: [THIRD] }],
  }),
  own(45, 'A letter too much in the target', 'A typo, not another provider.', ['wrong-target-typo', 'wrong-target-unrelated']),
  own(
    46,
    'The target holds escape sequences and shell characters',
    'The wrong target, made harmless.',
    ['wrong-target-hostile-bytes', 'key-hostile-bytes'],
    {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not reach a reader.
      told: [{ scenario: 'wrong-target-hostile-bytes', mails: 1, never: [/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/] }],
    },
  ),
  own(
    47,
    'CNAMEs of the owner lead to the right targets over another zone',
    'Nothing: legal.',
    ['chain-that-ends-right', 'own-key-delegated'],
    {
      told: [{ scenario: 'chain-that-ends-right', mails: 0 }],
    },
  ),
  own(
    48,
    'A second CNAME, or other data, beside the right CNAME',
    'Ambiguous, with all values.',
    ['several-cnames', 'cname-beside-text', 'text-before-cname'],
    {
      mustNot: 'Anything where the servers hide the other data.',
      told: [{ scenario: 'several-cnames', says: ['dkim.mail-vendor.net'] }],
    },
  ),
  own(49, 'Other data stands beside the CNAME in the form, and no server shows it', 'Nothing.', ['text-hidden-by-cname']),
  own(50, 'The servers answer CNAME questions and deny TXT', 'TXT cannot be answered; not "missing".', ['txt-denied'], {
    told: [{ scenario: 'txt-denied', mails: 1, says: ['TXT'], never: [/records? (is|are) missing/] }],
  }),
  own(51, 'One of three name servers is lame', 'A notice, and healthy.', ['one-of-three-servers-lame'], {
    mustNot: 'A page.',
    told: [{ scenario: 'one-of-three-servers-lame', mails: 0 }],
  }),
  own(
    52,
    'Half of the name servers, or more, are dead or useless',
    'A warning that names them; the records are right.',
    ['two-of-three-servers-silent', 'one-server-silent', 'one-server-lame', 'one-server-talks-nonsense'],
    { told: [{ scenario: 'one-server-lame', mails: 1, says: ['[WARNING]', 'ns2.hoster-a.net'] }] },
  ),
  own(
    53,
    'Every name server fails or refuses',
    'That the servers are useless, or that nobody can judge.',
    ['servers-servfail', 'servers-lame'],
    {
      mustNot: '"Missing".',
      told: [{ scenario: 'servers-lame', never: [/records? (is|are) missing/] }],
    },
  ),
  own(54, 'A secondary server is stuck, or two servers hold different data', 'Who says what.', [
    'stuck-secondary',
    'split-data',
    'lying-server',
  ]),
  own(
    55,
    'Servers with old habits: no EDNS, TCP only, other capitals, slow, losing packets',
    'Nothing.',
    ['servers-without-edns', 'servers-ignoring-edns', 'servers-truncating', 'servers-folding-case', 'servers-slow', 'packets-get-lost'],
    { told: [{ scenario: 'packets-get-lost', mails: 0 }] },
  ),
  own(
    56,
    'The domain moves while the monitor is asking about it',
    'Nothing false: healthy or unknown, and healthy when it has moved.',
    ['moved-in-mid-sweep', 'moved-with-everything'],
    {
      told: [{ scenario: 'moved-in-mid-sweep', mails: 0 }],
    },
  ),
  own(57, 'SES still looks at the old name servers', 'Both sides: what SES saw, and what the world sees.', ['ses-looks-elsewhere'], {
    told: [{ scenario: 'ses-looks-elsewhere', mails: 1, says: ['ns1.hoster-a.net', 'ns1.new-host.org'] }],
  }),
  own(58, 'SES still sees the records at the old name servers, and nobody else does', 'Missing, although SES says SUCCESS.', [
    'ses-still-sees-the-old-host',
  ]),
  own(59, 'The records are back, and SES has not looked again', 'That SES is behind, not that a record is missing.', [
    'ses-is-behind',
    'ses-looked-again',
    'ses-cannot-verify',
  ]),
  own(60, 'Pending for four days with the records right', 'Overdue.', ['pending-for-four-days']),
  own(61, 'Pending, and the records were never entered', 'The records, as a warning.', ['pending-without-records'], {
    mustNot: 'Critical: no mail is lost by it.',
  }),
  own(62, 'SES gave up: with the right to send, and without', 'Failed; critical only where mail goes out unsigned.', [
    'verification-failed',
    'failed-two-weeks-ago',
  ]),
  own(63, 'SES dropped a set-up that had been verified', 'Revoked: start from the beginning.', ['revoked', 'revoked-to-not-started']),
  own(64, 'The domain may no longer send', 'Sending is lost, with DKIM or without.', ['sending-lost', 'revoked-and-sending-lost']),
  own(65, 'DKIM was never begun', 'Not set up.', ['dkim-never-set-up']),
  own(66, 'Every way to spoil a key', 'What is wrong with it, each by its name.', [
    'key-pem-header',
    'key-line-breaks',
    'key-quotes',
    'key-not-base64',
    'key-not-a-public-key',
    'key-pkcs1-instead-of-spki',
    'key-missing-p',
    'key-duplicate-tag',
    'key-bad-version',
    'key-no-tag-syntax',
  ]),
  own(
    67,
    'Every legal way to write a key',
    'Nothing.',
    [
      'own-key-in-one-piece',
      'own-key-folded',
      'key-written-anew',
      'key-strict',
      'key-for-email',
      'key-for-sha256-too',
      'key-as-configured',
    ],
    {
      told: [{ scenario: 'own-key-folded', mails: 0 }],
    },
  ),
  own(68, 'A key of a type that SES does not sign with', 'Which type.', ['key-ed25519', 'key-ed25519-called-rsa', 'key-elliptic']),
  own(69, 'A short key', 'Too short below 1024 bits; a notice at 1024.', [
    'key-of-768-bits',
    'key-of-512-bits',
    'key-of-1024-bits',
    'easy-key-of-1024-bits',
  ]),
  own(70, 'A key for testing, for other services, for SHA-1 only', 'That receivers do not use it for this mail.', [
    'key-testing',
    'key-testing-and-strict',
    'key-for-other-services',
    'key-for-sha1-only',
  ]),
  own(71, 'Another key than the configured one, or than yesterday’s', 'Which of the two it is.', [
    'key-not-the-configured-one',
    'key-changed',
    'key-changed-against-the-configuration',
  ]),
  own(72, 'SES no longer has a key behind any token', 'The CNAMEs are right, their targets are empty.', [
    'no-target-has-a-key',
    'every-target-is-empty',
  ]),
  own(73, 'An address without its domain', 'A notice.', ['address-beside-domain', 'address-in-another-region']),
  own(
    74,
    'An address under a domain that is broken itself',
    'The domain is told; of the address only that it does not sign, while SES signs for the domain.',
    ['address-under-a-broken-domain', 'address-that-signs-under-a-broken-domain'],
  ),
  own(
    75,
    'One domain, set up in one region and not in the other',
    'Both side by side.',
    ['set-up-in-one-region-only', 'signing-off-in-one-region', 'failed-in-one-region'],
    {
      mustNot: 'A difference where both are alike.',
    },
  ),
  own(76, 'Signing is off in both regions', 'Signing is off, twice; no difference.', ['signing-off-everywhere']),
  own(77, 'A replica cannot be kept', "SES's reason.", [
    'replica-replication-access-denied',
    'replica-replication-primary-not-found',
    'replica-replication-primary-byo-dkim-not-supported',
  ]),
  own(78, 'The MX of the MAIL FROM domain is missing, doubled or wrong', 'Which of them; critical where SES refuses to send.', [
    'mail-from-without-mx',
    'mail-from-without-mx-rejects',
    'mail-from-gone',
    'mail-from-with-two-mx',
    'mail-from-with-mx-of-two-regions',
    'mail-from-with-foreign-mx',
    'mail-from-failed',
  ]),
  own(79, 'The MX of the MAIL FROM domain is another SES region’s, or written otherwise', 'Nothing.', [
    'mail-from-of-another-region',
    'mail-from-in-capitals',
    'mail-from-with-included-spf',
  ]),
  own(80, 'The SPF record of the MAIL FROM domain is missing, or not of SES', 'That SPF is missing.', [
    'mail-from-without-spf',
    'mail-from-with-closed-spf',
  ]),
  own(81, 'The MAIL FROM domain cannot be seen', 'Nothing is missing that nobody could see.', ['mail-from-cannot-be-seen']),
  own(82, 'DKIM is lost under a DMARC policy', 'That mail will be refused, where nothing else keeps DMARC passing.', [
    'lost-under-reject',
    'lost-under-quarantine',
    'lost-under-the-parents-policy',
    'lost-under-reject-with-broken-mail-from',
    'signing-off-under-reject',
  ]),
  own(83, 'DKIM is lost, and DMARC still passes or demands nothing', 'No alarm about DMARC.', [
    'lost-under-reject-with-spf',
    'lost-under-none',
    'lost-without-dmarc',
    'signing-off-under-reject-with-spf',
  ]),
  own(84, 'All is well, under a strict policy or without any', 'Nothing.', ['well-under-reject', 'well-without-dmarc']),
  own(85, 'An account or a region cannot be read', 'Why, and what is missing; nothing about its identities.', [
    'role-refused',
    'ses-denied',
    'ses-throttled',
    'ses-broken',
    'region-off',
  ]),
  own(86, 'An identity is deleted in SES', 'Nothing: an end, not a trouble.', ['identity-deleted'], {
    told: [{ scenario: 'identity-deleted', mails: 0 }],
  }),
  own(87, 'A name server with a private address among others', 'It is not asked; the others are enough.', [
    'one-private-name-server',
    'private-name-servers',
  ]),
];
