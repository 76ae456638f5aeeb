// What happens next if nobody does anything, for kinds that share it. SES publishes no times for its checks, so none are named here.
import type { Subject } from '../../model/alert.ts';

/** What SES does once a check misses the records. AWS's pages and SES's own mails differ on when signing stops, so both are said. */
export const STOPS =
  "stops signing: most likely at once, at the latest five days later (AWS's own texts differ). Five days after that check it drops the set-up, which must then be started from the beginning.";

/** What SES does next where the records are not as it wants them. */
export function sesNext({ status }: Subject): string {
  switch (status) {
    case 'SUCCESS':
      return `At its next check SES notices and ${STOPS} When it checks next is not published. If all is right by then, nothing happens.`;
    case 'TEMPORARY_FAILURE':
      return 'Five days after its warning SES drops the set-up, which must then be started from the beginning. If it finds all right before that, it signs again by itself.';
    case 'PENDING':
      return 'As soon as SES finds all records right it begins to sign. After 72 hours it stops looking, and the verification must then be started again.';
    case 'FAILED':
      return 'Nothing changes by itself. SES does not look again until somebody starts the verification again, and mail goes out unsigned until then.';
    case 'NOT_STARTED':
      return 'Nothing changes by itself. Mail goes out unsigned until somebody starts DKIM for this identity in SES.';
    case 'UNKNOWN':
      return `If SES has verified the domain, it notices at its next check and ${STOPS} If it has not, it does not sign until all is right.`;
  }
}

/** The same where it is chance, or not known, whether a check of SES misses anything: `when` says on what it hangs, up to the word "it". */
export function sesNextIf(when: string, subject: Subject): string {
  return subject.status === 'SUCCESS' || subject.status === 'UNKNOWN' ? `${when} it ${STOPS}` : sesNext(subject);
}
