// The one table of words: a new kind of finding does not compile until it has some.
import type { Subject } from '../model/alert.ts';
import type { FindingKind, FindingOf } from '../model/finding.ts';
import { visible } from '../model/safe-text.ts';
import { BLINDNESS_WORDS } from './catalog/blindness.ts';
import { IDENTITY_WORDS } from './catalog/identities.ts';
import { KEY_QUALITY_WORDS } from './catalog/key-quality.ts';
import { KEY_WORDS } from './catalog/keys.ts';
import { MAIL_WORDS } from './catalog/mail.ts';
import { MISPLACED_WORDS } from './catalog/misplaced.ts';
import { REACH_WORDS } from './catalog/reach.ts';
import { RECORD_WORDS } from './catalog/records.ts';
import { SENDING_WORDS } from './catalog/sending.ts';
import { SERVER_WORDS } from './catalog/servers.ts';
import { STATUS_WORDS } from './catalog/status.ts';
import type { Words } from './words.ts';

export const CATALOG: { readonly [K in FindingKind]: Words<K> } = {
  ...SERVER_WORDS,
  ...REACH_WORDS,
  ...RECORD_WORDS,
  ...MISPLACED_WORDS,
  ...KEY_WORDS,
  ...KEY_QUALITY_WORDS,
  ...STATUS_WORDS,
  ...SENDING_WORDS,
  ...IDENTITY_WORDS,
  ...MAIL_WORDS,
  ...BLINDNESS_WORDS,
};

/** Longer texts are cut: nothing here comes near, whatever DNS put into the facts. */
const MAX_TEXT = 8000;

/** The words of one finding. Every text is safe to show; a step of `fix` may have several lines, and no other control character. */
export function wordsFor<K extends FindingKind>(
  finding: FindingOf<K>,
  subject: Subject,
): { readonly title: string; readonly meaning: string; readonly next: string; readonly fix: readonly string[] } {
  const words: Words<K> = CATALOG[finding.kind];
  return {
    title: visible(words.title(finding, subject), 300),
    meaning: visible(words.meaning(finding, subject), MAX_TEXT),
    next: visible(words.next(finding, subject), MAX_TEXT),
    fix: words.fix(finding, subject).map((step) =>
      step
        .split('\n')
        .map((line) => visible(line, MAX_TEXT))
        .join('\n'),
    ),
  };
}
