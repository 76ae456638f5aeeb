// The custom MAIL FROM domain does not work: bounces are lost, SPF does not align, or SES refuses to send.
import { mailFromRecords } from '../../dkim/mail-from.ts';
import { readMail } from '../mail-reading.ts';
import { finding, type Rule } from '../rule.ts';

/**
 * Critical where the identity is set to reject its mail while the MX is broken (BehaviorOnMxFailure REJECT_MESSAGE) and the MX is what is broken.
 * Pending with the right records is a matter of waiting, and a notice, unless mail is refused meanwhile.
 */
export const mailFromBroken: Rule = (evidence) => {
  const { identity } = evidence;
  const { mailFrom } = identity.ses;
  const mail = readMail(evidence);
  if (mailFrom === undefined || mail === undefined || mail.problem === undefined) return [];
  const { problem, found, spfMissing, lookups } = mail;
  const { mx, spf } = mailFromRecords(mailFrom.domain, identity.region);
  const mxFails = problem !== 'spf-missing' && problem !== 'pending';
  const facts = { domain: mailFrom.domain, problem, status: mailFrom.status, rejects: mailFrom.rejects, found, spfMissing };
  // While SES has not confirmed it, it refuses the mail of such an identity as well; one that may not send yet loses nothing.
  const refused = mailFrom.rejects && identity.ses.verifiedForSending !== false;
  const severity = problem === 'pending' ? (refused ? 'warning' : 'notice') : mailFrom.rejects && mxFails ? 'critical' : 'warning';
  return [
    finding('mail-from-broken', severity, facts, {
      records: [
        ...(mx === undefined || problem === 'spf-missing' ? [] : [mx]),
        ...(mxFails && problem !== 'ses-status' && !spfMissing ? [] : [spf]),
      ],
      evidence: lookups,
      ...(mail.zone === undefined ? {} : { zone: mail.zone }),
    }),
  ];
};
