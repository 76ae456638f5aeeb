// `dkim-monitor mute` and `unmute`: silence for a while, with an end and a reason, kept in the monitor's memory.

import { Command } from 'commander';
import { didYouMean } from '../lambda/did-you-mean.ts';
import { utcWithDistance } from '../lambda/messages/times.ts';
import { COMMAND } from '../lambda/model/command.ts';
import type { Mute } from '../lambda/model/policy.ts';
import { cutAt, visible } from '../lambda/model/safe-text.ts';
import {
  isCoveredBy,
  isRunning,
  isSameScope,
  type KeptMute,
  MAX_KEPT_MUTES,
  readMutes,
  watchedNames,
  writeMutes,
} from '../lambda/sweep/mutes.ts';
import type { Memory } from '../lambda/sweep/ports.ts';
import { BlindError, EXIT, UsageError } from './exit.ts';
import { CONFIG_FILE, loadConfiguration } from './load-configuration.ts';
import { addMemoryOptions, type MemoryFlags, memoryOf } from './memory.ts';
import { endOf, type ScopeFlags, scopeOf, scopeText } from './mute-scope.ts';
import type { Terminal } from './terminal.ts';

interface Flags extends MemoryFlags, ScopeFlags {
  readonly config?: string;
}

interface MuteFlags extends Flags {
  readonly until: string;
  readonly reason?: string;
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

const MUTE_EXAMPLES = `
Examples:
  ${COMMAND} mute shop.example.com --reason "moves on Friday" --bucket NAME                        for seven days
  ${COMMAND} mute '*.customers.example' --kind key-weak --until 2027-03-01 --reason "ticket 42" --bucket NAME
  ${COMMAND} mute example.com --account 111111111111 --region eu-west-1 --until 12h --reason "new DNS host" --bucket NAME
  ${COMMAND} mute 222222222222/eu-west-1 --kind target-unreadable --reason "account is being closed" --bucket NAME

It counts from the next sweep on, and silences all that is told of what it covers, the end of a trouble too. The alert is kept: when the mute ends,
what nobody was told of yet, and what has changed since, is told by the next sweep; what was told before, with its next reminder.
What is muted, and until when: ${COMMAND} alerts
`;

const UNMUTE_EXAMPLES = `
Examples:
  ${COMMAND} unmute shop.example.com --bucket NAME                          every mute of that name
  ${COMMAND} unmute '*.customers.example' --kind key-weak --bucket NAME     only the one that is limited to this kind

What stands under "mute" in the configuration is taken back there, and by the next deployment. What is muted: ${COMMAND} alerts
`;

export function muteCommand(terminal: Terminal, done: (code: number) => void): Command {
  return scopeOptions(new Command('mute'))
    .description('Silence what is told of an identity, until a day, for a reason.')
    .option('--until <day|how long>', 'end: a day such as 2027-03-01 (UTC), or how long, such as 12h; at most a year', '7d')
    .option('--reason <text>', 'why: whoever finds the mute later will want to know')
    .addHelpText('after', MUTE_EXAMPLES)
    .action(async (identity: string, flags: MuteFlags) => done(await mute(identity, flags, terminal)));
}

export function unmuteCommand(terminal: Terminal, done: (code: number) => void): Command {
  return scopeOptions(new Command('unmute'))
    .description('End what `mute` began.')
    .addHelpText('after', UNMUTE_EXAMPLES)
    .action(async (identity: string, flags: Flags) => done(await unmute(identity, flags, terminal)));
}

const scopeOptions = (command: Command): Command =>
  addMemoryOptions(command.argument('<identity>', 'domain or address, or account/region for a whole one; * stands for anything, dots too'))
    .option('--kind <kind>', 'only this kind of finding (repeatable)', collect)
    .option('--account <id>', 'only in this account')
    .option('--region <region>', 'only in this region')
    .option('--config <file>', 'configuration file (default: monitor.config.json where it exists)');

// `--region` is what the mute is limited to, not what is watched.
const only = ({ config }: Flags): { readonly config?: string } => (config === undefined ? {} : { config });

async function mute(identity: string, flags: MuteFlags, terminal: Terminal): Promise<number> {
  const now = Date.now();
  const scope = scopeOf(identity, flags);
  const until = endOf(flags.until, now);
  const reason = flags.reason?.trim() ?? '';
  if (reason === '') throw new UsageError('Why? Give --reason "…": whoever finds the mute later will want to know.');
  if (reason.length > 500) throw new UsageError('--reason takes at most 500 characters.');
  const by = terminal.environment.USER ?? terminal.environment.USERNAME;
  const kept: KeptMute = { ...scope, until, reason, ...(by ? { by: cutAt(by, 100) } : {}), at: new Date(now).toISOString() };
  const configuration = loadConfiguration(only(flags));
  const memory = await memoryOf(flags, configuration, terminal);
  let before: KeptMute | undefined;
  await change(memory, now, (mutes) => {
    before = mutes.find((one) => isSameScope(one, kept));
    return [...mutes.filter((one) => one !== before), kept];
  });
  const instead = before === undefined ? '' : ` It was muted until ${utcWithDistance(before.until, kept.at)} before.`;
  terminal.out(`Muted until ${utcWithDistance(until, kept.at)}: ${scopeText(kept)}. It counts from the next sweep on.${instead}\n`);
  const doubt = doubtOf(kept, await watchedNames(memory));
  if (doubt !== undefined) terminal.err(`dkim-monitor: ${doubt}\n`);
  return EXIT.fine;
}

/** A name that nobody watches is most often a misspelt one; a new one is rare, so it is muted all the same. */
function doubtOf(mute: Mute, watched: readonly Mute[] | undefined): string | undefined {
  const scope = { ...mute, kinds: [] };
  if (watched === undefined || watched.some((one) => isCoveredBy(one, scope))) return undefined;
  const names = [...new Set(watched.map(({ identity }) => identity))];
  const guess = names.includes(mute.identity) ? undefined : didYouMean(mute.identity, names);
  const elsewhere = names.includes(mute.identity) ? ' It is watched in another account or region.' : '';
  return `the last sweep saw nothing that ${scopeText(scope)} covers.${elsewhere}${guess === undefined ? '' : ` Did you mean ${visible(guess, 300)}?`}`;
}

async function unmute(identity: string, flags: Flags, terminal: Terminal): Promise<number> {
  const now = Date.now();
  const scope = scopeOf(identity, flags);
  const configuration = loadConfiguration(only(flags));
  const memory = await memoryOf(flags, configuration, terminal);
  let ended: readonly KeptMute[] = [];
  let left: readonly KeptMute[] = [];
  await change(memory, now, (mutes) => {
    ended = mutes.filter((one) => isMeant(one, scope));
    left = mutes.filter((one) => !ended.includes(one));
    return ended.length === 0 ? undefined : left;
  });
  const at = new Date(now).toISOString();
  const still = [
    ...left
      .filter((one) => isCoveredBy(scope, one))
      .map((one) => `${scopeText(one)}, by the command: ${COMMAND} unmute '${visible(one.identity, 300)}'`),
    ...configuration.mute.flatMap((one, i) =>
      isCoveredBy(scope, one) && isRunning(one.until, at)
        ? [`${scopeText(one)}, by mute[${i}] in ${visible(flags.config ?? CONFIG_FILE, 200)}: take it out there, and deploy`]
        : [],
    ),
  ];
  const stays =
    still.length === 0
      ? ''
      : `\nIt stays muted all the same, as\n${still
          .slice(0, 10)
          .map((one) => `  ${one}`)
          .join('\n')}`;
  if (ended.length === 0) throw new UsageError(`No mute of the command is ${scopeText(scope)}.${meant(scope, left)}${stays}`);
  const those = ended.map((one) => `  ${scopeText(one)}, until ${utcWithDistance(one.until, at)}: ${visible(one.reason)}\n`).join('');
  const next = stays === '' ? WHAT_IS_TOLD : stays.trimStart();
  terminal.out(`No longer muted:\n${those}${next}\n`);
  return EXIT.fine;
}

/** What the life cycle (lambda/alerts/decide.ts) makes of an alert whose mute is over. */
const WHAT_IS_TOLD =
  'What nobody was told of yet, and what has changed since it was told, is told by the next sweep; the rest with its next reminder (alerts.remindEvery after its last message).';

/** A mute of that name; if more was said, only one that is limited in just this way. */
function isMeant(one: KeptMute, { identity, account, region, kinds }: Mute): boolean {
  const narrowed = {
    identity,
    account: account ?? one.account,
    region: region ?? one.region,
    kinds: kinds ?? one.kinds,
  };
  return isSameScope(one, narrowed);
}

function meant(scope: Mute, mutes: readonly KeptMute[]): string {
  const same = mutes.filter(({ identity }) => identity === scope.identity);
  if (same.length > 0) return ` There is: ${same.slice(0, 5).map(scopeText).join('; ')}.`;
  const guess = didYouMean(
    scope.identity,
    mutes.map(({ identity }) => identity),
  );
  return guess === undefined ? '' : ` Did you mean ${visible(guess, 300)}?`;
}

const ATTEMPTS = 5;

/** Changes the list, once more for each time that somebody else wrote it meanwhile. `undefined` from `edit`: nothing is to be written. */
async function change(memory: Memory, now: number, edit: (mutes: readonly KeptMute[]) => readonly KeptMute[] | undefined): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const read = await readMutes(memory, now);
    if (read.kind === 'unreadable')
      throw new BlindError(`The mutes cannot be read, and are left as they are. ${visible(read.detail, 500)}`);
    const next = edit(read.mutes);
    if (next === undefined) return;
    if (next.length > MAX_KEPT_MUTES)
      throw new UsageError(
        `There are ${MAX_KEPT_MUTES} mutes already: mute by a pattern such as "*.example.com", or in the configuration.`,
      );
    const written = await writeMutes(memory, next, read.version).catch((error: unknown) => {
      throw new BlindError(`Nothing was changed. ${visible((error as Error).message, 500)}`, { cause: error });
    });
    if (written === 'written') return;
  }
  throw new BlindError('Nothing was changed: somebody else changes the mutes at the same time. Try again.');
}
