// What to check next when no signature of the From domain holds: the causes of AWS's page "Troubleshooting DKIM", each with its command.
import { shellQuoted } from '../lambda/diagnosis/shell.ts';
import { judgeSelector, looksLikeToken } from '../lambda/dkim/selector.ts';
import { listed } from '../lambda/messages/layout.ts';
import { COMMAND } from '../lambda/model/command.ts';
import type { Inspected, ReportSignature } from './inspect-report.ts';

/** Steps in the order of their likelihood; the lines after a step's first one are commands. Only parsed names get into commands. */
export function nextSteps(found: Inspected): readonly string[] {
  const { fromName } = found;
  if (found.verdict === 'aligned' || fromName === undefined) return [];
  const own = found.signatures.filter(({ whose }) => whose === 'from');
  return own.length > 0 ? own.flatMap((signature) => afterFailure(signature, found)) : notSigned(found, fromName);
}

/** An address that begins with a hyphen would be read as an option of its own. */
function identityOption(address: string | undefined): string {
  if (address?.startsWith('-') === true) return shellQuoted(`--email-identity=${address}`);
  return `--email-identity ${address === undefined ? 'ADDRESS' : shellQuoted(address)}`;
}

const region = ({ ses }: Inspected): string => ses.region ?? 'REGION';

function afterFailure({ domain, selector, reason, result, header, body }: ReportSignature, found: Inspected): readonly string[] {
  const plain = judgeSelector(selector).kind !== 'refused';
  const bySes = `Compare what SES expects with what DNS holds:\n${COMMAND} check ${domain} --region ${region(found)}`;
  const byDns = plain ? `Look at the published record:\n${COMMAND} check ${domain} --selector ${selector}` : bySes;
  const record = looksLikeToken(selector) ? bySes : byDns;
  if (result === 'unknown') return ['Try again, or ask another resolver: --resolver 1.1.1.1', record];
  if (reason === 'body-changed') {
    return [
      'Take the message as it came: "view source" or "download original" in the mailbox, not a copy that was forwarded, printed or saved by an editor.',
      'If it was changed on the way (a mailing list, a virus scanner, a footer of the company), look at a copy that went to a mailbox elsewhere; or the message is forged: do not trust it.',
      ...(header === 'valid' ? [] : [record]),
    ];
  }
  if (reason === 'header-changed') {
    const pair = looksLikeToken(selector)
      ? []
      : [
          `If you gave SES the key yourself, see whether it is the published one:\n${COMMAND} byodkim verify --key KEY_FILE --selector ${plain ? selector : 'SELECTOR'} ${domain}`,
        ];
    // Another signature over the same message that holds shows that nothing was changed on the way.
    const unchanged = found.signatures.some((other) => other.result === 'pass');
    const why = unchanged
      ? ['Another signature of this message holds, so it was not changed: the key in DNS is not the one that signed.']
      : [];
    const older = body === 'as-signed' ? ['If the key was replaced after this message was sent, look at a newer message.'] : [];
    return [...why, ...older, record, ...pair];
  }
  return reason?.startsWith('key-') === true ? [record] : [];
}

function notSigned({ ses, from, signatures }: Inspected, domain: string): readonly string[] {
  if (!ses.seen) {
    const others = [...new Set(signatures.map((signature) => signature.domain))];
    const signed = others.length === 0 ? 'Nobody signed it' : `It is signed by ${listed(others, 3)}`;
    return [
      `Nothing in the message says that SES sent it. ${signed}: find out which service did (the lowest Received lines tell), and set up DKIM there.`,
      `If it is meant to go through SES, see what is set up:\n${COMMAND} sweep --all`,
    ];
  }
  const where = ses.region ?? 'REGION';
  const there = ses.region === undefined ? 'in the region that sends' : `in ${ses.region}, where the message says it was sent`;
  const address = from.address !== undefined && /^[A-Za-z0-9.+_-]+@[A-Za-z0-9.-]+$/.test(from.address) ? from.address : undefined;
  return [
    `Is DKIM set up and switched on for ${domain} ${there}? This says so, and finds records that went missing, with which SES stops signing:\n${COMMAND} check ${domain} --region ${where}`,
    `Is the sender's address an identity of its own? Such an address does not use the DKIM of its domain. If this command finds one that is not signing, delete that identity; NotFoundException is what you want to see:\naws sesv2 get-email-identity --region ${where} ${identityOption(address)} --query DkimAttributes`,
    `Was it sent from another account or region? DKIM is set up in each on its own; this compares all that are configured:\n${COMMAND} sweep --all`,
  ];
}
