// Words for trouble of the domain or its name servers as a whole.
import type { FindingFacts } from '../../model/finding.ts';
import { finding } from '../rule.ts';
import { shellQuoted } from '../shell.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_RECORDS, EXAMPLE_ZONE, exampleLookups } from './example.ts';
import { listed, publishSteps, sesView, who } from './phrases.ts';

const FAILURES: { readonly [K in FindingFacts['txt-unanswerable']['failure']]: string } = {
  servfail: 'get a server failure (SERVFAIL)',
  refused: 'are refused (REFUSED)',
  formerr: 'get a garbled or refusing answer (FORMERR)',
  silent: 'get no answer at all',
  mixed: 'fail in different ways',
};

export const SERVER_WORDS: WordsFor<'domain-gone' | 'txt-unanswerable' | 'nameservers-disagree'> = {
  'domain-gone': {
    title: (_, subject) => `The domain is gone from DNS: ${who(subject)}`,
    meaning: ({ facts: { registrable, how } }, subject) =>
      `${how === 'nxdomain' ? `The registry says that ${registrable} does not exist.` : `${registrable} is delegated to no name server.`} ` +
      `The registration has probably lapsed or was suspended. Web, mail and DKIM of the domain fail together. ${sesView(subject)}`,
    fix: (one) => [
      `Look up the registration and renew it at the registrar today: after a time of grace anybody can register the name.\nwhois ${shellQuoted(one.facts.registrable)}`,
      'If it is registered: set the name servers again at the registrar.',
      'When the domain answers again, see that the DKIM records are still in the zone:\n' +
        one.records.map(({ name, type }) => `dig +short ${type} ${shellQuoted(name)}`).join('\n'),
    ],
    example: finding('domain-gone', 'critical', { registrable: EXAMPLE_ZONE, how: 'nxdomain' }, { records: EXAMPLE_RECORDS }),
  },
  'txt-unanswerable': {
    title: (_, subject) => `The name servers do not answer TXT questions: ${who(subject)}`,
    meaning: ({ facts: { servers, failure, all } }, subject) =>
      `The DKIM records are published, but TXT questions about them ${FAILURES[failure]} from ${all ? 'every name server' : 'every name server that answers at all'}: ${listed(servers)}. ` +
      `SES and mailbox providers ask TXT, so to them the records are not there. ${sesView(subject)}`,
    fix: () => [
      'Tell your DNS host that its servers fail TXT questions at names that hold a CNAME, and show the evidence below.',
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
    meaning: ({ facts: { holding, lacking, different, serials, cause } }) => {
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
      return `${parts.join(' ')} ${why} SES and receivers ask any of them, so mail passes or fails by chance.`;
    },
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
