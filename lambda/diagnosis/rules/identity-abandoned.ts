// An identity that nobody ever finished: never verified, weeks old, and not sending.
import { abandonedSince } from '../abandoned.ts';
import { finding, type Rule } from '../rule.ts';

/** A notice, in the place of all that could be said of it: eleven mails about a forgotten test identity help nobody. */
export const identityAbandoned: Rule = (evidence) => {
  const since = abandonedSince(evidence);
  if (since === undefined) return [];
  return [
    finding('identity-abandoned', 'notice', { since: since.at, estimated: since.estimated, statusNow: evidence.identity.ses.status }),
  ];
};
