// What DNS and SES say of a custom MAIL FROM domain, taken together.
import { txtAtEnd } from '../dkim/answer-chain.ts';
import { exchangesOf, judgeMx, mayAllowSes } from '../dkim/mail-from.ts';
import type { Evidence, MailRound } from '../model/evidence.ts';
import type { MailFromProblem } from '../model/finding.ts';
import type { DnsRecord, Lookup } from '../model/lookup.ts';
import { type DnsName, isWithin } from '../model/names.ts';
import { cutAt } from '../model/safe-text.ts';
import { isConfirmed } from './confirmed.ts';

export interface MailReading {
  /** Undefined if all is well, or if nobody can say. */
  readonly problem: MailFromProblem | undefined;
  readonly found: readonly string[];
  readonly spfMissing: boolean;
  /** All is known to be well: SES says so, and nothing in DNS speaks against it. */
  readonly works: boolean;
  /** The zone of the identity's records, where the MAIL FROM domain lies in it. */
  readonly zone?: DnsName;
  readonly lookups: readonly Lookup[];
}

const MAX_FOUND = 5;
const MAX_VALUE = 260;

/** Undefined without a custom MAIL FROM domain. */
export function readMail({ identity, dns }: Evidence): MailReading | undefined {
  const { mailFrom } = identity.ses;
  if (mailFrom === undefined || identity.type !== 'domain') return undefined;
  const rounds = dns.mail === undefined ? [] : [dns.mail.first, ...(dns.mail.second ? [dns.mail.second] : [])];
  const views = rounds.map((round) => viewOf(round, mailFrom.domain, identity.region));
  const latest = views.at(-1);
  // Wrong is said only if both rounds say the same.
  const confirmed = isConfirmed(dns) && views.every((view) => view.mx === latest?.mx && view.spfMissing === latest?.spfMissing);
  const inDns: MailFromProblem | undefined =
    latest === undefined || !confirmed
      ? undefined
      : latest.mx === 'missing' || latest.mx === 'several' || latest.mx === 'wrong'
        ? `mx-${latest.mx}`
        : latest.spfMissing
          ? 'spf-missing'
          : undefined;
  const apex = dns.delegation?.kind === 'delegated' ? dns.delegation.apex : undefined;
  return {
    problem: inDns ?? bySes(mailFrom.status, latest?.mx),
    found: latest?.found ?? [],
    spfMissing: confirmed && latest?.spfMissing === true,
    works: mailFrom.status === 'SUCCESS' && inDns === undefined,
    ...(apex !== undefined && isWithin(mailFrom.domain, apex) ? { zone: apex } : {}),
    lookups: rounds.at(-1) === undefined ? [] : [...(rounds.at(-1)?.mx ?? []), ...(rounds.at(-1)?.txt ?? [])],
  };
}

/** By SES's word alone. A status this version has never heard of says nothing. */
function bySes(status: string, mx: View['mx'] | undefined): MailFromProblem | undefined {
  if (status === 'FAILED' || status === 'TEMPORARY_FAILURE') return 'ses-status';
  return status === 'PENDING' && mx === 'right' ? 'pending' : undefined;
}

interface View {
  readonly mx: 'right' | 'missing' | 'several' | 'wrong' | 'unknown';
  readonly spfMissing: boolean;
  readonly found: readonly string[];
}

function viewOf(round: MailRound, domain: DnsName, region: string): View {
  const answered = round.mx.flatMap(({ outcome }) => (outcome.kind === 'answer' ? [outcome.records] : []));
  const [records] = answered;
  const verdicts = new Set(answered.map((answer) => judgeMx(answer, region)));
  const [only] = verdicts;
  const verdict = only === 'elsewhere' ? undefined : only;
  const found =
    records === undefined
      ? []
      : exchangesOf(records)
          .slice(0, MAX_FOUND)
          .map((exchange) => cutAt(exchange, MAX_VALUE));
  const spfMissing = isMissing(round.txt, round.servers, (answer) => lacksSpf(answer, domain));
  if (isMissing(round.mx, round.servers, (answer) => judgeMx(answer) === 'missing')) return { mx: 'missing', found, spfMissing };
  return { mx: verdicts.size === 1 && verdict !== undefined ? verdict : 'unknown', found, spfMissing };
}

/** Where a CNAME leads out of what the server knows, nobody said that there is none. */
function lacksSpf(answer: readonly DnsRecord[], domain: DnsName): boolean {
  const texts = txtAtEnd(answer, domain);
  return !mayAllowSes(texts) && (texts.length > 0 || !answer.some(({ type }) => type === 'CNAME'));
}

/** Everybody who answers says so, two servers at least or the only one; silence says nothing. */
function isMissing(lookups: readonly Lookup[], servers: number, lacks: (answer: readonly DnsRecord[]) => boolean): boolean {
  const heard = lookups.filter(({ outcome }) => outcome.kind === 'answer' || outcome.kind === 'absent');
  return (
    heard.length >= Math.min(2, Math.max(1, servers)) &&
    heard.every(({ outcome }) => outcome.kind === 'absent' || (outcome.kind === 'answer' && lacks(outcome.records)))
  );
}
