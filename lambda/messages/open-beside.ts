// What is open of those who cannot be judged: an alert about blindness that named no trouble and no deadline would let both be forgotten.
import type { AlertTelling, OpenBeside } from '../model/telling.ts';
import { deadlineSentence } from './finding-text.ts';
import { plural, wrap } from './layout.ts';
import { section, sesSays, WIDTH } from './mail-parts.ts';
import { distance, utc, utcWithDistance } from './times.ts';
import type { Words } from './worded.ts';

const MAX = 10;

/** One paragraph each, at most ten, then how many more there are. Empty if nothing is open. */
export function besideSentences({ openBeside = [] }: Pick<AlertTelling, 'openBeside'>, words: Words, now: string): readonly string[] {
  const more = openBeside.length - MAX;
  return [
    ...openBeside.slice(0, MAX).map((one) => sentenceOf(one, words, now)),
    ...(more > 0 ? [`and ${plural(more, 'more', 'more')}`] : []),
  ];
}

function sentenceOf({ subject, finding, seenAt, deadline }: OpenBeside, words: Words, now: string): string {
  const { title } = words(finding, subject);
  const named = title.includes(subject.identity) ? title : `${subject.identity}: ${title}`;
  const clock =
    deadline === undefined
      ? 'No deadline is known.'
      : `${Date.parse(deadline.at) > Date.parse(now) ? 'Next deadline' : 'The last deadline has passed'}: ${utc(deadline.at)} (${distance(deadline.at, now)}${deadline.estimated ? ', estimated, the earliest' : ''}): ${deadlineSentence(deadline.name)}`;
  return `${named} (${finding.severity}; last seen ${utcWithDistance(seenAt, now)}). SES says ${sesSays(subject)}; read ${utcWithDistance(subject.readAt, now)}. ${clock}`;
}

/** The same as a section of a mail. */
export function besideLines(telling: Pick<AlertTelling, 'openBeside'>, words: Words, now: string): readonly string[] {
  return section(
    'OPEN, AS LAST SEEN',
    besideSentences(telling, words, now).flatMap((sentence) => wrap(sentence, WIDTH, '    ', '  - ')),
  );
}
