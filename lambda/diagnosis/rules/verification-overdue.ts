// SES should have verified the records by now.
import { pendingSince } from '../deadlines.ts';
import { overdueWhy } from '../overdue.ts';
import { primaries } from '../primaries.ts';
import { publishedEnd } from '../published-end.ts';
import { rightSince } from '../right-since.ts';
import { finding, type Rule } from '../rule.ts';
import { lastLook } from '../ses-look.ts';
import { isOffAir } from './nameserver-broken.ts';

/** With BYODKIM and INVALID_VALUE the record is a key, so the private half that SES was given is the suspect. */
export const verificationOverdue: Rule = (evidence, reading, found) => {
  const { identity, expectation, history, now } = evidence;
  const why = identity.type === 'domain' ? overdueWhy(evidence, reading) : undefined;
  if (why === undefined || isOffAir(found)) return [];
  const since = pendingSince(evidence);
  const { errorType } = identity.ses;
  const facts = {
    why,
    ...(lastLook(evidence, reading) === 'before' ? { rightSince: rightSince(identity, history, now) } : {}),
    ...(since === undefined ? {} : { pendingSince: since.at }),
    estimated: since?.estimated ?? true,
    ...(errorType === undefined ? {} : { errorType }),
    suspectPrivateKey: identity.method === 'byodkim' && errorType === 'INVALID_VALUE' && reading.right,
    ...publishedEnd(reading),
    ...primaries(evidence, reading),
  };
  return [
    finding('verification-overdue', 'warning', facts, {
      records: expectation.kind === 'records' ? expectation.records : [],
      zone: reading.zone,
    }),
  ];
};
