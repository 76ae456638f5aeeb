// Words for records that hide behind a wildcard, stand at a wrong name, are of a wrong type, or are more than one.
import type { AmbiguousCause, FindingOf, MisplacedHow, WrongTypeCause } from '../../model/finding.ts';
import { dnsName } from '../../model/names.ts';
import { relativeName } from '../fixes.ts';
import { finding } from '../rule.ts';
import type { WordsFor } from '../words.ts';
import {
  EXAMPLE_AT,
  EXAMPLE_FIRST,
  EXAMPLE_HEALTHY_AT,
  EXAMPLE_KEY_RECORD,
  EXAMPLE_RECORDS,
  EXAMPLE_ZONE,
  exampleLookups,
} from './example.ts';
import { sesNext, sesNextIf } from './next.ts';
import { count, listed, sesView, shown, utc, who } from './phrases.ts';
import { publishSteps } from './steps.ts';

const [first] = EXAMPLE_RECORDS;
if (first?.type !== 'CNAME') throw new Error('the examples need a CNAME record');

const HOW: { readonly [K in MisplacedHow]: string } = {
  'no-underscore': 'There the underscore before "domainkey" is missing: some DNS hosts refuse or drop it.',
  'without-domainkey': 'There the part "._domainkey" is missing from the name.',
  'labels-swapped': 'There the first two parts of the name are swapped: "_domainkey" must come second.',
  'under-parent': 'That is the parent domain: the short name was typed without the subdomain that sends.',
  'under-child': 'That is a subdomain of the domain that sends.',
};

const TYPE_CAUSES: { readonly [K in WrongTypeCause]: string } = {
  flattened:
    'The DNS host "flattens" CNAME records: it shows what stands behind them instead of the CNAME itself. Receivers find the key all the same. SES looks for the CNAME, and may not accept it.',
  proxied:
    'The DNS host answers with addresses of its own network in place of the CNAME: its proxy (CDN) is switched on for this name. Nobody finds the key.',
  'pasted-as-txt':
    'What the CNAME must lead to was entered as the text of a TXT record. Nobody follows that: the record must be of the type CNAME.',
  'other-txt': 'A TXT record with something else stands where the CNAME belongs. Nobody finds the key.',
  'cname-without-key': 'A CNAME stands where the TXT record with your public key belongs, and where it leads there is no key.',
};

const AMBIGUOUS: { readonly [K in AmbiguousCause]: string } = {
  'several-txt':
    'There are several TXT records where exactly one belongs. What a receiver does then is left open by the standard (RFC 6376): it may take any of them, or none.',
  'cut-into-two-records':
    'The key was cut into two records. A long key is written as several quoted strings of one record: two records are two broken keys.',
  'several-cnames': 'There are several CNAME records at one name, where only one may be.',
  'cname-beside-other-data': 'Beside the CNAME there is other data at the same name, which DNS forbids.',
};

