// Scenarios in which the records were entered under a wrong name, and one in which that only seems so.
import { tokensFor } from '../aws/identities.ts';
import { DMARC } from './estate.ts';
import { broken, HEALTHY } from './kinds.ts';
import { ACCOUNT, DOMAIN, here, NEWS, publishAt, REGION, SELECTOR, SERVERS, shopScenario, TOKENS, wellKept } from './one-shop.ts';
import { GOOD, OWN_KEY } from './own-keys.ts';

/** The three records stand at these names, relative to the zone, and not where they belong. */
function misplaced(name: string, describe: string, how: string, relative: (token: string) => string) {
  return shopScenario(
    name,
    describe,
    [{ title: 'The records are entered anew, under other names', apply: publishAt(relative) }],
    broken(
      'record-misplaced',
      { found: TOKENS.map((token) => ({ name: `${token}._domainkey.${DOMAIN}`, foundAt: `${relative(token)}.${DOMAIN}`, how })) },
      { severity: 'critical' },
    ),
  );
}

export const misplacedRecords = [
  misplaced(
    'misplaced-without-underscore',
    'The DNS host refuses underscores, so somebody left it out.',
    'no-underscore',
    (token) => `${token}.domainkey`,
  ),
  misplaced('misplaced-without-domainkey', 'Only the token was typed as the name.', 'without-domainkey', (token) => token),
  misplaced(
    'misplaced-with-labels-swapped',
    'The two labels were typed the other way round.',
    'labels-swapped',
    (token) => `_domainkey.${token}`,
  ),
  shopScenario(
    'misplaced-under-the-parent',
    'The identity is a subdomain inside the zone of the domain above it, and the names were typed as if the zone were the identity.',
    [
      {
        title: 'The records of the subdomain are entered anew, relative to the wrong domain',
        apply: (s) => {
          for (const token of tokensFor(NEWS, REGION)) {
            s.dns.removeRecord('tailwind-toys.com', `${token}._domainkey.news`);
            s.dns.setRecord('tailwind-toys.com', `${token}._domainkey`, 'CNAME', `${token}.dkim.amazonses.com`);
          }
        },
      },
    ],
    {
      [`${ACCOUNT}/${REGION}/${NEWS}`]: broken('record-misplaced', {
        found: tokensFor(NEWS, REGION).map((token) => ({ foundAt: `${token}._domainkey.tailwind-toys.com`, how: 'under-parent' })),
      }),
    },
    { zones: { 'tailwind-toys.com': { ns: SERVERS, records: DMARC } }, more: [here(wellKept(NEWS))] },
  ),
  misplaced(
    'misplaced-under-the-child',
    'The names were typed as if a subdomain were the identity.',
    'under-child',
    (token) => `${token}._domainkey.mail`,
  ),
  shopScenario(
    'one-of-three-misplaced',
    'Two records are right; the third one lacks its _domainkey.',
    [
      {
        title: 'One record is entered anew, under another name',
        apply: (s) => {
          s.dns.removeRecord(DOMAIN, `${TOKENS[0]}._domainkey`);
          s.dns.setRecord(DOMAIN, TOKENS[0], 'CNAME', `${TOKENS[0]}.dkim.amazonses.com`);
        },
      },
    ],
    broken('record-misplaced', { found: [{ foundAt: `${TOKENS[0]}.${DOMAIN}`, how: 'without-domainkey' }] }),
  ),
  shopScenario(
    'own-key-misplaced',
    'The key of a domain with its own key was entered without _domainkey in its name.',
    [
      {
        title: 'The record is entered anew, under another name',
        apply: (s) => {
          s.dns.removeRecord(DOMAIN, `${SELECTOR}._domainkey`);
          s.dns.setRecord(DOMAIN, SELECTOR, 'TXT', GOOD);
        },
      },
    ],
    broken('record-misplaced', { found: [{ foundAt: `${SELECTOR}.${DOMAIN}`, how: 'without-domainkey' }] }),
    OWN_KEY,
  ),
  shopScenario(
    'right-and-elsewhere-too',
    'Somebody tried the wrong names first and left them; the right ones are there as well.',
    [
      {
        title: 'The records are entered under other names too',
        apply: (s) => {
          for (const token of TOKENS)
            for (const relative of [token, `${token}._domainkey.${DOMAIN}`])
              s.dns.setRecord(DOMAIN, relative, 'CNAME', `${token}.dkim.amazonses.com`);
        },
      },
    ],
    HEALTHY,
  ),
];
