// SES has verified DKIM, but the switch for signing is off.
import { finding, type Rule } from '../rule.ts';

/** Critical if we once saw it on: then somebody or something turned it off. It stays so until it is on again. */
export const signingDisabled: Rule = ({ identity, history }) => {
  const { ses, type } = identity;
  if (type !== 'domain' || ses.status !== 'SUCCESS' || ses.signing !== false) return [];
  const wasEnabled = history?.signing === true;
  return [finding('signing-disabled', wasEnabled ? 'critical' : 'warning', { wasEnabled })];
};
