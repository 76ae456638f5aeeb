// The terminal that the command talks to, as values and functions that tests replace.
import { progressLine } from '../lambda/messages/terminal.ts';
import type { Progress } from '../lambda/sweep/ports.ts';

/** Standard input: bytes, and whether a person types them. */
export type Input = AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** True if progress may be drawn: standard error is a terminal. */
  readonly interactive: boolean;
  readonly color: boolean;
  readonly width: number;
  /** Columns that a line of progress may take: one more would wrap, and could not be wiped. */
  readonly progressWidth: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absent: there is nothing to read. */
  readonly input?: Input;
}

/** The real one. `NO_COLOR` is honoured (no-color.org). */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  // Whoever reads (`| head`) may have seen enough.
  const enough = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
  };
  stdout.on('error', enough);
  stderr.on('error', enough);
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    interactive: stderr.isTTY === true && env.TERM !== 'dumb',
    color: stdout.isTTY === true && env.NO_COLOR === undefined && env.TERM !== 'dumb',
    width: Math.max(60, Math.min(stdout.columns ?? 100, 160)),
    progressWidth: Math.max(10, (stderr.columns ?? 80) - 1),
    environment: env,
    // Looked at only by who reads it: to touch it keeps the process waiting.
    get input() {
      return process.stdin;
    },
  };
}

const ERASE_LINE = '\r\u001b[2K';

/** Draws progress on one line of standard error, at most ten times a second; `end` wipes it. Draws nothing where nobody looks. */
export function progressOn(terminal: Terminal, clock: () => number): { readonly progress: Progress; readonly end: () => void } {
  const { draw, end } = lineOn(terminal, clock);
  return { progress: (event) => draw(progressLine(event), event.done === event.of), end };
}

/** The same for a line of text. `last`: it is drawn however soon it comes. */
export function lineOn(
  terminal: Terminal,
  clock: () => number,
): { readonly draw: (text: string, last: boolean) => void; readonly end: () => void } {
  let drawnAt = 0;
  if (!terminal.interactive) return { draw: () => {}, end: () => {} };
  return {
    draw: (text, last) => {
      const now = clock();
      if (now - drawnAt < 100 && !last) return;
      drawnAt = now;
      terminal.err(`${ERASE_LINE}${text.slice(0, terminal.progressWidth)}`);
    },
    end: () => terminal.err(ERASE_LINE),
  };
}
