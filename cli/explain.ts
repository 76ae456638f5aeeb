// `dkim-monitor explain`: the words of one kind of finding, or the list of all kinds.
import { Command } from 'commander';
import { explain as explanationOf, kindsInOrder } from '../lambda/diagnosis/explain.ts';
import { didYouMean } from '../lambda/did-you-mean.ts';
import { explainList, explainPage } from '../lambda/messages/explain-page.ts';
import { COMMAND } from '../lambda/model/command.ts';
import type { FindingKind } from '../lambda/model/finding.ts';
import { quoted } from '../lambda/model/names.ts';
import { EXIT, UsageError } from './exit.ts';
import type { Terminal } from './terminal.ts';

interface Flags {
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  ${COMMAND} explain                             every kind of finding, with its severity
  ${COMMAND} explain record-missing              what it means, how it is found, what to do, how to mute it
  ${COMMAND} explain record-missing --json

Asks nobody: no AWS credentials, no DNS.
`;

/** Kinds named in an error at most. */
const MAX_NAMED = 5;

export function explainCommand(terminal: Terminal, done: (code: number) => void): Command {
  return new Command('explain')
    .description('Say what a kind of finding means and what to do about it, or list all kinds.')
    .argument('[kind]', 'such as record-missing, as findings and reports name it')
    .option('--json', 'print it as JSON, and nothing else, on standard output')
    .addHelpText('after', EXAMPLES)
    .action((kind: string | undefined, flags: Flags) => {
      terminal.out(kind === undefined ? list(flags, terminal) : page(parseKind(kind), flags, terminal));
      done(EXIT.fine);
    });
}

function list({ json }: Flags, terminal: Terminal): string {
  const all = kindsInOrder().map(explanationOf);
  if (json !== true) return explainList(all, screenOf(terminal));
  const kinds = all.map(({ example: _, exampleOf: _of, exampleAt: _at, ...rest }) => rest);
  return `${JSON.stringify({ schema: 1, kinds }, undefined, 2)}\n`;
}

function page(kind: FindingKind, { json }: Flags, terminal: Terminal): string {
  const one = explanationOf(kind);
  return json === true ? `${JSON.stringify({ schema: 1, ...one }, undefined, 2)}\n` : explainPage(one, screenOf(terminal));
}

const screenOf = ({ width, color }: Terminal) => ({ width, color, now: new Date().toISOString() });

/** People type what they read somewhere: capitals, spaces and underscores do not matter. */
function parseKind(text: string): FindingKind {
  const kinds = kindsInOrder();
  const word = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
  const found = kinds.find((kind) => kind === word);
  if (found !== undefined) return found;
  throw new UsageError(`${quoted(text)} is no kind of finding.${guess(word, kinds)} All of them: ${COMMAND} explain`);
}

function guess(word: string, kinds: readonly FindingKind[]): string {
  const near = didYouMean(word, kinds);
  if (near !== undefined) return ` Did you mean ${near}?`;
  const alike = word.length < 3 ? [] : kinds.filter((kind) => kind.includes(word)).slice(0, MAX_NAMED);
  return alike.length === 0 ? '' : ` Did you mean ${alike.join(' or ')}?`;
}
