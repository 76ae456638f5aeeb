// `dkim-monitor sweep`: one sweep over real accounts, as a table for people or as the report in JSON.
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Configuration } from '../lambda/configuration.ts';
import { regionRemark } from '../lambda/dkim/region-zones.ts';
import { listed } from '../lambda/messages/layout.ts';
import { reportTable } from '../lambda/messages/terminal.ts';
import { COMMAND } from '../lambda/model/command.ts';
import type { OrganizationSeen } from '../lambda/model/estate.ts';
import type { Severity } from '../lambda/model/finding.ts';
import { visible } from '../lambda/model/safe-text.ts';
import { releaseLease } from '../lambda/sweep/lease.ts';
import { resolveTargets } from '../lambda/sweep/resolve-targets.ts';
import { runSweep } from '../lambda/sweep/run-sweep.ts';
import { refreshing, sweepPlan } from '../lambda/sweep-plan.ts';
import { openWorld } from '../lambda/wiring.ts';
import { BlindError, EXIT, exitCodeOf, UsageError } from './exit.ts';
import { findHome } from './home.ts';
import { type DnsFlags, loadConfiguration } from './load-configuration.ts';
import { progressOn, type Terminal } from './terminal.ts';
import { checkTopic } from './topic.ts';

interface Flags extends DnsFlags {
  readonly region?: readonly string[];
  readonly json?: boolean;
  readonly all?: boolean;
  readonly memory?: string;
  readonly publish?: string;
  readonly failOn: Severity;
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

const EXAMPLES = `
Examples:
  ${COMMAND} sweep
  ${COMMAND} sweep --region us-east-1 --region eu-west-1
  ${COMMAND} sweep --json > report.json
  ${COMMAND} sweep --memory ~/.dkim-monitor            remembers SES's answers between runs: the next one is quick
  ${COMMAND} sweep --memory ./memory --publish arn:aws:sns:us-east-1:111111111111:alerts
  AWS_PROFILE=mail ${COMMAND} sweep --config prod.json --fail-on critical

Credentials, profile, region and endpoints are the AWS SDK's own settings (AWS_PROFILE, AWS_REGION, …). Nobody is told anything unless --publish is given.
`;

/** Flags that both `sweep` and `check` take. */
export function addDnsOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: monitor.config.json where it exists)')
    .option('--resolver <ip[:port]>', 'resolver to ask (repeatable; default: those of the system)', collect)
    .option('--dns-port <n>', 'port of authoritative name servers')
    .option('--allow-private-name-servers', 'also ask name servers on private addresses');
}

export function sweepCommand(terminal: Terminal, done: (code: number) => void): Command {
  return addDnsOptions(new Command('sweep'))
    .description('Read every SES identity of the configured accounts and regions, ask DNS, and say what is wrong.')
    .option('--region <region>', 'only this region (repeatable)', collect)
    .option('--json', 'print the report as JSON, and nothing else, on standard output')
    .option('--all', 'list healthy identities too')
    .option('--memory <dir>', 'remember between runs in this directory')
    .option('--publish <topic-arn>', 'tell this SNS topic what is new (needs --memory)')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on').choices(['notice', 'warning', 'critical']).default('warning'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => done(await sweep(flags, terminal)));
}

