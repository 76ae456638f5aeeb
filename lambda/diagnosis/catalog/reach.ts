// Words for records that are right and yet not seen: broken servers, DNSSEC, another DNS host, empty targets.
import type { ExpectedRecord } from '../../model/expectation.ts';
import type { DnsRecord, Lookup } from '../../model/lookup.ts';
import { dnsName } from '../../model/names.ts';
import { finding } from '../rule.ts';
import { shellQuoted } from '../shell.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_AT, EXAMPLE_FIRST, EXAMPLE_RECORDS, EXAMPLE_ZONE, exampleLookups } from './example.ts';
import { sesNext, sesNextIf } from './next.ts';
import { count, errorWords, listed, sesView, shown, who } from './phrases.ts';
import { askLines, startAgain, step } from './steps.ts';

/** What a resolver finds: the CNAME, and an empty text where it leads. */
function emptyTarget(record: ExpectedRecord): readonly Lookup[] {
  if (record.type !== 'CNAME') return [];
  const { name, target } = record;
  const records: readonly DnsRecord[] = [
    { type: 'CNAME', name, ttl: 300, value: target },
    { type: 'TXT', name: target, ttl: 300, strings: [''] },
  ];
  return [
    {
      server: { role: 'resolver', address: '192.0.2.53' },
      question: { name, type: 'TXT' },
      outcome: { kind: 'answer', aa: false, records },
      at: EXAMPLE_AT,
    },
  ];
}

