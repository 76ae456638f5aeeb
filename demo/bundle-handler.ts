// Bundles the real handler as the deployment does, and runs one invocation of it in a Node of its own, as Lambda would.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFunction } from '../lib/bundle-function.ts';

/** Bundles the function into `folder` as it is deployed, without a configuration; returns the file that Lambda would load. */
export async function bundleHandler(folder: string): Promise<string> {
  await bundleFunction(folder);
  return join(folder, 'index.mjs');
}

// What Lambda's runtime does: load the bundle, call the handler with a context, hand over its answer.
const RUNTIME = `
const { writeFileSync } = require('node:fs');
const [bundle, answerFile, id, timeoutMs, arn] = process.argv.slice(1);
const end = Date.now() + Number(timeoutMs);
const context = { awsRequestId: id, functionName: 'ses-dkim-monitor', functionVersion: '$LATEST', memoryLimitInMB: '512', invokedFunctionArn: arn, getRemainingTimeInMillis: () => end - Date.now() };
import(bundle).then(({ handler }) => handler({ source: 'aws.events' }, context)).then(
  (answer) => { writeFileSync(answerFile, JSON.stringify({ answer, peakMemoryMiB: process.resourceUsage().maxRSS / 1024 })); process.exit(0); },
  (error) => { writeFileSync(answerFile, JSON.stringify({ error: String(error && error.stack || error) })); process.exit(1); });
`;

export interface Invocation {
  readonly bundle: string;
  /** A folder for the answer and the log. */
  readonly folder: string;
  readonly id: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Invoked {
  readonly answer: unknown;
  /** Largest resident set of the function's process. */
  readonly peakMemoryMiB: number;
}

/** Runs one invocation; its log lines are added to `sweeps.log` in the folder. Throws what the handler threw. */
export async function invoke(invocation: Invocation): Promise<Invoked> {
  const { bundle, folder, id, timeoutMs, functionArn, environment } = invocation;
  const answerFile = join(folder, 'answer.json');
  await writeFile(answerFile, '{"error":"the invocation ended without an answer"}');
  const log = createWriteStream(join(folder, 'sweeps.log'), { flags: 'a' });
  const child = spawn(process.execPath, ['-e', RUNTIME, pathToFileURL(bundle).href, answerFile, id, String(timeoutMs), functionArn], {
    // The function runs on Node 24; the SDK's notice about older ones would only spoil the log.
    env: { PATH: process.env.PATH ?? '', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  await new Promise((resolve) => child.on('close', resolve));
  log.end();
  const { error, ...invoked } = JSON.parse(await readFile(answerFile, 'utf8')) as Invoked & { readonly error?: string };
  if (error !== undefined) throw new Error(error);
  return invoked;
}
