// SES looked at other name servers than the domain is delegated to, and there the records are not right.
import { parseDnsName } from '../../model/names.ts';
import { unseenRecordDeadlines } from '../deadlines.ts';
import { otherPrimary, sideOf } from '../other-primary.ts';
import { overdueWhy } from '../overdue.ts';
import { primaries } from '../primaries.ts';
import { finding, type Rule } from '../rule.ts';
import { lastLook } from '../ses-look.ts';

/**
 * Only where SES disagrees with what we see: a primary's name alone differs for many harmless reasons. And only if it may have looked since the
 * records are right here: after a move its last look is at the former host until the next one.
 */
export const zoneElsewhere: Rule = (evidence, reading) => {
  const { identity, expectation, dns } = evidence;
  const disagrees = identity.ses.status === 'TEMPORARY_FAILURE' || overdueWhy(evidence, reading) !== undefined;
  if (lastLook(evidence, reading) === 'before') return [];
  const sesPrimary = otherPrimary(evidence, reading);
  if (identity.type !== 'domain' || !disagrees || !reading.right || sesPrimary === undefined || expectation.kind !== 'records') return [];
  const there = sideOf(dns.sesSide ?? [], expectation.records);
  if (there === 'right' || there === 'not-asked') return [];
  const { ourPrimary } = primaries(evidence, reading);
  const { errorType } = identity.ses;
  return [
    finding(
      'zone-elsewhere',
      'warning',
      {
        sesPrimary,
        ...(ourPrimary !== undefined && parseDnsName(ourPrimary).ok ? { ourPrimary } : {}),
        nameServers: reading.nameServers,
        there,
        ...(errorType === undefined ? {} : { errorType }),
      },
      {
        records: expectation.records,
        zone: reading.zone,
        evidence: [...(dns.sesSide ?? []), ...reading.records.flatMap(({ evidence: about }) => about?.lookups.slice(0, 1) ?? [])],
        deadlines: unseenRecordDeadlines(evidence),
      },
    ),
  ];
};
