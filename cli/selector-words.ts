// The words for what SES does not like about a selector.
import { judgeSelector, type SelectorVerdict } from '../lambda/dkim/selector.ts';
import { quoted } from '../lambda/model/names.ts';
import { withoutKeys } from './hide-keys.ts';

type Refused = Extract<SelectorVerdict, { kind: 'refused' }>;

const RULE = 'SES takes 1 to 63 letters and digits, and answers BadRequestException to anything else';

const WHY: { readonly [W in Refused['why']]: string } = {
  empty: 'it is empty',
  'too-long': 'it is too long',
  period: 'it has a period',
  'edge-hyphen': 'it begins or ends with a hyphen',
  symbol: 'it has a sign that is neither a letter nor a digit',
};

/** One sentence about a refused selector, or about hyphens; undefined if there is nothing to say. `text` is what somebody typed. */
export function selectorSentence(text: string): { readonly refused: boolean; readonly says: string } | undefined {
  const verdict = judgeSelector(text);
  switch (verdict.kind) {
    case 'fine':
      return undefined;
    case 'hyphens':
      return {
        refused: false,
        says: `The selector ${quoted(text)} has hyphens: the API takes them, AWS's pages allow letters and digits only. Without them is safe.`,
      };
    case 'refused': {
      const meant = verdict.meant === undefined ? '' : ` Only the part before "._domainkey" is meant: ${verdict.meant}.`;
      return { refused: true, says: `The selector ${quoted(withoutKeys(text))} is not one: ${WHY[verdict.why]}. ${RULE}.${meant}` };
    }
  }
}
