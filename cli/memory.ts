// Which memory a command works on: that of a deployed monitor, by its bucket, or a directory of `sweep --memory`.
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Configuration } from '../lambda/configuration.ts';
import { COMMAND } from '../lambda/model/command.ts';
import { quoted } from '../lambda/model/names.ts';
import { visible } from '../lambda/model/safe-text.ts';
import type { Memory } from '../lambda/sweep/ports.ts';
import { openMemory } from '../lambda/wiring.ts';
import { UsageError } from './exit.ts';
import { findHome } from './home.ts';
import type { Terminal } from './terminal.ts';

export interface MemoryFlags {
  readonly memory?: string;
  readonly bucket?: string;
}

/** Environment variable that names the bucket, so that it need not be typed each time. */
const BUCKET = 'DKIM_MONITOR_BUCKET';

export function addMemoryOptions(command: Command): Command {
  return command
    .option(
      '--bucket <name>',
      `bucket of the deployed monitor: output MemoryBucketName of its stack (default: environment variable ${BUCKET})`,
    )
    .option('--memory <dir>', 'instead: the directory that `sweep --memory` was given');
}

/** Opens it; nothing is read yet. Throws {@link UsageError} if none is named, or if what is named cannot be one. */
export async function memoryOf(flags: MemoryFlags, configuration: Configuration, terminal: Terminal): Promise<Memory> {
  const { memory: folder } = flags;
  if (folder !== undefined && flags.bucket !== undefined) throw new UsageError('Give either --bucket or --memory, not both.');
  if (folder !== undefined) {
    if (!existsSync(folder))
      throw new UsageError(
        `There is no directory ${quoted(folder, 200)}. It is made by: ${COMMAND} sweep --memory ${visible(folder, 200)}`,
      );
    // No account is asked for: a directory is nobody else's.
    return openMemory({ directory: folder }, '');
  }
  const bucket = flags.bucket ?? terminal.environment[BUCKET] ?? '';
  if (bucket === '')
    throw new UsageError(
      `Which monitor? Give --bucket, or set ${BUCKET}, with the output MemoryBucketName of the deployed stack:\n  aws cloudformation describe-stacks --stack-name ses-dkim-monitor --query "Stacks[0].Outputs"\nFor the memory of \`dkim-monitor sweep --memory DIR\` give --memory DIR.`,
    );
  const said = flags.bucket === undefined ? BUCKET : '--bucket';
  if (/^(s3:\/\/|arn:)/.test(bucket)) throw new UsageError(`${said} takes the bare name of the bucket, not ${quoted(bucket, 100)}.`);
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new UsageError(`${said}: ${quoted(bucket, 100)} cannot be the name of a bucket.`);
  return openMemory({ bucket }, (await findHome(configuration)).account);
}