export const MISPLACED_WORDS: WordsFor<'wildcard-answer' | 'record-misplaced' | 'record-wrong-type' | 'record-ambiguous'> = {
  'wildcard-answer': {
    title: ({ facts: { missing, expected } }, subject) =>
      `Wildcard in place of ${expected === 1 ? 'the DKIM record' : `${missing} of ${expected} DKIM records`}: ${who(subject)}`,
    meaning: ({ facts: { answer, since, lastHealthyAt }, records }, subject) =>
      `Not there: ${listed(records.map(({ name }) => name))}. A wildcard record of the zone (one with "*" in its name) answers instead, as it does for every name that nobody has published: ${shown(answer)}. ` +
      `So a quick look finds something, and the DKIM ${records.length === 1 ? 'record is' : 'records are'} missing all the same. First seen: ${utc(since)}.` +
      `${lastHealthyAt === undefined ? '' : ` Last seen right: ${utc(lastHealthyAt)}.`} ${sesView(subject)}`,
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) => [
      ...publishSteps(one, subject, one.facts.lastHealthyAt === undefined ? 'publish' : 'put back'),
      'The wildcard may stay: a record at the exact name comes before it.',
    ],
    example: finding(
      'wildcard-answer',
      'critical',
      { missing: 1, expected: 3, answer: 'CNAME parking.example.net', since: EXAMPLE_AT, lastHealthyAt: EXAMPLE_HEALTHY_AT },
      {
        records: EXAMPLE_FIRST,
        zone: EXAMPLE_ZONE,
        evidence: exampleLookups('TXT', {
          kind: 'answer',
          aa: true,
          records: [{ type: 'CNAME', name: first.name, ttl: 300, value: 'parking.example.net' }],
        }),
      },
    ),
  },
  'record-misplaced': {
    title: ({ facts: { found } }, subject) => `${count(found.length, 'DKIM record')} published at a wrong name: ${who(subject)}`,
    meaning: ({ facts: { found } }, subject) => {
      const causes = [...new Set(found.map(({ how }) => HOW[how]))];
      return (
        `Not there: ${listed(found.map(({ name }) => name))}. Found instead at ${listed(found.map(({ foundAt }) => foundAt))}. ` +
        `${causes.join(' ')} ${sesView(subject)}`
      );
    },
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) => [
      ...misplacedHints(one),
      ...publishSteps(one, subject, 'publish'),
      one.records.some(({ type }) => type === 'TXT') && one.facts.found.some(isOthersName)
        ? `Leave the record at the other name, unless you are sure that it serves nothing: that domain may sign with the same key.`
        : `Then delete what stands at the wrong ${one.facts.found.length === 1 ? 'name' : 'names'}.`,
    ],
    example: finding(
      'record-misplaced',
      'critical',
      { found: [{ name: first.name, foundAt: dnsName(first.name.replace('._domainkey.', '.domainkey.')), how: 'no-underscore' }] },
      { records: EXAMPLE_FIRST, zone: EXAMPLE_ZONE, evidence: exampleLookups('CNAME', { kind: 'absent', how: 'nxdomain', aa: true }) },
    ),
  },
  'record-wrong-type': {
    title: ({ facts: { cause, found } }, subject) =>
      cause === 'flattened'
        ? `The DNS host hides ${count(found.length, 'DKIM CNAME')}: ${who(subject)}`
        : `${count(found.length, 'DKIM record')} of the wrong type: ${who(subject)}`,
    meaning: ({ facts: { cause, found } }, subject) => {
      const seen = found.slice(0, 3).map(({ name, value }) => `${shown(name)} shows: ${value === '(empty)' ? 'nothing' : shown(value)}.`);
      const more = found.length > 3 ? ` And ${found.length - 3} more.` : '';
      return `${TYPE_CAUSES[cause]} ${seen.join(' ')}${more} ${cause === 'flattened' && subject.status === 'SUCCESS' ? 'SES says SUCCESS for now.' : sesView(subject)}`;
    },
    next: ({ facts: { cause } }, subject) =>
      cause === 'flattened' && subject.status === 'SUCCESS'
        ? `Receivers find the key, so nothing is lost today. ${sesNextIf('If a check of SES does not accept what it finds,', subject)} And if SES changes its key, the host may go on showing the old one.`
        : sesNext(subject),
    fix: (one, subject) => [
      ...firstStep(one.facts.cause),
      ...publishSteps(
        one,
        subject,
        one.facts.cause === 'proxied' || one.facts.cause === 'flattened' ? 'make sure that the world sees' : 'in its place publish',
      ),
    ],
    example: finding(
      'record-wrong-type',
      'critical',
      { cause: 'proxied', found: [{ name: first.name, value: '203.0.113.80' }] },
      {
        records: EXAMPLE_FIRST,
        zone: EXAMPLE_ZONE,
        evidence: exampleLookups('CNAME', { kind: 'absent', how: 'nodata', aa: true }),
      },
    ),
  },
  'record-ambiguous': {
    title: (_, subject) => `Too many DNS records at a DKIM name: ${who(subject)}`,
    meaning: ({ facts: { cause, name, values, usable } }, subject) => {
      const none =
        cause === 'cname-beside-other-data'
          ? 'Receivers ask for TXT, and get no usable key that way.'
          : 'None of them can be used as it stands.';
      const next = usable && subject.status === 'SUCCESS' ? 'SES still says SUCCESS.' : sesView(subject);
      return (
        `${AMBIGUOUS[cause]} At ${shown(name)} stand: ${quotedList(values)}. ` +
        `${usable ? 'One of them is right: who happens to take that one finds the key, and others do not.' : none} ${next}`
      );
    },
    next: ({ facts: { usable } }, subject) =>
      usable ? sesNextIf('Which one SES takes at its next check is chance as well. If it takes a wrong one,', subject) : sesNext(subject),
    fix: (one, subject) =>
      one.facts.usable
        ? [
            `Keep the right record at ${shown(one.facts.name)}, and delete the others there. The right one is shown below.`,
            ...publishSteps(one, subject, 'the only record there must be'),
          ]
        : publishSteps(one, subject, 'in place of all that stands there, publish'),
    example: finding(
      'record-ambiguous',
      'warning',
      {
        cause: 'several-txt',
        name: EXAMPLE_KEY_RECORD.name,
        values: ['v=DKIM1; k=rsa; p=MIIBIjANBgkq…', 'v=DKIM1; k=rsa; p=MIGfMA0GCSqG…'],
        usable: true,
      },
      {
        records: [EXAMPLE_KEY_RECORD],
        zone: EXAMPLE_ZONE,
        evidence: exampleLookups(
          'TXT',
          {
            kind: 'answer',
            aa: true,
            records: [
              { type: 'TXT', name: EXAMPLE_KEY_RECORD.name, ttl: 300, strings: ['v=DKIM1; k=rsa; p=MIIBIjANBgkq…'] },
              { type: 'TXT', name: EXAMPLE_KEY_RECORD.name, ttl: 300, strings: ['v=DKIM1; k=rsa; p=MIGfMA0GCSqG…'] },
            ],
          },
          EXAMPLE_KEY_RECORD,
        ),
      },
    ),
  },
};

