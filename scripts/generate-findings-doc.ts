// The page docs/findings.md, made from the catalogue of words: what the monitor can tell, with one example of each.

import { EXAMPLE_SUBJECT } from '../lambda/diagnosis/catalog/example.ts';
import { CATALOG, wordsFor } from '../lambda/diagnosis/catalog.ts';
import { RULEBOOK } from '../lambda/diagnosis/rulebook.ts';
import type { Subject } from '../lambda/model/alert.ts';
import type { Finding } from '../lambda/model/finding.ts';

const HEAD = `# What the monitor can tell

<!-- Made by scripts/generate-findings-doc.ts: run "npm run docs" after a change of the words. -->

Each finding has a kind, which is stable: mute and route by it. Severity: \`critical\` mail is unsigned or soon will be, \`warning\` a defect that will
bite, \`notice\` worth knowing. The examples are made up; a severity can be another by the facts. An identity is *broken* if it has a finding of
\`warning\` or \`critical\`, *healthy* if every expected record was seen right on the domain's own name servers, and *unknown* otherwise, with the reason.

A cause hides what merely follows from it. The kinds stand in the order in which they are told.
`;

/** The whole page as Markdown. */
export function findingsPage(): string {
  const order = [...RULEBOOK.map(({ kind }) => kind), ...Object.values(CATALOG).map(({ example }) => example.kind)];
  return `${HEAD}\n${[...new Set(order)].map((kind) => section(CATALOG[kind].example)).join('\n')}`;
}

function section(example: Finding): string {
  const { title, meaning, fix } = wordsFor(example, subjectOf(example));
  const entry = RULEBOOK.find(({ kind }) => kind === example.kind);
  const hidden =
    entry === undefined || entry.hiddenBy.length === 0 ? '' : `Not told beside ${entry.hiddenBy.map((kind) => `\`${kind}\``).join(', ')}. `;
  const place = entry === undefined ? '' : `${hidden}${entry.why}\n\n`;
  const facts = `\`\`\`json\n${JSON.stringify(example.facts, null, 2)}\n\`\`\`\n`;
  return `## ${example.kind}\n\nFor example, \`${example.severity}\`: **${title}**\n\n${meaning}\n\n${fix.map(step).join('\n')}\n\n${place}Facts:\n\n${facts}`;
}

/** The example is told as if SES were in the state in which it can come up. */
function subjectOf({ kind }: Finding): Subject {
  switch (kind) {
    case 'key-malformed':
    case 'key-revoked':
    case 'key-wrong-type':
    case 'key-too-short':
    case 'key-testing':
    case 'key-restricted':
    case 'key-mismatch':
    case 'key-changed':
    case 'record-ambiguous':
      return { ...EXAMPLE_SUBJECT, method: 'byodkim' };
    case 'verification-failed':
    case 'revoked':
      return { ...EXAMPLE_SUBJECT, status: 'FAILED' };
    case 'verification-pending':
    case 'verification-overdue':
      return { ...EXAMPLE_SUBJECT, status: 'PENDING' };
    case 'replica-broken':
      return { ...EXAMPLE_SUBJECT, status: 'PENDING', method: 'deed' };
    case 'identity-abandoned':
      return { ...EXAMPLE_SUBJECT, status: 'FAILED', signing: false };
    case 'address-overrides-domain':
    case 'address-without-domain':
      return { ...EXAMPLE_SUBJECT, identity: 'news@example.com', type: 'address', method: 'none', status: 'NOT_STARTED', signing: false };
    case 'setup-differs':
    case 'dkim-not-set-up':
      return { ...EXAMPLE_SUBJECT, status: 'NOT_STARTED', method: 'none' };
    case 'ses-cannot-verify':
    case 'zone-elsewhere':
    case 'target-has-no-key':
      return { ...EXAMPLE_SUBJECT, status: 'TEMPORARY_FAILURE' };
    case 'signing-disabled':
      return { ...EXAMPLE_SUBJECT, signing: false };
    case 'domain-gone':
    case 'record-missing':
    case 'record-name-doubled':
    case 'record-wrong-target':
    case 'wildcard-answer':
    case 'record-misplaced':
    case 'record-wrong-type':
    case 'nameserver-broken':
    case 'dnssec-bogus':
    case 'key-weak':
    case 'sending-lost':
    case 'mail-from-broken':
    case 'dmarc-at-risk':
    case 'txt-unanswerable':
    case 'nameservers-disagree':
    case 'identity-unknown':
      return EXAMPLE_SUBJECT;
    case 'target-unreadable':
      return { ...EXAMPLE_SUBJECT, account: '222222222222' };
  }
}

function step(text: string, i: number): string {
  const [first = '', ...lines] = text.split('\n');
  const block = lines.length === 0 ? '' : `\n   \`\`\`\n${lines.map((line) => `   ${line}`).join('\n')}\n   \`\`\``;
  return `${i + 1}. ${first}${block}`;
}