async function sweep(flags: Flags, terminal: Terminal): Promise<number> {
  const configuration = loadConfiguration(flags);
  checkFlags(flags);
  const home = await findHome(configuration);
  if (
    configuration.organization === undefined &&
    configuration.accounts.length > 0 &&
    !configuration.accounts.some(({ id }) => id === home.account)
  ) {
    terminal.err(`dkim-monitor: account ${home.account}, whose credentials these are, is not in "accounts" and is not watched.\n`);
  }
  tellUnknownRegions(configuration, terminal);
  const others = flags.publish === undefined ? [] : exitsLeftOut(configuration);
  if (others.length > 0)
    terminal.err(
      `dkim-monitor: told is ${visible(flags.publish ?? '', 300)} alone, of everything; not ${listed(others)}, which only the deployed monitor tells.\n`,
    );
  const temporary = flags.memory === undefined ? mkdtempSync(join(tmpdir(), 'dkim-monitor-')) : undefined;
  const drawn = progressOn(terminal, Date.now);
  const world = openWorld({
    configuration,
    home,
    memory: { directory: flags.memory ?? temporary ?? '' },
    ...(flags.publish !== undefined ? { topicArn: flags.publish } : {}),
    log: () => {},
    metrics: () => {},
    progress: drawn.progress,
  });
  const owner = `command-${process.pid}-${Date.now()}`;
  const clean = (): void => {
    drawn.end();
    world.close();
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  };
  const release = onInterrupt(async () => {
    await releaseLease(world.memory, owner);
    clean();
    terminal.err('dkim-monitor: interrupted; nothing more was told.\n');
  });
  try {
    const moment = { now: Date.now(), remainingMs: timeNeeded(configuration), owner };
    // A person waits for this one: the whole inventory is read, however long it takes.
    const resolved = await resolveTargets(configuration, home, world, refreshing(configuration, moment, true));
    if (resolved.kind === 'blind') throw new BlindError(resolved.detail);
    const { targets, estate } = resolved;
    tellSkipped(estate.organization, terminal);
    for (const remark of estate.remarks ?? []) terminal.err(`dkim-monitor: ${visible(remark, 300)}\n`);
    const plan = {
      ...sweepPlan(configuration, targets, moment),
      estate,
      inventoryMs: timeNeeded(configuration),
      toPaste: flags.json !== true,
    };
    const outcome = await runSweep(plan, world);
    drawn.end();
    if (outcome.kind === 'held')
      throw new BlindError(
        `Another sweep is using this memory, until ${outcome.until} at the latest (${visible(outcome.owner, 100)}). Wait for its end or name another directory; if it is not running any more, remove ${join(visible(flags.memory ?? ''), 'lease')}.`,
      );
    const now = new Date().toISOString();
    terminal.out(
      flags.json === true
        ? `${JSON.stringify(outcome.report, undefined, 2)}\n`
        : reportTable(outcome.report, { width: terminal.width, color: terminal.color, all: flags.all === true, now }),
    );
    for (const trouble of outcome.troubles) terminal.err(`dkim-monitor: ${visible(trouble, 1000)}\n`);
    const code = exitCodeOf(outcome.report, flags.failOn);
    return code === EXIT.fine && outcome.troubles.length > 0 ? EXIT.blind : code;
  } finally {
    release();
    clean();
  }
}

/** Misspelt, most likely: they would be one gap each. */
function tellUnknownRegions({ regions }: Configuration, terminal: Terminal): void {
  for (const region of regions === 'all' ? [] : regions) {
    const remark = regionRemark(region);
    if (remark !== undefined) terminal.err(`dkim-monitor: regions: ${remark}\n`);
  }
}

/** Accounts that the organisation names and nobody can read any more. */
function tellSkipped(organization: OrganizationSeen | undefined, terminal: Terminal): void {
  const skipped = organization?.skipped ?? [];
  if (skipped.length === 0) return;
  const some = skipped.slice(0, MOST_NAMED).map(({ account, state }) => `${account} (${state})`);
  const more = skipped.length > MOST_NAMED ? ` and ${skipped.length - MOST_NAMED} more` : '';
  terminal.err(`dkim-monitor: not active, and not watched: ${listed(some)}${more}.\n`);
}

const MOST_NAMED = 10;

/** What a deployed monitor would tell besides, by the settings' names. */
function exitsLeftOut({ alerts }: Configuration): readonly string[] {
  return [
    ...(alerts.critical === undefined ? [] : ['alerts.critical']),
    ...(alerts.routes.length === 0 ? [] : ['alerts.routes']),
    ...(alerts.eventBus === undefined ? [] : ['alerts.eventBus']),
  ];
}

/** Runs `tidy` and ends the process if somebody interrupts it. Returns the function that takes this back. */
function onInterrupt(tidy: () => Promise<void>): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const end = (): void => {
    tidy()
      .catch(() => {})
      .finally(() => process.exit(EXIT.interrupted));
  };
  for (const signal of signals) process.once(signal, end);
  return () => {
    for (const signal of signals) process.removeListener(signal, end);
  };
}

/** A memory that cannot be written is found out before SES is asked for half an hour. */
function checkFolder(folder: string): void {
  if (folder === '') throw new UsageError('--memory takes a folder, and an empty name was given.');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'it is not a folder' : code === 'EACCES' ? 'it may not be written' : String(code);
    throw new UsageError(`The folder ${visible(folder, 200)} given with --memory cannot be used: ${why}.`);
  }
}

/** Milliseconds: SES's own limit for the largest target (10,000 identities at the configured rate), and half an hour on top. */
function timeNeeded(configuration: Configuration): number {
  return (10_000 / configuration.ses.callsPerSecond) * 1000 + 1_800_000;
}

function checkFlags(flags: Flags): void {
  if (flags.memory !== undefined) checkFolder(flags.memory);
  if (flags.publish === undefined) return;
  checkTopic('--publish', flags.publish);
  if (flags.memory === undefined) throw new UsageError('--publish needs --memory: without a memory every run would tell everything again.');
}