export const REACH_WORDS: WordsFor<'nameserver-broken' | 'dnssec-bogus' | 'zone-elsewhere' | 'target-has-no-key'> = {
  'nameserver-broken': {
    title: ({ facts: { broken, of, all } }, subject) =>
      all
        ? `No name server knows the domain any more: ${who(subject)}`
        : `${broken.length} of ${of} name servers ${broken.length === 1 ? 'does' : 'do'} not work: ${who(subject)}`,
    meaning: ({ facts: { broken, all }, zone }, subject) => {
      const which = listed(broken.map(({ server, how }) => `${server}: ${how}`));
      const of = zone === undefined ? 'the domain' : zone;
      return all
        ? `Every name server that is listed for ${of} answers, and says that it does not serve it: ${which}. The zone was probably deleted there, or the account behind it closed. ` +
            `Web, mail and DKIM of the domain fail together, as soon as what resolvers remember runs out. ${sesView(subject)}`
        : `Of the name servers that are listed for ${of}, ${broken.length === 1 ? 'this one does not do its work' : 'these do not do their work'}: ${which}. The others answer, and what they say counts. ` +
            'Whoever asks a broken one waits, or gets no answer.';
    },
    next: ({ facts: { all } }, subject) =>
      all
        ? sesNext(subject)
        : 'Nothing changes while the others go on answering. If they fail as well, the domain is gone for everybody, and SES finds no records at its next check.',
    fix: (one) =>
      one.facts.all
        ? [
            'At the DNS host, bring the zone back (many hosts can restore a deleted zone for some days), or set it up anew with all its records.',
            'If the domain was meant to be somewhere else: set the right name servers at the registrar.',
            ...(one.records.length === 0
              ? []
              : [step('When the servers answer again, see that the DKIM records are there:', ...askLines(one.records))]),
          ]
        : [
            'Ask the DNS host of these servers to mend them. Or take them out of the list: at the registrar, and out of the NS records of the zone.',
            ...(one.zone === undefined
              ? []
              : [
                  step(
                    'See who is listed:',
                    `dig +trace NS ${shellQuoted(one.zone)}`,
                    'must show in its last answer: only name servers that work',
                  ),
                ]),
          ],
    example: finding(
      'nameserver-broken',
      'warning',
      { broken: [{ server: 'ns2.example.net (192.0.2.2)', how: 'REFUSED' }], of: 2, all: false },
      { zone: EXAMPLE_ZONE, evidence: exampleLookups('SOA', { kind: 'lame', how: 'refused' }).slice(1) },
    ),
  },
  'dnssec-bogus': {
    title: (_, subject) => `DNSSEC of the domain is broken: ${who(subject)}`,
    meaning: ({ facts: { resolvers, names }, zone }, subject) =>
      `The name servers answer, but resolvers that check DNSSEC signatures (here ${listed(resolvers)}) refuse ${listed(names, 3)} and answer only when told not to check. ` +
      `The usual reasons: the domain moved to another DNS host while the old DS record (the mark of the former signing key) stayed at the registrar, or the signatures of ${zone ?? 'the zone'} have run out. ` +
      `For every receiver that checks DNSSEC the domain is not there: no DKIM key, no web site, no mail. ${sesView(subject)}`,
    next: (_, subject) => sesNext(subject),
    fix: ({ zone, records }) => [
      step(
        'Compare the DS record at the registry with the keys of the zone, without the check that fails (+cd):',
        `dig +cd +short DS ${shellQuoted(zone ?? 'YOUR_DOMAIN')}`,
        'must print: one line or more if the zone is to be signed, and nothing if it is not',
        `dig +cd +short DNSKEY ${shellQuoted(zone ?? 'YOUR_DOMAIN')}`,
        'must print: the keys that the DS record is made of; if it prints nothing, the zone is not signed any more',
      ),
      'If the DNS host does not sign the zone: delete the DS record at the registrar. If it does: enter the DS record that it shows, or have it sign the zone anew.',
      ...(records.length === 0
        ? []
        : [
            step(
              'Once the old DS record has run out (often a day), ask a resolver that checks, as this one does:',
              ...askLines(records, '@1.1.1.1 +short'),
            ),
          ]),
    ],
    example: finding(
      'dnssec-bogus',
      'critical',
      { resolvers: ['192.0.2.53'], names: EXAMPLE_FIRST.map(({ name }) => name) },
      {
        records: EXAMPLE_FIRST,
        zone: EXAMPLE_ZONE,
        evidence: exampleLookups('TXT', { kind: 'broken', how: 'servfail' })
          .slice(0, 1)
          .map((lookup) => ({ ...lookup, server: { role: 'resolver', address: '192.0.2.53' } })),
      },
    ),
  },
  'zone-elsewhere': {
    title: (_, subject) => `SES looked at another DNS host: ${who(subject)}`,
    meaning: ({ facts: { sesPrimary, ourPrimary, nameServers, there, errorType } }, subject) =>
      `The name servers of the domain are ${listed(nameServers)}${ourPrimary === undefined ? '' : ` (the main one: ${shown(ourPrimary)})`}. Every DKIM record is right there. ` +
      `SES looked at another one, ${shown(sesPrimary)}. That one ${{ absent: 'does not have the records', wrong: 'has other values', 'no-answer': 'gives no answer for the domain' }[there]}. ` +
      `Most likely the domain moved to another DNS host lately. SES may still remember the former one, or part of the world is still sent there.${errorWords(errorType)} ${sesView(subject)}`,
    next: (_, subject) => sesNext(subject),
    fix: ({ facts: { nameServers }, records, zone }) => [
      'If the domain moved within the last two days: wait. What SES remembers of the former host runs out.',
      step(
        'Otherwise see whether the former host is still listed somewhere:',
        `dig +trace NS ${shellQuoted(zone ?? 'YOUR_DOMAIN')}`,
        `must show in its last answer: ${listed(nameServers)}, and nothing else`,
      ),
      ...(records.length === 0
        ? []
        : ['Until then it does no harm to publish the same records at the former host as well, if you still can.']),
    ],
    example: finding(
      'zone-elsewhere',
      'warning',
      {
        sesPrimary: dnsName('ns1.old-host.example'),
        ourPrimary: 'ns1.example.net',
        nameServers: [dnsName('ns1.example.net'), dnsName('ns2.example.net')],
        there: 'absent',
        errorType: 'HOST_NOT_FOUND',
      },
      { records: EXAMPLE_RECORDS, zone: EXAMPLE_ZONE },
    ),
  },
  'target-has-no-key': {
    title: (_, subject) => `The DKIM records lead to no key: ${who(subject)}`,
    meaning: ({ facts: { targets } }, subject) =>
      `All ${count(targets.length, 'CNAME record')} lead where SES wants them, but none of the targets has a key: ${listed(targets, 3)}. ` +
      `One or two without a key are normal, all of them are not: SES does not seem to know these tokens any more. Receivers cannot check any signature. ` +
      (subject.status === 'SUCCESS' ? 'SES still says SUCCESS, and signs with a key that nobody can find.' : sesView(subject)),
    next: (_, subject) =>
      subject.status === 'SUCCESS'
        ? `Receivers treat its mail as unsigned until there is a key. ${sesNextIf('If SES finds no key either at one of its checks,', subject)}`
        : sesNext(subject),
    fix: ({ facts: { targets } }, subject) => [
      `See in the SES console whether the identity still shows ${targets.length === 1 ? 'this token' : `these ${targets.length} tokens`}. If it shows others: publish those, and leave the rest.`,
      ...startAgain(subject),
      'If the tokens are the same and the targets stay empty, open a case with AWS Support and give them the evidence.',
    ],
    example: finding(
      'target-has-no-key',
      'warning',
      { targets: EXAMPLE_RECORDS.flatMap((record) => (record.type === 'CNAME' ? [record.target] : [])) },
      { records: EXAMPLE_RECORDS, zone: EXAMPLE_ZONE, evidence: EXAMPLE_RECORDS.flatMap(emptyTarget) },
    ),
  },
};
