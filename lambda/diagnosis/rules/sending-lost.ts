// The identity was allowed to send and is not any more.
import { dnsNow } from '../dns-now.ts';
import { finding, type Rule } from '../rule.ts';

/** SES refuses its mail altogether, signed or not. Stays until it may send again. */
export const sendingLost: Rule = ({ identity, history }, reading) =>
  identity.ses.verifiedForSending === false && history?.maySend === true ? [finding('sending-lost', 'critical', dnsNow(reading))] : [];
