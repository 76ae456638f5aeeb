// The mail of a digest: how the whole is, and in sections what is open, over, muted, unseen and pending.
import type { Digest } from '../model/digest.ts';
import { type Entry, endedEntry, lifeSentence, muteSays, openEntry, pendingSays, unseenSays, wholeSentence } from './digest-words.ts';
import { plural, wrap } from './layout.ts';
import { footer, type MailIds, section, WIDTH } from './mail-parts.ts';
import type { Words } from './worded.ts';

export interface DigestPage {
  /** How many entries each list may name; the rest is counted. */
  readonly shown: number;
  readonly words: Words;
}

/** The mail's text. A list without entries is left out, but that nothing is open is said. */
export function digestMail(digest: Digest, alertId: string, ids: MailIds, { shown, words }: DigestPage): string {
  const { now } = ids;
  const part = <T>(title: string, items: readonly T[], entry: (item: T) => Entry, dropped = 0): readonly string[] =>
    section(title, listLines(items, entry, shown, dropped));
  return [
    ...wrap(wholeSentence(digest), WIDTH),
    '',
    ...wrap(lifeSentence(digest, now), WIDTH),
    ...(digest.open.length === 0 ? ['', 'Nothing is open.'] : []),
    ...part('OPEN, WORST FIRST', digest.open, (one) => openEntry(one, words, now)),
    ...part('OVER SINCE THE LAST DIGEST', digest.ended, (one) => endedEntry(one, now), digest.endedDropped),
    ...part('COULD NOT BE SEEN IN THE LAST SWEEP', digest.unseen, (one) => placed(`${one.account}/${one.region}`, unseenSays(one))),
    ...part('PENDING: SES IS STILL LOOKING FOR THE RECORDS', digest.pending, (one) => ({
      name: one.identity,
      place: `${one.region}, ${one.account}`,
      says: pendingSays(one, now),
    })),
    ...part('MUTED', digest.mutes, (one) => placed(one.identity, muteSays(one, now))),
    ...footer({ id: alertId }, ids),
  ].join('\n');
}

const placed = (name: string, says: string): Entry => ({ name, place: '', says });

function listLines<T>(items: readonly T[], entry: (item: T) => Entry, shown: number, dropped: number): readonly string[] {
  const more = items.length - Math.min(items.length, shown) + dropped;
  return [
    ...items.slice(0, shown).flatMap((item) => {
      const { name, place, says } = entry(item);
      return [...wrap(place === '' ? name : `${name} (${place})`, WIDTH, '    ', '  - '), ...wrap(says, WIDTH, '    ')];
    }),
    ...(more > 0 ? [`  and ${plural(more, 'more', 'more')}`] : []),
  ];
}
