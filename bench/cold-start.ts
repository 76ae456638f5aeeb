// `npm run bench:cold`: how long the deployed function takes to be ready and to sweep once, beside a function that does nothing, and how much of it is loaded. docs/performance.md explains it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleSweeper } from '../lib/sweeper-bundle.ts';
import { easyIdentity } from '../sandbox/aws/identities.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { buildWorld } from '../sandbox/scenarios/estate.ts';
import { type ColdStart, coldStart } from './cold-process.ts';
import { node24 } from './node24.ts';

const ACCOUNT = '111111111111';
const REGION = 'eu-west-1';
const BUCKET = 'memory';
const IDENTITIES = 20;
const ROUNDS = 25;
const SWEEPS = 9;

const say = (text = ''): void => void process.stdout.write(`${text}\n`);
const goals: boolean[] = [];

function goal(words: string, met: boolean, figures: string): void {
  goals.push(met);
  say(`  ${met ? 'met    ' : 'NOT met'} ${words}: ${figures}`);
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-cold-'));
  const node = node24(folder);
  if (node === undefined) throw new Error('No Node 24: set NODE24 to its path.');
  const identities = Array.from({ length: IDENTITIES }, (_, i) => ({
    account: ACCOUNT,
    region: REGION,
    identity: easyIdentity(`customer-${i}.com`, { region: REGION }),
  }));
  const reader = { protocol: 'email' as const, endpoint: 'dns@example.com', confirmed: true };
  const accounts = { [ACCOUNT]: { topics: [{ name: 'alerts', region: REGION, subscriptions: [reader] }], buckets: [{ name: BUCKET }] } };
  const sandbox = await startSandbox(buildWorld({ identities, accounts, hosters: [['a.hoster.net', 'b.hoster.net']] }));
  try {
    const deployed = join(folder, 'deployed');
    const empty = join(folder, 'empty');
    mkdirSync(deployed);
    mkdirSync(empty);
    bundleSweeper(deployed, configurationFor(sandbox));
    writeFileSync(join(empty, 'index.mjs'), 'export const handler = async () => {};\n');
    say(`${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}, ${ROUNDS} starts of each, in turn`);
    await measureStarts(node, deployed, empty);
    await measureSweeps(node, deployed, sandbox);
    process.exitCode = goals.every(Boolean) ? 0 : 1;
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function configurationFor(sandbox: Sandbox): string {
  const at = ({ address, port }: { readonly address: string; readonly port: number }): string => `${address}:${port}`;
  const routes = Object.fromEntries(Object.entries(sandbox.routes).map(([address, where]) => [address, at(where)]));
  return JSON.stringify({
    ses: { callsPerSecond: 50 },
    schedule: 'rate(10 minutes)',
    dns: { resolvers: [at(sandbox.resolver)], routes, rootHints: sandbox.rootHints, confirmAfter: '1s' },
  });
}

/** In turn, so that whatever else the machine does hits both alike. */
async function measureStarts(node: string, deployed: string, empty: string): Promise<void> {
  const ours: ColdStart[] = [];
  const nothing: ColdStart[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const pair = [await coldStart({ node, folder: empty }), await coldStart({ node, folder: deployed })] as const;
    // The first one finds the files outside the system's cache.
    if (round === 0) continue;
    nothing.push(pair[0]);
    ours.push(pair[1]);
  }
  // Other work on the machine only slows: the best start says most, and of the processor time the median.
  const ready = Math.min(...ours.map(({ readyMs }) => readyMs));
  const ratio = median(ours.map(({ cpuMs }, i) => cpuMs / (nothing[i]?.cpuMs ?? Number.NaN)));
  const total = sizeOf(deployed, filesOf(deployed));
  const atOnce = sizeOf(deployed, (await coldStart({ node, folder: deployed, trace: true })).loaded);
  say('\nHandler ready, from the start of the process:');
  say('                    best   median   import (best)   CPU (median)');
  sayStarts('empty handler', nothing);
  sayStarts('the function ', ours);
  say(
    `  ${ratio.toFixed(2)} × the CPU of the empty one, ${(ready / Math.min(...nothing.map(({ readyMs }) => readyMs))).toFixed(2)} × its time`,
  );
  goal('ready within 150 ms', ready <= 150, `${ready.toFixed(0)} ms`);
  goal('deployed code under 600 KiB', total < 600, `${total.toFixed(0)} KiB`);
  goal('loaded until ready under 600 KiB', atOnce < 600, `${atOnce.toFixed(0)} KiB`);
}

function sayStarts(title: string, starts: readonly ColdStart[]): void {
  const all = (of: (start: ColdStart) => number): readonly number[] => starts.map(of);
  const best = Math.min(...all(({ readyMs }) => readyMs));
  const imports = Math.min(...all(({ importMs }) => importMs));
  const cells = [
    `${best.toFixed(0)} ms`,
    `${median(all(({ readyMs }) => readyMs)).toFixed(0)} ms`,
    `${imports.toFixed(1)} ms`,
    `${median(all(({ cpuMs }) => cpuMs)).toFixed(0)} ms`,
  ];
  say(`  ${title} ${cells.map((cell, i) => cell.padStart([8, 9, 16, 15][i] ?? 0)).join('')}`);
}

/** The first sweep of a function that was just started, with an inventory that is fresh and nothing to tell. */
async function measureSweeps(node: string, deployed: string, sandbox: Sandbox): Promise<void> {
  const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:ses-dkim-monitor`;
  const environment = {
    ...sandbox.environment(ACCOUNT, REGION),
    MONITOR_BUCKET: BUCKET,
    MONITOR_TOPIC_ARN: `arn:aws:sns:${REGION}:${ACCOUNT}:alerts`,
  };
  const sweep = (trace = false): Promise<ColdStart> => coldStart({ node, folder: deployed, trace, sweep: { functionArn, environment } });
  const first = await sweep(true);
  const runs: ColdStart[] = [];
  for (let round = 0; round < SWEEPS; round += 1) runs.push(await sweep());
  const steady = await sweep(true);
  const loaded = sizeOf(deployed, steady.loaded);
  say(`\nThe first sweep after the start, of ${IDENTITIES} healthy identities with a fresh inventory (medians of ${SWEEPS}):`);
  say(
    `  ready ${median(runs.map(({ readyMs }) => readyMs)).toFixed(0)} ms, the sweep ${median(runs.map(({ sweepMs }) => sweepMs ?? Number.NaN)).toFixed(0)} ms, answer ${JSON.stringify(steady.answer)}`,
  );
  goal('loaded by a sweep with nothing to tell under 600 KiB', loaded < 600, `${loaded.toFixed(0)} KiB`);
  say(
    `  loaded by the very first sweep, which reads the inventory and tells what it found: ${sizeOf(deployed, first.loaded).toFixed(0)} KiB`,
  );
}

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => pathToFileURL(join(folder, name)).href);

/** KiB of those of the loaded files that are in the folder. */
function sizeOf(folder: string, loaded: readonly string[]): number {
  const base = pathToFileURL(`${folder}/`).href;
  const own = [...new Set(loaded)].filter((url) => url.startsWith(base));
  return own.reduce((sum, url) => sum + statSync(new URL(url)).size, 0) / 1024;
}

await main();
