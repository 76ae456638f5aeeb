// Starts a function in a Node of its own, as Lambda would, and says when it was ready.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

export interface ColdStart {
  /** Milliseconds from the start of the process until the handler could be called. */
  readonly readyMs: number;
  /** Milliseconds of it for importing `index.mjs` and all it needs. */
  readonly importMs: number;
  /** Milliseconds of processor time until then. */
  readonly cpuMs: number;
  /** Milliseconds of one invocation. */
  readonly sweepMs?: number;
  readonly answer?: unknown;
  /** Addresses of the files loaded, if asked for. */
  readonly loaded: readonly string[];
}

export interface ColdStartOptions {
  readonly node: string;
  /** Holds `index.mjs`. */
  readonly folder: string;
  /** True: says what was loaded. It takes time: not for measuring. */
  readonly trace?: boolean;
  /** One invocation after the start, as the schedule makes it. */
  readonly sweep?: { readonly functionArn: string; readonly environment: Readonly<Record<string, string>> };
}

const MARK = 'cold-start: ';

const PROGRAM = `
const [bundle, trace, functionArn] = process.argv.slice(1);
const loaded = [];
if (trace === 'true') {
  const { registerHooks } = process.getBuiltinModule('node:module');
  registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
}
const began = performance.now();
const { handler } = await import(bundle);
const readyMs = performance.now();
const { user, system } = process.cpuUsage();
const start = { readyMs, importMs: readyMs - began, cpuMs: (user + system) / 1000, loaded };
if (functionArn !== '') {
  const ends = Date.now() + 300_000;
  const context = { awsRequestId: 'cold-' + process.pid, functionName: 'ses-dkim-monitor', functionVersion: '$LATEST', memoryLimitInMB: '768', invokedFunctionArn: functionArn, getRemainingTimeInMillis: () => ends - Date.now() };
  start.answer = await handler({ source: 'aws.events' }, context);
  start.sweepMs = performance.now() - readyMs;
}
process.stdout.write('\\n${MARK}' + JSON.stringify(start) + '\\n', () => process.exit(0));
`;

/** One start. Rejects with what the process wrote if it did not come to its end. */
export async function coldStart({ node, folder, trace = false, sweep }: ColdStartOptions): Promise<ColdStart> {
  const bundle = pathToFileURL(`${folder}/index.mjs`).href;
  const child = spawn(node, ['--input-type=module', '--eval', PROGRAM, bundle, String(trace), sweep?.functionArn ?? ''], {
    cwd: folder,
    env: { LAMBDA_TASK_ROOT: folder, ...sweep?.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [written, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const line = written.split('\n').find((one) => one.startsWith(MARK));
  if (line === undefined) throw new Error(`The function did not start: ${written}${complained}`);
  return JSON.parse(line.slice(MARK.length)) as ColdStart;
}
