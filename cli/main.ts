// The command `dkim-monitor`: its sub-commands, help, and what an error looks like.
import { Command, CommanderError, type OutputConfiguration } from 'commander';
import { COMMAND } from '../lambda/model/command.ts';
import { visible } from '../lambda/model/safe-text.ts';
import packageFile from '../package.json' with { type: 'json' };
import { alertsCommand } from './alerts.ts';
import { byodkimCommand } from './byodkim.ts';
import { checkCommand } from './check.ts';
import { doctorCommand } from './doctor.ts';
import { BlindError, EXIT, UsageError } from './exit.ts';
import { explainCommand } from './explain.ts';
import { HISTORY, isPrivateKey, withoutKeyLines } from './hide-keys.ts';
import { initCommand } from './init.ts';
import { inspectCommand } from './inspect.ts';
import { muteCommand, unmuteCommand } from './mute.ts';
import { recordsCommand } from './records.ts';
import { sweepCommand } from './sweep.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { testAlertCommand } from './test-alert.ts';

const EXAMPLES = `
Examples:
  ${COMMAND} check example.com --selector s1        one domain with your own key, by DNS alone
  ${COMMAND} check example.com --token abc… --token def… --token ghi…
  ${COMMAND} sweep                                  every identity of the configured accounts and regions
  ${COMMAND} sweep --region eu-west-1 --json        the report as JSON, for scripts
  ${COMMAND} records example.com --region eu-west-1 the records to publish, in every form
  ${COMMAND} explain record-missing                 what a finding means, and what to do
  ${COMMAND} inspect message.eml                    who signed a received message, and whether it holds
  ${COMMAND} byodkim new example.com --selector s1  a key pair of your own; byodkim verify looks at one
  ${COMMAND} alerts --bucket NAME                   what a deployed monitor has open, and why the quiet ones are quiet
  ${COMMAND} mute example.com --until 7d --reason … silence, of a deployed monitor too; unmute ends it
  ${COMMAND} test-alert --topic ARN                 a message marked as a test, and who of the subscribers gets it
  ${COMMAND} doctor                                 what is missing in an installation: roles, permissions, subscriptions, ways to DNS
  ${COMMAND} init                                   writes monitor.config.json to start from

Exit codes: 0 nothing at or above --fail-on · 1 something is · 2 nothing is, but something could not be told · 64 wrong usage · 70 an error of this program
`;

const VERSION = packageFile.version;

/** Runs the command with the arguments after its name. Returns the exit code; never throws. */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  let code: number = EXIT.fine;
  const done = (result: number): void => {
    code = result;
  };
  const program = new Command(COMMAND)
    .description(
      'Compares the DNS records that Amazon SES needs for DKIM with what DNS really answers, names what is wrong, and shows the record to publish.',
    )
    .addHelpText('after', EXAMPLES)
    .configureOutput(outputTo(terminal))
    .version(VERSION, '--version')
    .showSuggestionAfterError(true)
    .exitOverride();
  const commands = [
    sweepCommand,
    checkCommand,
    recordsCommand,
    inspectCommand,
    byodkimCommand,
    explainCommand,
    alertsCommand,
    muteCommand,
    unmuteCommand,
    testAlertCommand,
    doctorCommand,
    initCommand,
  ];
  for (const command of commands) program.addCommand(inherit(command(terminal, done), terminal));
  if (argv.length === 0) {
    program.outputHelp();
    return EXIT.usage;
  }
  try {
    // Whatever flag it stands behind: an error sentence would repeat it.
    if (argv.some(isPrivateKey))
      throw new UsageError(`One of the arguments is a private key, where the name of its file belongs; ${HISTORY}`);
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, terminal);
  }
}

/** Arguments that somebody typed come back in error texts: made visible, and keys left out. */
function outputTo(terminal: Terminal): OutputConfiguration {
  return {
    writeOut: terminal.out,
    writeErr: terminal.err,
    outputError: (text, write) =>
      write(
        `dkim-monitor: ${withoutKeyLines(text)
          .trimEnd()
          .replace(/^error: /, '')
          .split('\n')
          .map((line) => visible(line, 400))
          .join('\n')}\n`,
      ),
    getOutHelpWidth: () => terminal.width,
    getErrHelpWidth: () => terminal.width,
  };
}

function inherit(command: Command, terminal: Terminal): Command {
  for (const below of command.commands) inherit(below, terminal);
  return command.configureOutput(outputTo(terminal)).showHelpAfterError(`Run with --help for examples.`).exitOverride();
}

/** One sentence for what somebody can mend; the stack only for our own bugs. */
function explain(error: unknown, terminal: Terminal): number {
  // Commander has already written its sentence; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  if (error instanceof UsageError || error instanceof BlindError) {
    terminal.err(`dkim-monitor: ${error.message}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.blind;
  }
  terminal.err(
    `dkim-monitor: an error of this program: ${visible(error instanceof Error ? (error.stack ?? error.message) : String(error), 4000).replaceAll('\\u000a', '\n')}\n`,
  );
  return EXIT.ourError;
}
