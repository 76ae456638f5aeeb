// The page docs/findings.md, made from the tables: what the monitor can tell, with one example of each as the terminal shows it.
import { CATALOG } from '../lambda/diagnosis/catalog.ts';
import { explain, kindsInOrder } from '../lambda/diagnosis/explain.ts';
import { kindFacts } from '../lambda/messages/explain-page.ts';
import { findingCore } from '../lambda/messages/terminal-findings.ts';
import type { Explanation } from '../lambda/model/explanation.ts';

const HEAD = `# What the monitor can tell

<!-- Made by scripts/generate-findings-doc.ts: run "npm run docs" after a change of the words. -->

Each finding has a kind, which is stable: mute and route by it. Severity: \`critical\` mail is unsigned or soon will be, \`warning\` a defect that will
bite, \`notice\` worth knowing. An identity is *broken* if it has a finding of \`warning\` or \`critical\`, *healthy* if every expected record was seen
right on the domain's own name servers, and *unknown* otherwise, with the reason. Section D never makes an identity broken.

A cause hides what merely follows from it: *not told beside* names the causes, *hides* the consequences. The examples are made up. At a terminal each
also shows its records in other forms to paste (zone file, AWS CLI, Terraform) and the answers it rests on: \`npx dkim-monitor explain KIND\`.

To mute a kind for an identity, for good or until a day: [\`mute\` in the configuration](../monitor.config.example.json).
`;

/** Columns of the examples. */
const WIDTH = 100;

/** The whole page as Markdown. */
export function findingsPage(): string {
  const all = kindsInOrder().map(explain);
  return [HEAD, contents(all), ...all.map((one, i) => `${heading(one, all[i - 1])}${section(one)}`)].join('\n');
}

function contents(all: readonly Explanation[]): string {
  const rows = all.map(
    ({ kind, section: letter, severities, summary }) =>
      `| ${letter} | [${kind}](#${kind}) | ${severities.join(', ')} | ${plain(summary)} |`,
  );
  return `| | kind | severity | |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function heading({ section: letter, sectionTitle }: Explanation, before: Explanation | undefined): string {
  return letter === before?.section ? '' : `## ${letter}. ${sectionTitle}\n\n`;
}

function section(one: Explanation): string {
  const { example, exampleAt } = one;
  const shown = findingCore(example, { width: WIDTH, color: false, now: exampleAt });
  const facts = JSON.stringify(CATALOG[one.kind].example.facts, undefined, 2);
  return `### ${one.kind}

${plain(one.summary)}

${list(one)}

\`\`\`text
${shown.map((line) => line.replace(/^ {2}/, '')).join('\n')}
\`\`\`

Its facts, in reports and messages:

\`\`\`json
${facts}
\`\`\`
`;
}

function list(one: Explanation): string {
  return kindFacts(one, (kind) => `[\`${kind}\`](#${kind})`)
    .map(([label, text]) => `- **${label}:** ${label === 'Not told beside' || label === 'Hides' ? text : plain(text)}`)
    .join('\n');
}

/** Text in which no character means anything to Markdown. */
const plain = (text: string): string => text.replace(/[*_<>|`]/g, '\\$&');
