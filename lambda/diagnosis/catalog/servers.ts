// Words for trouble of the domain or its name servers as a whole.
import type { Subject } from '../../model/alert.ts';
import type { FindingFacts, FindingOf } from '../../model/finding.ts';
import type { Lookup } from '../../model/lookup.ts';
import { dnsName } from '../../model/names.ts';
import { finding } from '../rule.ts';
import { shellQuoted } from '../shell.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_AT, EXAMPLE_RECORDS, EXAMPLE_ZONE, exampleLookups } from './example.ts';
import { sesNext, sesNextIf } from './next.ts';
import { listed, sesView, who } from './phrases.ts';
import { askLines, publishSteps, step } from './steps.ts';

const FAILURES: { readonly [K in FindingFacts['txt-unanswerable']['failure']]: string } = {
  servfail: 'get a server failure (SERVFAIL)',
  refused: 'get a refusal (REFUSED)',
  formerr: 'get a garbled or refusing answer (FORMERR)',
  silent: 'get no answer at all',
  denied: 'get the answer that nothing is there',
  mixed: 'get failures of several kinds',
};

const EXAMPLE_REGISTRY: Lookup = {
  server: { role: 'parent', name: dnsName('a.nic.example'), address: '192.0.2.99' },
  question: { name: EXAMPLE_ZONE, type: 'NS' },
  outcome: { kind: 'absent', how: 'nxdomain', aa: true, soa: dnsName('com') },
  at: EXAMPLE_AT,
};

/** Only the servers above the domain speak for the registry; resolvers pass on what they heard. */
function whoSays({ facts: { registrable, how }, evidence }: FindingOf<'domain-gone'>): string {
  if (how === 'no-delegation') return `${registrable} is delegated to no name server.`;
  const asked = (role: Lookup['server']['role']): boolean => evidence.some(({ server }) => server.role === role);
  if (asked('parent')) return `The registry says that ${registrable} does not exist.`;
  return asked('resolver') ? `The resolvers say that ${registrable} does not exist.` : `${registrable} does not exist in DNS.`;
}

/** Nobody but the person who typed it says that there is such a domain: SES was not asked. */
const onlyTyped = ({ account, status }: Subject): boolean => account === '' && status === 'UNKNOWN';

export const SERVER_WORDS: WordsFor<'domain-gone' | 'txt-unanswerable' | 'nameservers-disagree'> = {
  'domain-gone': {
    title: (_, subject) => `The domain is gone from DNS: ${who(subject)}`,
    meaning: (one, subject) =>
      `${whoSays(one)} ${onlyTyped(subject) ? 'The name may be mistyped. If it is right, the' : 'The'} registration has probably lapsed or was suspended. ` +
      `Web, mail and DKIM of the domain fail together. ${sesView(subject)}`,
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) => [
      ...(onlyTyped(subject) ? [`See that the name is spelt right: ${one.facts.registrable}`] : []),
      `Look up the registration and renew it at the registrar today: after a time of grace anybody can register the name.\nwhois ${shellQuoted(one.facts.registrable)}`,
      'If it is registered: set the name servers again at the registrar.',
      ...(one.records.length === 0
        ? []
        : [step('When the domain answers again, see that the DKIM records are still in the zone:', ...askLines(one.records))]),
    ],
    example: finding(
      'domain-gone',
      'critical',
      { registrable: EXAMPLE_ZONE, how: 'nxdomain' },
      { records: EXAMPLE_RECORDS, evidence: [EXAMPLE_REGISTRY] },
    ),
  },
  'txt-unanswerable': {
    title: (_, subject) => `The name servers do not answer TXT questions: ${who(subject)}`,
    meaning: ({ facts: { servers, failure, all }, records }, subject) =>
      `${records.some(({ type }) => type === 'TXT') ? 'The name of the DKIM record is there, but TXT questions about it' : 'The DKIM records are published, but TXT questions about them'} ${FAILURES[failure]} from ${all ? 'every name server' : 'every name server that answers at all'}: ${listed(servers)}. ` +
      `SES and mailbox providers ask TXT, so to them the records are not there. ${sesView(subject)}`,
    next: (_, subject) => sesNext(subject),
    fix: ({ records }) => [
      `Tell your DNS host that its servers fail TXT questions at ${records.some(({ type }) => type === 'TXT') ? 'this name' : 'names that hold a CNAME'}, and show the evidence below.`,
      'If the host cannot mend it soon, move the zone to another DNS host: copy all records first, the DKIM records included, then change the name servers.',
    ],
    example: finding(
      'txt-unanswerable',
      'critical',
      { servers: ['ns1.example.net (192.0.2.1)', 'ns2.example.net (192.0.2.2)'], failure: 'servfail', all: true },
      { records: EXAMPLE_RECORDS, zone: EXAMPLE_ZONE, evidence: exampleLookups('TXT', { kind: 'broken', how: 'servfail' }) },
    ),
  },
  'nameservers-disagree': {
    title: (_, subject) => `The name servers disagree about the DKIM records: ${who(subject)}`,
    meaning: ({ facts: { holding, lacking, different, serials, cause } }, subject) => {
      const parts = [
        `Right on ${holding.length > 0 ? listed(holding) : 'no server in full'}.`,
        ...(lacking.length > 0 ? [`Missing on ${listed(lacking)}.`] : []),
        ...(different.length > 0
          ? [
              `Another value on ${listed(
                different.map(({ server, value }) => `${server}: ${value}`),
                3,
              )}.`,
            ]
          : []),
        ...(serials.length > 0
          ? [`Zone versions (SOA serial): ${listed(serials.map(({ server, serial }) => `${server} has ${serial}`))}.`]
          : []),
      ];
      const why =
        cause === 'propagation'
          ? 'The older versions lag behind: a change has not reached every server, and should have by now. A secondary may be stuck.'
          : 'The versions do not explain it: the servers probably hold two separate sets of data, such as two DNS hosts in one delegation.';
      // While SES says SUCCESS it signs: then chance decides at the receivers. Otherwise its status is what matters first.
      const next =
        subject.status === 'SUCCESS' || subject.status === 'UNKNOWN'
          ? 'mail passes or fails by chance.'
          : `what each finds is chance. ${sesView(subject)}`;
      return `${parts.join(' ')} ${why} SES and receivers ask any of them, so ${next}`;
    },
    next: (_, subject) =>
      subject.status === 'SUCCESS' || subject.status === 'UNKNOWN'
        ? `It stays a matter of chance until all of them say the same. ${sesNextIf('When a check of SES meets one that is wrong,', subject)}`
        : sesNext(subject),
    fix: (one, subject) => [
      one.facts.cause === 'propagation'
        ? 'Ask the DNS host why the servers with the older serial do not take the new version of the zone.'
        : 'See which of the name servers belong to the DNS host you use, and take the others out of the delegation at the registrar; or publish the records at both hosts.',
      ...publishSteps(one, subject, 'make sure that every server has'),
    ],
    example: finding(
      'nameservers-disagree',
      'warning',
      {
        holding: ['ns1.example.net (192.0.2.1)'],
        lacking: ['ns2.example.net (192.0.2.2)'],
        different: [],
        serials: [
          { server: 'ns1.example.net (192.0.2.1)', serial: 2026030102 },
          { server: 'ns2.example.net (192.0.2.2)', serial: 2026030101 },
        ],
        cause: 'propagation',
      },
      {
        records: EXAMPLE_RECORDS.slice(0, 1),
        zone: EXAMPLE_ZONE,
        evidence: exampleLookups('CNAME', { kind: 'absent', how: 'nxdomain', aa: true }),
      },
    ),
  },
};
