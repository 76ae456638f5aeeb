// The worker's side of a play: Lambda's runtime around the bundled handler, with a clock of the scenario's own. Reaches loopback only.
import '../no-network.ts';
import timers from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** What the worker is started with. */
export interface RuntimeData {
  readonly bundle: string;
  /** One double: the scenario's time in milliseconds since the epoch. The sandbox reads it too. */
  readonly time: SharedArrayBuffer;
  readonly functionArn: string;
  readonly timeoutMs: number;
}

/** Answer to the message "sweep". */
export type Swept = { readonly answer: unknown } | { readonly error: string };

const { bundle, time, functionArn, timeoutMs } = workerData as RuntimeData;
const clock = new Float64Array(time);
const now = (): number => clock[0] ?? 0;

const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given: [] | ConstructorParameters<typeof RealDate>) {
    super(...((given.length === 0 ? [now()] : given) as [number]));
  }
  static override now = now;
} as DateConstructor;

// The function's own pauses (before a second look, between two calls of SES) pass at once and move the clock; what waits for the network waits.
const pause = async (ms?: number): Promise<void> => {
  clock[0] = Math.max(now(), now() + (ms ?? 0));
  await timers.setImmediate();
};
Object.assign(timers, { setTimeout: pause });

interface Bundle {
  handler(event: unknown, context: unknown): Promise<unknown>;
}

let sweeps = 0;
parentPort?.on('message', async () => {
  sweeps += 1;
  const end = now() + timeoutMs;
  const context = {
    awsRequestId: `sweep-${sweeps}`,
    functionName: 'ses-dkim-monitor',
    functionVersion: '$LATEST',
    memoryLimitInMB: '768',
    invokedFunctionArn: functionArn,
    getRemainingTimeInMillis: () => end - now(),
  };
  try {
    // The first sweep loads the function, the further ones find it warm: as in Lambda.
    const { handler } = require(bundle) as Bundle;
    const swept: Swept = { answer: await handler({ source: 'aws.events' }, context) };
    parentPort?.postMessage(swept);
  } catch (error) {
    const swept: Swept = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    parentPort?.postMessage(swept);
  }
});
