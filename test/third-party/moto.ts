// Starts moto's server (moto-server.py) and speaks to its doors.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

export interface Mail {
  readonly topic: string;
  readonly protocol: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

export interface AwsCall {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly action: string;
}

/** One invocation of a step. */
export interface StepInvocation {
  readonly payload: { readonly step: string; readonly item?: { readonly kind: string; readonly n: number }; readonly part?: number };
  readonly answer: unknown;
  readonly log: string;
}

export interface DeployedFunction {
  readonly arn: string;
  readonly role: string;
  readonly handler: string;
  readonly runtime: string;
  /** Seconds. */
  readonly timeout: number;
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Moto {
  /** Value for AWS_ENDPOINT_URL. `localhost`, since moto finds a template's bucket only so. */
  readonly endpoint: string;
  /** The SDK's settings for an account: keys as its administrator, or as a role of it, would have them. */
  environment(role: string): Promise<Readonly<Record<string, string>>>;
  seedIdentities(identities: readonly { account: string; region: string; name: string; facts: unknown }[]): Promise<void>;
  /** The function as it was deployed; its code is unpacked into `folder`. */
  deployed(where: { account: string; region: string; name: string; folder: string }): Promise<DeployedFunction>;
  /** What subscribers would have got since the last reading. */
  mails(): Promise<readonly Mail[]>;
  /** AWS calls since the last reading. */
  calls(): Promise<readonly AwsCall[]>;
  /** Invocations by the state machine since the last reading. */
  invocations(): Promise<readonly StepInvocation[]>;
  /** How often an invocation is to end without an answer, by its step and piece, such as `target 0`. */
  crash(which: Readonly<Record<string, number>>): Promise<void>;
  /** Requests that moto answered with an error of its own: a deployment may report success all the same. */
  errors(): readonly string[];
  close(): void;
}

/** Starts the server; with `steps` it runs state machines too (moto_steps.py). Throws if Python or moto is missing. */
export async function startMoto({ steps = false }: { readonly steps?: boolean } = {}): Promise<Moto> {
  const child = spawn('python3', ['-W', 'ignore', resolve('test/third-party/moto-server.py')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...(steps ? { MOTO_STEPS: '1', PYTHONPATH: resolve('test/third-party') } : {}) },
  });
  const log: string[] = [];
  createInterface(child.stderr).on('line', (line) => log.push(line));
  const port = await new Promise<string>((found, failed) => {
    createInterface(child.stdout).on('line', (line) => found(line.replace('port ', '')));
    child.on('exit', (code) =>
      failed(new Error(`moto-server.py ended with ${code}; is moto 5.2.1 installed?\n${log.slice(-20).join('\n')}`)),
    );
    child.on('error', failed);
  });
  const endpoint = `http://localhost:${port}`;
  const door = async (path: string, body?: unknown) => {
    const answer = await fetch(`${endpoint}/test/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
    return await answer.json();
  };
  return {
    endpoint,
    environment: async (role) => ({
      ...((await door('credentials', { role })) as Record<string, string>),
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    }),
    seedIdentities: async (identities) => void (await door('identities', identities)),
    deployed: async (where) => (await door('function', where)) as DeployedFunction,
    mails: async () => (await door('mails')) as readonly Mail[],
    invocations: async () => (await door('invocations')) as readonly StepInvocation[],
    crash: async (which) => void (await door('crashes', which)),
    calls: async () => (await door('calls')) as readonly AwsCall[],
    errors: () => log.filter((line) => line.includes('" 500')),
    close: () => void child.kill(),
  };
}
