// Section D of the kinds: what we could not see.
import type { KindRow } from '../kinds.ts';

export const BLINDNESS_KINDS = {
  'target-unreadable': {
    section: 'D',
    severities: ['critical', 'warning', 'notice'],
    severityWhen:
      "critical after a day, else warning; notice for the first half hour of what mostly passes by itself (throttles, time-outs, errors of AWS or of the monitor's own memory)",
    summary: 'An account and region that cannot be read.',
    found: 'SES or the role of the account refuses or does not answer, to the end of the sweep.',
    alsoHides: 'what SES says of the identities there: those that DNS does not show to be broken are unknown meanwhile',
  },
  'identity-unknown': {
    section: 'D',
    severities: ['warning'],
    summary: 'An identity that could not be judged for several sweeps.',
    found:
      'In four sweeps in a row nothing that counts was learned of its records, or of what they should be. A message goes out once that has lasted an hour.',
  },
} as const satisfies Readonly<Record<string, KindRow>>;
