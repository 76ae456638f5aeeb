// Makes the plain template of the role in other accounts from the stack that defines it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { MemberTemplateStack } from '../lib/member-template-stack.ts';

/** Text of templates/ses-dkim-monitor-member.template.json. */
export function memberTemplateText(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'member-template-'));
  try {
    const app = new App({ outdir, analyticsReporting: false, context: { 'aws:cdk:enable-path-metadata': false } });
    new MemberTemplateStack(app, 'member');
    const template = app.synth().getStackByName('member').template as Template;
    for (const resource of Object.values(template.Resources)) delete resource.Metadata;
    return `${JSON.stringify(template, undefined, 2)}\n`;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

interface Template {
  readonly Resources: Readonly<Record<string, { Metadata?: unknown }>>;
}
