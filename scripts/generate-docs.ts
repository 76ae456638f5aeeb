// Writes every document that is made from the code; with --check it only says which are out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { MEMBER_TEMPLATE } from '../lib/member-template-stack.ts';
import { alertsPage } from './generate-alerts-doc.ts';
import { casebookPage } from './generate-casebook-doc.ts';
import { configSchemaText } from './generate-config-schema.ts';
import { costPage } from './generate-cost-doc.ts';
import { findingsPage } from './generate-findings-doc.ts';
import { memberTemplateText } from './generate-member-template.ts';
import { permissionsPage } from './generate-permissions-doc.ts';

const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'docs/alerts.md': alertsPage,
  'docs/casebook.md': casebookPage,
  'docs/cost.md': costPage,
  'docs/findings.md': findingsPage,
  'docs/permissions.md': permissionsPage,
  'monitor.config.schema.json': configSchemaText,
  [MEMBER_TEMPLATE]: memberTemplateText,
};

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const stale = Object.entries(DOCUMENTS).filter(([file, make]) => read(file) !== make());
if (process.argv.includes('--check')) {
  for (const [file] of stale) process.stdout.write(`${file} is out of date: run npm run docs\n`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [file, make] of stale) {
    writeFileSync(file, make());
    process.stdout.write(`wrote ${file}\n`);
  }
}
