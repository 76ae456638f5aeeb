// Text for chat: nothing that DNS, SES or a user supplied may become a link, a mention, an emoji or formatting there.
import { cutAt, visible } from '../model/safe-text.ts';

// Slack, Teams and Amazon Q each read another dialect, and a backslash escapes in only some of them. So risky characters are replaced by
// look-alikes that mean nothing in any dialect, and whatever is not a plain word stands in a code span, where nothing is linked.
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '<': '\u2039',
  '>': '\u203a',
  '&': '\uff06',
  '@': '\uff20',
  '`': '\u02cb',
  '*': '\u2217',
  '~': '\u223c',
  '|': '\u01c0',
  '[': '\uff3b',
  ']': '\uff3d',
};

/** For titles and labels, where no code span is shown as one: look-alikes, and no working link. */
export function plainChat(text: string, max: number): string {
  const safe = [...visible(text.replace(/\s+/g, ' '), max * 2)].map((c) => LOOK_ALIKES[c] ?? c).join('');
  return cutAt(safe.replace(/:\/\//g, ': //'), max);
}

/** A code span: names, values and commands, to be copied. In it only what ends it, or what some dialect reads even inside it, is replaced. */
export function code(text: string, max = 400): string {
  const safe = inCode(visible(text.replace(/\s+/g, ' '), max));
  return safe === '' ? '' : `\`${safe}\``;
}

function inCode(text: string): string {
  return text
    .replace(/[<>&@`]/g, (c) => LOOK_ALIKES[c] ?? c)
    .replace(/\]\(/g, `${LOOK_ALIKES[']']}(`)
    .replace(/(https?):\/\//gi, '$1: //');
}

// A word that no dialect reads as anything else: letters and digits, a hyphen or an apostrophe inside; a number; a time of day.
const PLAIN = /^(?:[A-Za-z0-9]+(?:[-'/+][A-Za-z0-9]+)*%?|\d+\.\d+|\d{1,2}:\d{2}(?::\d{2})?)$/;

/** A sentence: plain words stay, every other word becomes a code span (punctuation around it stays outside). Line breaks become spaces. */
export function prose(text: string, max = 2000): string {
  return visible(text.replace(/\s+/g, ' ').trim(), max)
    .split(' ')
    .map((word) => {
      const [, before = '', core = '', after = ''] = /^([("]*)(.*?)([)".,;:!?]*)$/.exec(word) ?? [];
      if (core === '' || PLAIN.test(core)) return word;
      return `${before}${code(core)}${after}`;
    })
    .join(' ');
}

/** A block of lines to be copied. */
export function codeBlock(lines: readonly string[]): string {
  return ['```', ...lines.map((line) => inCode(visible(line, 2000))), '```'].join('\n');
}
