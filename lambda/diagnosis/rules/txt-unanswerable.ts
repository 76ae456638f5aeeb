// The record is there, but nobody answers the TXT question, which is the one that SES and receivers ask.
import { lostRecordDeadlines } from '../deadlines.ts';
import { finding, type Rule } from '../rule.ts';
import { serverName } from '../server-words.ts';

/** Critical only while SES still says SUCCESS: then there is something to lose that it has not noticed. One server answering TXT is enough for silence. */
export const txtUnanswerable: Rule = (evidence, reading) => {
  const affected = reading.records.flatMap((one) => (one.verdict.kind === 'txt-unanswerable' ? [{ ...one, verdict: one.verdict }] : []));
  if (affected.length === 0) return [];
  const servers = new Set(affected.flatMap(({ verdict }) => verdict.failing.map(({ server }) => serverName(server))));
  const failures = new Set(affected.flatMap(({ verdict }) => verdict.failures));
  const [failure = 'silent'] = failures;
  const facts = {
    servers: [...servers].sort(),
    failure: failures.size > 1 ? 'mixed' : failure,
    all: affected.every(({ verdict }) => verdict.all),
  } as const;
  return [
    finding('txt-unanswerable', evidence.identity.ses.status === 'SUCCESS' ? 'critical' : 'warning', facts, {
      records: affected.map(({ record }) => record),
      zone: reading.zone,
      evidence: affected.flatMap(({ evidence: about }) => (about?.confirmation.length ? about.confirmation : (about?.lookups ?? []))),
      deadlines: lostRecordDeadlines(evidence),
    }),
  ];
};
