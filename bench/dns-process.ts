// Parts of the DNS bench as processes of their own, so that processor time and memory are each part's own.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A part that was started: it answers one message to each it is sent. */
export interface Part {
  /** Sends a message and waits for the answer to it. Rejects if the part ends instead. */
  ask<T>(message: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** Bundles `bench/<name>.ts` as the function is bundled, and starts it; `node` is the Node to run it. It prints to stderr only. */
export async function startPart(name: string, folder: string, node = process.execPath, options: readonly string[] = []): Promise<Part> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL(`./${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  const child = fork(outfile, {
    execPath: node,
    execArgv: [...options],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // One that does not start is told by the first question to it.
  child.on('error', () => undefined);
  return {
    ask: (message) => exchange(child, name, message),
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function exchange<T>(child: ChildProcess, name: string, message: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const onEnd = (how: unknown): void => reject(new Error(`${name} ended (${String(how)})`));
    child.once('exit', onEnd);
    child.once('error', onEnd);
    child.once('message', (answer) => {
      child.off('exit', onEnd);
      child.off('error', onEnd);
      resolve(answer as T);
    });
    child.send(message as object, (error) => (error === null ? undefined : reject(error)));
  });
}

/** The other side: what a part does with each message. It ends when its parent lets go. */
export function serve<Q, A>(answer: (question: Q) => Promise<A>): void {
  process.on('message', (message) => {
    answer(message as Q).then(
      (value) => process.send?.(value),
      (error: unknown) => {
        process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
        process.exit(1);
      },
    );
  });
  process.on('disconnect', () => process.exit(0));
}
