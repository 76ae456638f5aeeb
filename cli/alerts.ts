// `dkim-monitor alerts`: what is open in a monitor's memory, and why the quiet ones are quiet.
import { Command, Option } from 'commander';
import { alertsPage, type ListedMute } from '../lambda/messages/alerts-page.ts';
import { COMMAND } from '../lambda/model/command.ts';
import { compareSeverity, isBlindness, type Severity } from '../lambda/model/finding.ts';
import type { Mute } from '../lambda/model/policy.ts';
import { visible } from '../lambda/model/safe-text.ts';
import type { Standing } from '../lambda/model/standing.ts';
import { type AlertList, listAlerts } from '../lambda/sweep/list-alerts.ts';
import { isRunning } from '../lambda/sweep/mutes.ts';
import { policyOf } from '../lambda/sweep-plan.ts';
import { openMainTopic } from '../lambda/wiring.ts';
import { BlindError, EXIT } from './exit.ts';
import { loadConfiguration } from './load-configuration.ts';
import { addMemoryOptions, type MemoryFlags, memoryOf } from './memory.ts';
import type { Terminal } from './terminal.ts';
import { checkTopic } from './topic.ts';

interface Flags extends MemoryFlags {
  readonly config?: string;
  readonly topic?: string;
  readonly json?: boolean;
  readonly failOn: Severity;
}

const EXAMPLES = `
Examples:
  ${COMMAND} alerts --bucket NAME                    what the deployed monitor has open
  ${COMMAND} alerts --bucket NAME --topic arn:aws:sns:us-east-1:111111111111:ses-dkim-monitor-alerts     sees also if nobody listens
  ${COMMAND} alerts --memory ~/.dkim-monitor         what \`sweep --memory\` has open
  ${COMMAND} alerts --bucket NAME --json | jq '.alerts[] | select(.reason == "muted") | .key'

Only reads. Minimum severity and mutes are those of the configuration here, and the mutes in the memory: give the configuration that was deployed.
Exit codes: 0 nothing at or above --fail-on is open · 1 something is · 2 nothing is, but something cannot be judged, or the memory not be read
`;

export function alertsCommand(terminal: Terminal, done: (code: number) => void): Command {
  return addMemoryOptions(new Command('alerts'))
    .description('List the open alerts of a monitor, worst first, and say why the quiet ones are quiet.')
    .option('--topic <arn>', 'the alert topic: ask it whether anybody listens')
    .option('--config <file>', 'configuration file (default: monitor.config.json where it exists)')
    .option('--json', 'print the list as JSON, and nothing else, on standard output')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on').choices(['notice', 'warning', 'critical']).default('warning'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => done(await alerts(flags, terminal)));
}

async function alerts(flags: Flags, terminal: Terminal): Promise<number> {
  const { topic } = flags;
  if (topic !== undefined) checkTopic('--topic', topic);
  const configuration = loadConfiguration(flags.config === undefined ? {} : { config: flags.config });
  const memory = await memoryOf(flags, configuration, terminal);
  const audience = topic === undefined ? undefined : await openMainTopic(topic, configuration.alerts).audience();
  const now = new Date().toISOString();
  const read = await listAlerts(memory, policyOf(configuration), now, audience);
  if (read.kind === 'unreadable') throw new BlindError(`The memory of alerts cannot be read. ${visible(read.detail, 500)}`);
  const { list } = read;
  const mutes = mutesOf(configuration.mute, list, now);
  if (audience?.kind === 'unknown') terminal.err(`dkim-monitor: who listens cannot be read: ${visible(audience.detail, 500)}\n`);
  if (list.mutesUnreadable !== undefined)
    terminal.err(`dkim-monitor: the mutes of the command cannot be read, and mute nothing: ${visible(list.mutesUnreadable, 500)}\n`);
  if (list.waitingUnreadable !== undefined)
    terminal.err(`dkim-monitor: what the further topics and the bus miss cannot be read: ${visible(list.waitingUnreadable, 500)}\n`);
  terminal.out(
    flags.json === true
      ? `${JSON.stringify(listJson(list, mutes, now), undefined, 2)}\n`
      : alertsPage({ ...list, mutes }, { width: terminal.width, color: terminal.color, now }),
  );
  return exitCode(list, flags.failOn);
}

function mutesOf(configured: readonly Mute[], { mutes = [] }: AlertList, now: string): readonly ListedMute[] {
  return [
    ...mutes.map((mute) => ({ ...mute, from: 'command' as const })),
    ...configured.filter((mute) => isRunning(mute.until, now)).map((mute) => ({ ...mute, from: 'configuration' as const })),
  ];
}

function exitCode({ alerts, mutesUnreadable }: AlertList, failOn: Severity): number {
  const open = alerts.filter(({ counts }) => counts);
  const isBlind = ({ alert }: Standing): boolean => alert.kinds.every(isBlindness);
  if (open.some((one) => !isBlind(one) && compareSeverity(one.severity, failOn) >= 0)) return EXIT.trouble;
  return open.some(isBlind) || mutesUnreadable !== undefined ? EXIT.blind : EXIT.fine;
}

/** Identities that are named of each alert; `hit` counts all. */
const NAMED = 100;

/** Schema 1: fields may be added, none is renamed or dropped. */
function listJson({ alerts, closed, lastSweepAt, waiting }: AlertList, mutes: readonly ListedMute[], now: string): unknown {
  return {
    schema: 1,
    at: now,
    ...(lastSweepAt === undefined ? {} : { lastSweepAt }),
    alerts: alerts.map(({ alert, ...standing }) => {
      const { key, id, target, kinds, affected, openedAt, lastSeenAt, told, cause, most, reopened } = alert;
      return {
        key,
        id,
        ...standing,
        kinds,
        account: target.account,
        region: target.region,
        identities: affected.slice(0, NAMED).map(({ subject }) => subject.identity),
        hit: affected.length,
        ...(most === undefined ? {} : { most }),
        ...(cause === undefined ? {} : { cause }),
        openedAt,
        lastSeenAt,
        ...(told === undefined
          ? {}
          : { told: { at: told.at, firstAt: told.firstAt, messageId: told.messageId, messages: told.messages ?? 1, by: told.by } }),
        ...(reopened === undefined ? {} : { reopened }),
      };
    }),
    closed,
    mutes,
    // Left out where it cannot be read: none waiting is something else.
    ...(waiting === undefined ? {} : { waiting }),
  };
}
