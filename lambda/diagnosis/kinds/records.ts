// Section A of the kinds: what DNS says about the records.
import type { KindRow } from '../kinds.ts';

const RECORD = {
  section: 'A',
  severities: ['critical', 'warning'],
  severityWhen: 'critical while SES says SUCCESS or TEMPORARY_FAILURE, which is what can be lost; else warning',
} as const;

export const RECORD_KINDS = {
  'domain-gone': {
    section: 'A',
    severities: ['critical'],
    summary: 'The domain itself is gone from DNS.',
    found: 'The servers above the domain say that it does not exist or is not delegated; asked twice.',
  },
  'record-missing': {
    ...RECORD,
    summary: 'A DKIM record is not there.',
    found:
      'Every name server of the zone that answers with authority says NXDOMAIN or NODATA, at least two of them or the only one, in two rounds of questions. Silence and errors are not "missing".',
  },
  'record-name-doubled': {
    ...RECORD,
    summary: 'A record was published with the domain in its name twice.',
    found: 'The record is absent at its name and right at the same name with the domain appended. A wildcard does not count.',
  },
  'record-misplaced': {
    ...RECORD,
    summary: 'A record was published under a wrong name.',
    found:
      'The record is absent at its name and right at a likely wrong one, such as without the underscore of _domainkey, or under the parent domain. A wildcard does not count.',
  },
  'record-wrong-target': {
    ...RECORD,
    summary: 'A CNAME is there and leads to the wrong place.',
    found: 'The name servers give a CNAME at the right name whose target, also at the end of its chain, is not the one that SES expects.',
  },
  'record-wrong-type': {
    ...RECORD,
    severityWhen: `${RECORD.severityWhen}; a flattened CNAME, behind which receivers find the key, is a warning`,
    summary: 'Another type of record stands where the record belongs.',
    found:
      'The name servers give a TXT or addresses where a CNAME belongs, or a CNAME that ends at no valid key where a key belongs. A selector delegated by CNAME to a valid key is fine.',
  },
  'record-ambiguous': {
    section: 'A',
    severities: ['critical', 'warning'],
    severityWhen: 'warning if one of the records would do, or while SES says neither SUCCESS nor TEMPORARY_FAILURE; else critical',
    summary: 'Several records stand where only one may be.',
    found: 'The name servers give several TXT or several CNAME at one name, or a CNAME beside other data.',
  },
  'wildcard-answer': {
    ...RECORD,
    summary: 'A wildcard answers in place of a missing record.',
    found: 'The answer at the name is not the expected one, and a random label beside it gets the same answer.',
  },
  'txt-unanswerable': {
    section: 'A',
    severities: ['critical', 'warning'],
    severityWhen: 'critical while SES says SUCCESS, else warning',
    summary: 'The name servers do not answer TXT questions.',
    found: 'The CNAME question is answered, and the TXT question gets an error or no answer, in two rounds of questions.',
  },
  'target-has-no-key': {
    section: 'A',
    severities: ['warning'],
    summary: 'The CNAMEs are right, and there is no key behind any.',
    found:
      'All expected CNAMEs are right, and the resolvers find a key behind not one of them, twice. One or two empty ones are normal, and so are all of them while a verification is on its way.',
  },
  'nameservers-disagree': {
    section: 'A',
    severities: ['warning'],
    summary: "The domain's name servers say different things.",
    found:
      'Some name servers give the record, others do not or give another value, in two rounds of questions. A change on its way is waited for.',
  },
  'nameserver-broken': {
    section: 'A',
    severities: ['critical', 'warning', 'notice'],
    severityWhen:
      'notice while most of them work; warning if half of them or more do not, in three sweeps running; critical (with SES at SUCCESS or TEMPORARY_FAILURE) if every one says that it does not know the zone',
    summary: "Some of the domain's name servers do not work.",
    found:
      'Name servers in the delegation refuse, stay silent, have no usable address, or do not speak for the zone, while others answer; or all answer and none speaks for it.',
  },
  'dnssec-bogus': {
    section: 'A',
    severities: ['critical'],
    summary: 'DNSSEC is broken: validating resolvers see nothing.',
    found:
      'Resolvers that have just shown, by a name that is surely signed, that they validate as they should answer SERVFAIL; the same question with checking disabled succeeds, the name servers answer, and no other such resolver disagrees.',
  },
  'zone-elsewhere': {
    section: 'A',
    severities: ['warning'],
    summary: 'SES looked at other name servers than the world does.',
    found:
      "SES does not verify records that are right for us, names a primary name server that is none of the domain's, and that server does not have them.",
  },
} as const satisfies Readonly<Record<string, KindRow>>;
