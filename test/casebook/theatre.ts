// Where scenarios are played to the real handler: its bundle in a worker thread each, over loopback, with only time being ours.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Report } from '../../lambda/model/report.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { EXTERNAL_ID, READ_ROLE } from '../../sandbox/scenarios/first-light.ts';
import type { Scenario, Step } from '../../sandbox/scenarios/plot.ts';
import type { RuntimeData, Swept } from './runtime.ts';

const MINUTE = 60_000;
/** The function's time limit. */
const TIMEOUT_MS = 15 * MINUTE;
/** The sandbox answers at once; whoever is silent through the whole ladder of tries, about two seconds, never answers. */
const DNS_TIMEOUT_MS = 400;

export interface Mail {
  readonly subject: string;
  readonly body: string;
}

/** What was seen and sent after a step's sweeps. Without a step: after the first sweep of the world as it was. */
export interface Moment {
  readonly step?: Step;
  readonly report: Report;
  readonly mails: readonly Mail[];
}

export interface Played {
  readonly scenario: Scenario;
  readonly moments: readonly Moment[];
  /** Names that DNS servers were asked about, as asked. */
  readonly asked: readonly string[];
  /** What the function logged. */
  readonly log: string;
}

export interface Theatre {
  /** Plays a scenario from its beginning. Throws what the handler threw. */
  play(scenario: Scenario): Promise<Played>;
  close(): void;
}

/** Bundles handler and runtime once; plays as many scenarios at a time as are asked for. */
export async function openTheatre(): Promise<Theatre> {
  const folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-casebook-'));
  // CommonJS, not as deployed: the runtime puts its own pauses into Node's modules, which imports of ES modules would not see.
  const bundled = async (source: string, name: string): Promise<string> => {
    const outfile = join(folder, name);
    await build({
      entryPoints: [fileURLToPath(new URL(source, import.meta.url))],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
    return outfile;
  };
  const [bundle, runtime] = await Promise.all([bundled('../../lambda/handler.ts', 'handler.cjs'), bundled('runtime.ts', 'runtime.cjs')]);
  return {
    play: (scenario) => play(scenario, { bundle, runtime, folder: mkdtempSync(join(folder, 'play-')) }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

interface Stage {
  readonly bundle: string;
  readonly runtime: string;
  /** For the configuration. */
  readonly folder: string;
}

async function play(scenario: Scenario, stage: Stage): Promise<Played> {
  const time = new SharedArrayBuffer(8);
  const clock = new Float64Array(time);
  let planned = Date.parse(scenario.now);
  clock[0] = planned;
  const sandbox = await startSandbox(scenario.world, { clock: () => clock[0] ?? 0 });
  const monitor = startMonitor(scenario, sandbox, stage, time);
  const moments: Moment[] = [];
  let read = 0;
  const sweep = async (minutesLater: number): Promise<Report> => {
    planned += minutesLater * MINUTE;
    clock[0] = Math.max(planned, clock[0] ?? 0);
    writeConfiguration(scenario, sandbox, stage.folder);
    await monitor.sweep();
    return lastReport(scenario, sandbox);
  };
  const remember = (report: Report, step?: Step): void => {
    const mails = sandbox.aws.outbox.filter(({ protocol }) => protocol === 'email');
    const fresh = mails.slice(read).map(({ subject, body }) => ({ subject: subject ?? '', body }));
    read = mails.length;
    moments.push({ report, mails: fresh, ...(step && { step }) });
  };
  try {
    remember(await sweep(0));
    for (const step of scenario.steps) {
      await step.apply(sandbox);
      let report = await sweep(step.minutesLater ?? 5);
      for (let more = 1; more < (step.sweeps ?? 1); more += 1) report = await sweep(5);
      remember(report, step);
    }
    return { scenario, moments, asked: [...new Set(sandbox.dns.log.map(({ name }) => name))], log: monitor.log() };
  } finally {
    await monitor.close();
    await sandbox.close();
  }
}

/** Account, region, topic and bucket of the function: those of the world's first account. */
function homeOf({ world }: Scenario): {
  readonly account: string;
  readonly region: string;
  readonly topicArn: string;
  readonly bucket: string;
} {
  const [account = '', { topics, buckets } = {}] = Object.entries(world.aws)[0] ?? [];
  const topic = topics?.[0];
  const region = topic?.region ?? '';
  return { account, region, topicArn: `arn:aws:sns:${region}:${account}:${topic?.name}`, bucket: buckets?.[0]?.name ?? '' };
}

interface Monitor {
  sweep(): Promise<void>;
  log(): string;
  close(): Promise<void>;
}

/** The function in a thread of its own: its environment, its modules, its output. */
function startMonitor(scenario: Scenario, sandbox: Sandbox, { bundle, runtime, folder }: Stage, time: SharedArrayBuffer): Monitor {
  const { account, region, topicArn, bucket } = homeOf(scenario);
  const data: RuntimeData = {
    bundle,
    time,
    functionArn: `arn:aws:lambda:${region}:${account}:function:ses-dkim-monitor`,
    timeoutMs: TIMEOUT_MS,
  };
  const worker = new Worker(runtime, {
    workerData: data,
    env: {
      ...sandbox.environment(account, region),
      // The function runs on a newer Node; the SDK's notice about older ones would only spoil the log.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      LAMBDA_TASK_ROOT: folder,
      MONITOR_BUCKET: bucket,
      MONITOR_TOPIC_ARN: topicArn,
    },
    stdout: true,
    stderr: true,
  });
  const lines: string[] = [];
  for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  return {
    sweep: () =>
      new Promise((resolve, reject) => {
        const failed = (error: Error): void => reject(error);
        worker.once('error', failed);
        worker.once('message', (swept: Swept) => {
          worker.off('error', failed);
          if ('error' in swept) reject(new Error(`${scenario.name}: ${swept.error}\n${lines.join('').slice(-3000)}`));
          else resolve();
        });
        worker.postMessage('sweep');
      }),
    log: () => lines.join(''),
    close: async () => {
      await worker.terminate();
    },
  };
}

/** The scenario's accounts and regions; routes are written anew before each sweep, since steps may add servers. */
function writeConfiguration(scenario: Scenario, sandbox: Sandbox, folder: string): void {
  const at = ({ address, port }: { readonly address: string; readonly port: number }): string => `${address}:${port}`;
  const home = homeOf(scenario).account;
  const accounts = Object.keys(scenario.world.aws);
  const { dns, ...more } = scenario.monitor ?? {};
  const configuration = {
    accounts: accounts.map((id) => (id === home ? { id } : { id, roleName: READ_ROLE, externalId: EXTERNAL_ID })),
    regions: [...new Set(Object.values(scenario.world.aws).flatMap(({ identities }) => Object.keys(identities ?? {})))],
    dns: {
      resolvers: sandbox.resolvers.map(at),
      timeoutMs: DNS_TIMEOUT_MS,
      routes: Object.fromEntries(Object.entries(sandbox.routes).map(([address, where]) => [address, at(where)])),
      rootHints: sandbox.rootHints,
      ...(dns as object | undefined),
    },
    ...more,
  };
  writeFileSync(join(folder, 'monitor.config.json'), JSON.stringify(configuration));
}

function lastReport(scenario: Scenario, sandbox: Sandbox): Report {
  const blob = sandbox.aws.objects.get(homeOf(scenario).bucket)?.get('reports/latest.json.gz');
  if (blob === undefined) throw new Error(`${scenario.name}: the sweep left no report`);
  return JSON.parse(gunzipSync(blob).toString('utf8')) as Report;
}
