// dnsperf beside our own clients: what the server itself can give.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Where } from '../test/third-party/real-dns.ts';

const run = promisify(execFile);

export interface DnsperfRound {
  readonly perSecond: number;
  /** Seconds of processor time. */
  readonly cpuPerQuestion: number;
  /** Of the questions, how many were answered: from 0 to 1. */
  readonly share: number;
}

// It never sends again, and waits for what was lost with a busy processor: fewer in flight lose nothing.
const IN_FLIGHT = 100;

/** Puts `names` to the server as TXT questions with EDNS, once each. Throws if dnsperf is not installed. */
export async function dnsperf(folder: string, at: Where, names: readonly string[]): Promise<DnsperfRound> {
  const file = join(folder, 'dnsperf.txt');
  await writeFile(file, names.map((name) => `${name} TXT\n`).join(''));
  const line = 'TIMEFORMAT="cpu %U %S"; time dnsperf -s "$1" -p "$2" -d "$3" -q "$4" -n 1 -c 16 -T 1 -e -t 1';
  const { stdout, stderr } = await run('bash', ['-c', line, 'bash', at.address, String(at.port), file, String(IN_FLIGHT)]);
  const number = (pattern: RegExp, text: string): number => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`dnsperf said something else than expected: ${text}`);
    return Number(found);
  };
  const answered = number(/Queries completed:\s+(\d+)/, stdout);
  const cpu = number(/cpu ([\d.]+) /, stderr) + number(/cpu [\d.]+ ([\d.]+)/, stderr);
  return { perSecond: number(/Queries per second:\s+([\d.]+)/, stdout), cpuPerQuestion: cpu / answered, share: answered / names.length };
}
