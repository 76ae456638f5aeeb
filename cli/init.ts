// `dkim-monitor init`: writes a configuration to start from, never over an existing one.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { parseConfiguration } from '../lambda/configuration.ts';
import { COMMAND } from '../lambda/model/command.ts';
import { visible } from '../lambda/model/safe-text.ts';
import { EXIT, UsageError } from './exit.ts';
import { CONFIG_FILE } from './load-configuration.ts';
import type { Terminal } from './terminal.ts';

interface Flags {
  readonly config: string;
  readonly organization?: readonly string[];
  readonly externalId?: boolean;
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly email?: readonly string[];
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

export function initCommand(terminal: Terminal, done: (code: number) => void): Command {
  return new Command('init')
    .description('Write a configuration to start from, with an external id made by chance for each other account.')
    .option('--config <file>', 'where to write it', CONFIG_FILE)
    .option('--account <id>', 'an account to watch (repeatable); none: the account deployed to', collect)
    .option('--organization <id>', 'an organisation (o-…), root (r-…) or unit (ou-…) whose accounts are watched (repeatable)', collect)
    .option('--external-id', 'only print an external id made by chance, and write nothing')
    .option('--region <region>', 'a region to watch (repeatable); none: the region deployed to', collect)
    .option('--email <address>', 'who is told (repeatable)', collect)
    .addHelpText(
      'after',
      `\nExamples:\n  ${COMMAND} init --email dns@example.com --region us-east-1 --region eu-west-1\n  ${COMMAND} init --account 111111111111 --account 222222222222\n  ${COMMAND} init --organization o-a1b2c3d4e5\n  ${COMMAND} init --external-id\n`,
    )
    .action((flags: Flags) => {
      init(flags, terminal);
      done(EXIT.fine);
    });
}

/** 144 bits of chance. */
const newExternalId = (): string => randomBytes(18).toString('base64url');

function init(flags: Flags, terminal: Terminal): void {
  if (flags.externalId === true) {
    terminal.out(`${newExternalId()}\n`);
    return;
  }
  const configuration = {
    ...(flags.account ? { accounts: flags.account.map((id) => ({ id, externalId: newExternalId() })) } : {}),
    ...(flags.organization ? { organization: { include: flags.organization, externalId: newExternalId() } } : {}),
    ...(flags.region ? { regions: flags.region } : {}),
    schedule: 'rate(5 minutes)',
    inventoryEvery: '1h',
    alerts: { email: flags.email ?? [], remindEvery: '24h', minimumSeverity: 'warning' },
    operations: { email: flags.email ?? [] },
  };
  const read = parseConfiguration(configuration);
  if (!read.ok) throw new UsageError(read.problems.join('\n'));
  try {
    writeFileSync(flags.config, `${JSON.stringify(configuration, undefined, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'EEXIST'
        ? 'it exists already; remove it or name another with --config'
        : code === 'ENOENT'
          ? 'the folder does not exist'
          : String(code);
    throw new UsageError(`${visible(flags.config)} was not written: ${why}.`);
  }
  const next = flags.email ? '' : ' Put at least one address into alerts.email.';
  terminal.out(
    `Wrote ${visible(flags.config)}.${next}\nNext: npx cdk deploy, then ${COMMAND} doctor, which checks the whole chain.\nOr try it first: ${COMMAND} sweep\n`,
  );
}
