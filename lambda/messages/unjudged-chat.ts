// The chat text about what cannot be judged.
import type { AlertEvent } from '../model/alert.ts';
import { code, prose } from './chat-text.ts';
import { newsOf } from './mail-parts.ts';
import { utcWithDistance } from './times.ts';
import { unjudgedFinding, unjudgedSince } from './unjudged.ts';
import type { Advice } from './unjudged-advice.ts';
import type { WordedAlert } from './worded.ts';

/** What it means, and each of the first ten with why it cannot be judged. */
export function unjudgedText(
  { alert }: WordedAlert,
  event: AlertEvent,
  { now }: { readonly now: string },
  advice: Advice | undefined,
  beside: readonly string[] = [],
): string {
  const shown = alert.affected.slice(0, 10);
  const ours = advice?.ours ?? '';
  const more = alert.affected.length - shown.length;
  return [
    prose(advice?.meaning ?? ''),
    `Since ${utcWithDistance(unjudgedSince(alert), now)}.`,
    ...beside.map((sentence) => `Open: ${prose(sentence, 900)}`),
    ...(advice === undefined ? [] : [`What happens next: ${prose(advice.next)}`]),
    ...newsOf(alert, event, now).map(([label, value]) => `${label}: ${prose(value)}`),
    ...(ours === '' ? [] : [prose(ours)]),
    ...shown.map((one) => `- ${code(one.subject.identity, 253)}: ${prose(unjudgedFinding(one)?.facts.detail ?? '', 500)}`),
    ...(more > 0 ? [`and ${more.toLocaleString('en-US')} more`] : []),
  ].join('\n');
}