/** Texts in quotes: they may hold commas themselves. */
const quotedList = (values: readonly string[]): string =>
  listed(
    values.map((value) => `"${shown(value)}"`),
    4,
  );

/** A name at which another domain may have published the record for itself. */
const isOthersName = ({ how }: { readonly how: MisplacedHow }): boolean => how === 'under-parent' || how === 'under-child';

function misplacedHints({ facts: { found }, zone, records }: FindingOf<'record-misplaced'>): readonly string[] {
  const [first] = records;
  return [
    ...(zone !== undefined && first !== undefined && found.some(isOthersName)
      ? [`The zone that holds the records is ${zone}. There the short name is ${relativeName(first.name, zone)}`]
      : []),
    ...(found.some(({ how }) => how === 'no-underscore')
      ? [
          'If the form refuses the underscore, ask the DNS host: DNS allows it, DKIM needs it, and a host that cannot take it cannot hold DKIM records.',
        ]
      : []),
  ];
}

function firstStep(cause: WrongTypeCause): readonly string[] {
  switch (cause) {
    case 'flattened':
      return [
        'At the DNS host, switch "CNAME flattening" off for these names, or ask the host to. Often it is a setting of the whole zone: flatten all records, or only the one of the bare domain.',
      ];
    case 'proxied':
      return ['At the DNS host, switch the proxy off for these names ("DNS only", often a grey cloud).'];
    case 'pasted-as-txt':
    case 'other-txt':
      return ['Delete the TXT record at that name first: nothing may stand beside a CNAME.'];
    case 'cname-without-key':
      return [
        'If the key is kept at another host on purpose, have it published where the CNAME leads, and leave the CNAME. Otherwise delete the CNAME first: nothing may stand beside it.',
      ];
  }
}
