// Words for records that are missing, misplaced, wrong, or in dispute.
import { regionsOfZone } from '../../dkim/region-zones.ts';
import type { FindingFacts, WrongTargetCause } from '../../model/finding.ts';
import { dnsName } from '../../model/names.ts';
import { finding } from '../rule.ts';
import type { WordsFor } from '../words.ts';
import {
  EXAMPLE_AT,
  EXAMPLE_FIRST,
  EXAMPLE_HEALTHY_AT,
  EXAMPLE_RECORDS,
  EXAMPLE_SERVERS,
  EXAMPLE_ZONE,
  exampleLookups,
} from './example.ts';
import { sesNext } from './next.ts';
import { count, listed, sesView, shown, utc, who } from './phrases.ts';
import { publishSteps } from './steps.ts';

const [first, second, third] = EXAMPLE_RECORDS;
if (first?.type !== 'CNAME' || second === undefined || third === undefined) throw new Error('the examples need three CNAME records');

function absenceWords(absence: FindingFacts['record-missing']['absence'], names: number): string {
  const [exist, have] =
    names === 1 ? ['the name does not exist', 'the name has no such record'] : ['the names do not exist', 'the names have no such record'];
  switch (absence) {
    case 'nxdomain':
      return `${exist} (NXDOMAIN)`;
    case 'nodata':
      return `${have} (NODATA)`;
    case 'mixed':
      return `${exist}, or ${have.replace(/^the names? /, '')} (NXDOMAIN, NODATA)`;
  }
}

const CAUSES: { readonly [K in WrongTargetCause]: string } = {
  'domain-appended': 'The domain was appended to the target: the final dot was left out, or the form appends the domain by itself.',
  'other-region-zone': 'The token is right, but the target is in the zone of another SES region.',
  'stale-token':
    'The target is a token of SES, but not one of this identity: the identity was probably deleted and created again, which gives new tokens.',
  typo: 'The target differs from the expected one by a slip.',
  unrelated: 'The target has nothing to do with the expected one.',
};

export const RECORD_WORDS: WordsFor<'record-missing' | 'record-name-doubled' | 'record-wrong-target'> = {
  'record-missing': {
    title: ({ facts: { missing, expected } }, subject) =>
      `${missing === expected ? (expected === 1 ? 'The DKIM record is' : `All ${expected} DKIM records are`) : `${missing} of ${expected} DKIM records ${missing === 1 ? 'is' : 'are'}`} missing: ${who(subject)}`,
    meaning: ({ facts, records }, subject) => {
      const all = facts.nameServers;
      const servers =
        all.length === 1 ? `The name server (${listed(all)}) says` : `The name servers${all.length > 0 ? ` (${listed(all)})` : ''} all say`;
      const healthy = facts.lastHealthyAt === undefined ? '' : ` Last seen right: ${utc(facts.lastHealthyAt)}.`;
      const moved =
        facts.movedFrom === undefined
          ? ''
          : ` The domain moved from ${listed(facts.movedFrom)} to ${listed(facts.nameServers)}, and the DKIM records did not move with it.`;
      const anew =
        facts.newTokens === true
          ? ' SES wants other records than before: the identity was probably deleted and created again, which gives new tokens. The records of the former identity serve no more.'
          : '';
      const still =
        facts.stillAt === undefined || facts.movedFrom !== undefined
          ? ''
          : ` The name server that SES last looked at, ${shown(facts.stillAt)}, still has the records: the domain was moved away from it, and they did not move with it.`;
      return (
        `${servers} of ${listed(records.map(({ name }) => name))}: ${absenceWords(facts.absence, records.length)}. ` +
        `First seen missing: ${utc(facts.since)}.${healthy}${moved}${still}${anew} ${sesView(subject)}`
      );
    },
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) => [
      ...(one.facts.movedFrom === undefined
        ? []
        : [
            `Look for other records that were left behind at the former DNS host (${listed(one.facts.movedFrom)}): DKIM is seldom the only one.`,
          ]),
      ...(one.facts.lastHealthyAt === undefined && one.facts.nameServers.length > 0
        ? [
            `See that you edit the right DNS host: the domain is delegated to ${listed(one.facts.nameServers)}, and only what those servers say counts.`,
          ]
        : []),
      ...publishSteps(one, subject, one.facts.lastHealthyAt === undefined || one.facts.newTokens === true ? 'publish' : 'put back'),
    ],
    example: finding(
      'record-missing',
      'critical',
      {
        missing: 1,
        expected: 3,
        absence: 'nxdomain',
        since: EXAMPLE_AT,
        lastHealthyAt: EXAMPLE_HEALTHY_AT,
        lastSeen: [{ name: first.name, value: first.target }],
        nameServers: EXAMPLE_SERVERS,
        sesNoticed: false,
      },
      {
        records: EXAMPLE_FIRST,
        zone: EXAMPLE_ZONE,
        evidence: exampleLookups('CNAME', { kind: 'absent', how: 'nxdomain', aa: true, soa: EXAMPLE_ZONE }),
        deadlines: [
          { name: 'sending-lost', at: '2026-03-04T13:57:00.000Z', estimated: true },
          { name: 'signing-lost', at: '2026-03-06T13:57:00.000Z', estimated: true },
        ],
      },
    ),
  },
  'record-name-doubled': {
    title: ({ facts: { found } }, subject) => `${count(found.length, 'DKIM record')} published under a doubled name: ${who(subject)}`,
    meaning: ({ facts: { found } }, subject) =>
      `Not there: ${listed(found.map(({ name }) => name))}. Found instead at ${listed(found.map(({ foundAt }) => foundAt))}. ` +
      `The DNS host appended the domain to a name that already had it. ${sesView(subject)}`,
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) => [...publishSteps(one, subject, 'publish'), 'Then delete the records under the doubled names.'],
    example: finding(
      'record-name-doubled',
      'critical',
      { found: [{ name: first.name, foundAt: dnsName(`${first.name}.example.com`) }] },
      { records: EXAMPLE_FIRST, zone: EXAMPLE_ZONE, evidence: exampleLookups('CNAME', { kind: 'absent', how: 'nxdomain', aa: true }) },
    ),
  },
  'record-wrong-target': {
    title: ({ facts: { found } }, subject) =>
      `${count(new Set(found.map(({ name }) => name)).size, 'DKIM record')} with a wrong target: ${who(subject)}`,
    meaning: ({ facts: { cause, found, zone } }, subject) => {
      const regions = zone === undefined ? [] : regionsOfZone(zone);
      const region = regions.length === 1 ? ` (${regions[0]})` : '';
      const zoneWords = zone === undefined ? '' : ` It names ${shown(zone)}${region}.`;
      const pairs = found
        .slice(0, 3)
        .map(({ name, target, expected }) => `${shown(name)} leads to ${shown(target)}; SES expects ${shown(expected)}.`);
      const more = found.length > 3 ? ` And ${found.length - 3} more.` : '';
      return `${pairs.join(' ')}${more} ${CAUSES[cause]}${zoneWords} ${sesView(subject)}`;
    },
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) => publishSteps(one, subject, 'change what is there to'),
    example: finding(
      'record-wrong-target',
      'critical',
      { cause: 'domain-appended', found: [{ name: first.name, target: `${first.target}.example.com`, expected: first.target }] },
      {
        records: EXAMPLE_FIRST,
        zone: EXAMPLE_ZONE,
        evidence: exampleLookups('CNAME', {
          kind: 'answer',
          aa: true,
          records: [{ type: 'CNAME', name: first.name, ttl: 300, value: `${first.target}.example.com` }],
        }),
      },
    ),
  },
};
