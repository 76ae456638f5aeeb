// Name servers of the delegation that do not do their work.
import type { Finding } from '../../model/finding.ts';
import { isConfirmed } from '../confirmed.ts';
import { lostRecordDeadlines } from '../deadlines.ts';
import { finding, type Rule } from '../rule.ts';
import { serverTrouble } from '../server-trouble.ts';
import { recordSeverity } from '../severity.ts';

/** The domain is off the air: no status of SES can be other than it is. */
export const isOffAir = (found: readonly Finding[]): boolean => found.some((one) => one.kind === 'nameserver-broken' && one.facts.all);

/** Sweeps in which it was seen before it may page: servers are restarted, and packets get lost. */
const SWEEPS_BEFORE = 2;

/**
 * A notice while most of them work. Half of them or more is a warning once it lasts. If every one of them says that it does not know the zone,
 * the domain is off the air as if its records were gone; at first sight nobody knows whether it lasts, and the identity stays unknown.
 */
export const nameserverBroken: Rule = (evidence, reading) => {
  const trouble = serverTrouble(evidence);
  if (trouble === undefined) return [];
  const { broken, of, half, allLame, lookups } = trouble;
  const { serverTroubleSweeps = 0, offAirSweeps = 0 } = evidence.history ?? {};
  const lasts = isConfirmed(evidence.dns) && (allLame ? offAirSweeps : serverTroubleSweeps) >= SWEEPS_BEFORE;
  if (allLame && !lasts) return [];
  return [
    finding(
      'nameserver-broken',
      allLame ? recordSeverity(evidence.identity) : half && lasts ? 'warning' : 'notice',
      { broken, of, all: allLame },
      {
        records: allLame ? reading.records.map(({ record }) => record) : [],
        zone: reading.zone,
        evidence: lookups,
        deadlines: allLame ? lostRecordDeadlines(evidence) : [],
      },
    ),
  ];
};
