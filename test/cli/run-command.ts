// Runs the command in this process, at a terminal that only remembers.
import { Readable } from 'node:stream';
import { main } from '../../cli/main.ts';
import type { Terminal } from '../../cli/terminal.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `input` is what standard input holds. */
export async function runCommand(argv: readonly string[], input?: string | Buffer): Promise<Ran> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interactive: false,
    color: false,
    width: 80,
    progressWidth: 79,
    environment: {},
    ...(input === undefined ? {} : { input: Readable.from(chunks(Buffer.from(input))) }),
  };
  return { code: await main(argv, terminal), out, err };
}

/** As a pipe gives them. */
function* chunks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

/** Any C0 or C1 control character but the line feed. */
export const hasControls = (text: string): boolean => [...text].some((c) => c !== '\n' && (c < ' ' || (c >= '\u007f' && c <= '\u009f')));

/** On one line, as sentences are compared. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** Lines longer than the terminal is wide, but for what is to be copied: one word, or a command or record below its indent. */
export function tooWide(text: string, width = 80): readonly string[] {
  return text
    .split('\n')
    .filter(
      (line) =>
        line.length > width &&
        !/^ {2,}(\S+ )?\S*$|^ +(Value|Public key|\(umask|aws|npx dkim-monitor|openssl|records|s\d|\{"|"v=DKIM1;)/.test(line),
    );
}
