// The page docs/casebook.md, made from the casebook: what happened to people, how it is replayed, and what the monitor says.
import type { Expectation, Expectations } from '../sandbox/scenarios/plot.ts';
import { scenario } from '../sandbox/scenarios/scenario.ts';
import type { Case } from '../test/casebook/case.ts';
import { CASES, PUBLIC_CASES } from '../test/casebook/cases.ts';

const HEAD = `# Casebook

<!-- Made by scripts/generate-casebook-doc.ts: run "npm run docs" after a change of the cases or scenarios. -->

Failures that really happened, in public (1 to ${PUBLIC_CASES}), and pairs that are easy to confuse (from ${PUBLIC_CASES + 1} on). Each is replayed on the sandbox to the real
function by the tests (\`test/casebook\`), which compare every finding: the kinds named here, and no others. Who is not named is healthy, and nothing
is said of it. Kinds are explained in [findings.md](findings.md).
`;

/** The whole page as Markdown. */
export function casebookPage(): string {
  return `${HEAD}\n${CASES.map(section).join('\n')}`;
}

function section({ number, title, source, must, mustNot, scenarios }: Case): string {
  const words = [`Must be said: ${must}`, ...(mustNot === undefined ? [] : [`Must not: ${mustNot}`])].join(' ');
  const from = source === 'own' ? '' : ` (${source})`;
  const rows = scenarios.map((name) => {
    const { describe, expect } = scenario(name);
    return `| \`${name}\` | ${cell(describe)} | ${cell(saidOf(expect))} |`;
  });
  return [
    `## ${number}. ${title}`,
    '',
    `${words}${from}`,
    '',
    '| scenario | what happens | what is said in the end |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** What is said of each of those named; equal words once, for all of them. */
function saidOf(expected: Expectations): string {
  const byWords = new Map<string, string[]>();
  for (const [key, expectation] of Object.entries(expected)) {
    const words = wordsOf(expectation);
    byWords.set(words, [...(byWords.get(words) ?? []), nameOf(key)]);
  }
  if (byWords.size === 0) return 'nothing: all healthy';
  return [...byWords].map(([words, names]) => `${names.join(', ')}: ${words}`).join('<br>');
}

function wordsOf({ mandatory, maybe = [], diagnosis, severity = {} }: Expectation): string {
  const told = mandatory.map((kind) => `\`${kind}\`${severity[kind] === undefined ? '' : ` (${severity[kind]})`}`);
  const perhaps = maybe.length === 0 ? [] : [`perhaps ${maybe.map((kind) => `\`${kind}\``).join(', ')}`];
  const whole = diagnosis === undefined ? [] : [[diagnosis].flat().join(' or ')];
  return [...whole, ...told, ...perhaps].join(', ');
}

/** `account/region/identity` is shown by the identity and region, a target by account and region. */
function nameOf(key: string): string {
  const [account, region, identity] = key.split('/');
  return identity === undefined ? `${account}, ${region}` : `${identity} (${region})`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
