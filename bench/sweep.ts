// `npm run bench:sweep`: 1,000 healthy Easy DKIM identities in one target, swept from a snapshot by the real bundle on the sandbox.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bundleHandler, invoke } from '../demo/bundle-handler.ts';
import type { Report } from '../lambda/model/report.ts';
import { easyIdentity } from '../sandbox/aws/identities.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { buildWorld } from '../sandbox/scenarios/estate.ts';

const ACCOUNT = '111111111111';
const REGION = 'eu-west-1';
const BUCKET = 'memory';
const COUNT = Number(process.argv[2] ?? 1000);
/** Hosters of four name servers each, as the busiest ones have. */
const HOSTERS = 10;

interface Figures {
  readonly title: string;
  readonly questions: number;
  readonly sesCalls: number;
  readonly peakMemoryMiB: number;
  readonly seconds: number;
  readonly summary: Report['summary'];
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dkim-monitor-bench-'));
  const hosters = Array.from({ length: HOSTERS }, (_, h) => ['a', 'b', 'c', 'd'].map((n) => `${n}.hoster-${h}.net`));
  const identities = Array.from({ length: COUNT }, (_, i) => ({
    account: ACCOUNT,
    region: REGION,
    identity: easyIdentity(`customer-${i}.com`, { region: REGION }),
  }));
  const accounts = { [ACCOUNT]: { topics: [{ name: 'alerts', region: REGION }], buckets: [{ name: BUCKET }] } };
  const sandbox = await startSandbox(buildWorld({ identities, accounts, hosters }));
  try {
    const bundle = await bundleHandler(folder);
    await configure(sandbox, folder);
    const cold = await sweep('first sweep: inventory, delegations looked up', sandbox, bundle, folder);
    const steady = await sweep('steady sweep: from the snapshot', sandbox, bundle, folder);
    print([cold, steady]);
    const perIdentity = steady.questions / COUNT;
    const met = perIdentity <= 3.1 && steady.sesCalls === 0 && steady.summary.healthy === COUNT;
    process.stdout.write(
      `\nGoal: at most 3.1 DNS questions an identity, no SES call, all healthy: ${met ? 'met' : 'NOT met'} (${perIdentity.toFixed(3)}, ${steady.sesCalls}, ${steady.summary.healthy}/${COUNT})\n`,
    );
    process.exitCode = met ? 0 : 1;
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function configure(sandbox: Sandbox, folder: string): Promise<void> {
  const at = ({ address, port }: { readonly address: string; readonly port: number }): string => `${address}:${port}`;
  const routes = Object.fromEntries(Object.entries(sandbox.routes).map(([address, where]) => [address, at(where)]));
  // Only the first sweep reads SES; a real one does so at one call a second, over several sweeps.
  const configuration = {
    ses: { callsPerSecond: 50 },
    schedule: 'rate(10 minutes)',
    dns: { resolvers: [at(sandbox.resolver)], routes, rootHints: sandbox.rootHints, confirmAfter: '1s' },
  };
  await writeFile(join(folder, 'monitor.config.json'), JSON.stringify(configuration));
}

async function sweep(title: string, sandbox: Sandbox, bundle: string, folder: string): Promise<Figures> {
  const callsBefore = sesCalls(sandbox);
  const environment = {
    ...sandbox.environment(ACCOUNT, REGION),
    LAMBDA_TASK_ROOT: folder,
    MONITOR_BUCKET: BUCKET,
    MONITOR_TOPIC_ARN: `arn:aws:sns:${REGION}:${ACCOUNT}:alerts`,
  };
  const began = performance.now();
  const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:ses-dkim-monitor`;
  const { peakMemoryMiB } = await invoke({ bundle, folder, id: title, functionArn, timeoutMs: 880_000, environment }).catch(
    async (error: unknown) => {
      process.stderr.write(await readFile(join(folder, 'sweeps.log'), 'utf8'));
      throw error;
    },
  );
  const seconds = (performance.now() - began) / 1000;
  const blob = sandbox.aws.objects.get(BUCKET)?.get('reports/latest.json.gz') ?? new Uint8Array();
  const { summary, cost } = JSON.parse(gunzipSync(blob).toString('utf8')) as Report;
  return { title, questions: cost.dnsQuestions, sesCalls: sesCalls(sandbox) - callsBefore, peakMemoryMiB, seconds, summary };
}

const sesCalls = (sandbox: Sandbox): number => sandbox.aws.calls.filter(({ service }) => service === 'ses').length;

function print(rows: readonly Figures[]): void {
  process.stdout.write(
    `${COUNT} healthy Easy DKIM identities in one target, ${HOSTERS} hosters of four name servers; Node ${process.version}\n\n`,
  );
  for (const { title, questions, sesCalls: calls, peakMemoryMiB, seconds, summary } of rows) {
    process.stdout.write(
      `${title}\n  DNS questions per identity ${(questions / COUNT).toFixed(3)} · SES calls ${calls} · peak memory ${peakMemoryMiB.toFixed(0)} MiB · wall time ${seconds.toFixed(1)} s (start of the process included)\n  healthy ${summary.healthy}, broken ${summary.broken}, unknown ${summary.unknown}\n`,
    );
  }
}

await main();
