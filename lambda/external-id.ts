// Which external ids are good enough: made by chance, long enough that nobody guesses them.
import type { Parsed } from './model/names.ts';

/** How a new one is made; error sentences end with it. */
export const MAKES_EXTERNAL_ID = '`npx dkim-monitor init --external-id` prints one made by chance';

/** Stands in the example configurations, and is to be replaced: whoever can read the repository knows it. */
export const EXAMPLE_EXTERNAL_ID = 'run-dkim-monitor-init-for-one';

const LEAST_CHARACTERS = 16;
const LEAST_DIFFERENT = 8;
/** A text of these words alone is what somebody thought up. */
const WORDS =
  /^(aws|ses|dkim|dns|mail|email|monitor|monitoring|member|hub|account|accounts|role|read|reader|external|externalid|id|secret|password|passwd|test|testing|example|sample|demo|default|change|changeme|me|my|our|the|for|of|an?|company|corp|prod|production|dev|staging|admin|key|token|value|abc|xyz|[0-9]{1,4})$/i;

/**
 * Reads an external id. The text is never repeated in the sentence: a mistyped one may be half of the real one.
 * Source of the form: IAM User Guide, "IAM and AWS STS quotas"; of why it must not be guessable: "The confused deputy problem".
 */
export function parseExternalId(text: string): Parsed<string> {
  const problem = externalIdProblem(text);
  return problem === undefined ? { ok: true, value: text } : { ok: false, problem: `${problem} ${MAKES_EXTERNAL_ID}.` };
}

function externalIdProblem(text: string): string | undefined {
  if (!/^[\w+=,.@:/-]{2,1224}$/.test(text)) return 'is not an external id (2 to 1224 letters, digits and +=,.@:/-).';
  if (text === EXAMPLE_EXTERNAL_ID) return 'can be guessed, since it is that of the example: an external id is made by chance.';
  if (text.length < LEAST_CHARACTERS) return `is too short to be safe: an external id has ${LEAST_CHARACTERS} characters or more.`;
  if (/(^|\D)\d{12}(\D|$)/.test(text)) return 'holds an account id, which others know: an external id is made by chance.';
  const words = text.split(/[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])/).filter((word) => word !== '');
  if (new Set(text).size < LEAST_DIFFERENT || words.every((word) => WORDS.test(word)))
    return 'can be guessed: an external id is made by chance.';
  return undefined;
}
