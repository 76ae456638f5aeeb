// The monitor on a stage: the real rooms over loopback against one sandbox; only time is ours, so that days pass in seconds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SNSClient } from '@aws-sdk/client-sns';
import { snsChannel } from '../../lambda/channel/sns-channel.ts';
import { openDns } from '../../lambda/dns/open-dns.ts';
import { openInventory } from '../../lambda/inventory/open-inventory.ts';
import { directoryMemory } from '../../lambda/memory/directory-memory.ts';
import { snsPayload } from '../../lambda/messages/limits.ts';
import type { Target } from '../../lambda/model/identity.ts';
import { type AccountId, parseAccountId, parseRegion } from '../../lambda/model/names.ts';
import type { ConfiguredKey } from '../../lambda/model/policy.ts';
import type { Report } from '../../lambda/model/report.ts';
import { runSweep, type SweepPlan } from '../../lambda/sweep/run-sweep.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { World } from '../../sandbox/world.ts';
import type { Random } from './random.ts';
import { EXTERNAL_ID, HOME, HOME_REGION, ROLE, TOPIC } from './world.ts';

const MINUTE = 60_000;
/** The sandbox answers at once, but this machine may be busy: who has not answered by then never will. */
const TIMEOUTS = { firstMs: 300, secondMs: 300, tcpMs: 1_500, servfailAgainMs: 10 };
/** Loopback needs no politeness. */
const PACE = { perServerPerSecond: 5_000, burst: 500, resolverPerSecond: 100_000, inFlight: 200 };

export interface Stage {
  readonly sandbox: Sandbox;
  /** ms since the epoch, as everybody on the stage sees it. */
  readonly clock: () => number;
  /** Lets time pass up to this moment, unless it is later already, and sweeps. */
  sweepAt(at: number): Promise<Report>;
  close(): Promise<void>;
}

/** Starts a world at `now` (ms since the epoch) and a monitor that watches `targets`. Changes the process's environment until it is closed. */
export async function openStage(
  world: World,
  options: {
    readonly now: number;
    readonly targets: readonly { readonly account: string; readonly region: string }[];
    readonly keys: readonly ConfiguredKey[];
    readonly random: Random;
  },
): Promise<Stage> {
  let now = options.now;
  const clock = (): number => now;
  const sandbox = await startSandbox(world, { clock });
  const before = { ...process.env };
  Object.assign(process.env, sandbox.environment(HOME, HOME_REGION));
  const folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-bench-'));
  const memory = directoryMemory(folder);
  const sns = new SNSClient({});
  const channel = snsChannel({ client: sns, topicArn: `arn:aws:sns:${HOME_REGION}:${HOME}:${TOPIC}`, payload: snsPayload });
  const targets = options.targets.map(asTarget);
  const accounts = [...new Set(targets.map(({ account }) => account))].map((id) => ({ id, roleName: ROLE, externalId: EXTERNAL_ID }));
  // Those who wait at the same time wait together: time is not the sum of all waits.
  const sleep = async (ms: number): Promise<void> => {
    const wake = now + ms;
    await new Promise(setImmediate);
    now = Math.max(now, wake);
  };

  const sweepAt = async (at: number): Promise<Report> => {
    now = Math.max(now, at);
    const dns = openDns({
      resolvers: sandbox.resolvers,
      routes: sandbox.routes,
      rootHints: sandbox.rootHints,
      port: 53,
      allowPrivateNameServers: false,
      clock,
      timeouts: TIMEOUTS,
      pace: PACE,
    });
    const inventory = openInventory({
      accounts,
      homeAccount: HOME as AccountId,
      clock,
      sleep,
      ratePerSecond: 1_000,
      callTimeoutMs: 10_000,
    });
    const randomLabel = (): string => `x${options.random.int(2 ** 32).toString(36)}${options.random.int(2 ** 32).toString(36)}`;
    const log = (): void => undefined;
    const world = { dns, inventory, memory, channel, clock, sleep, randomLabel, log, metrics: log };
    try {
      const outcome = await runSweep(planFor(targets, options.keys, now), world);
      if (outcome.kind === 'held') throw new Error('the lease was held');
      if (outcome.troubles.length > 0) throw new Error(outcome.troubles.join('\n'));
      return outcome.report;
    } finally {
      dns.close();
      inventory.close();
    }
  };

  const close = async (): Promise<void> => {
    sns.destroy();
    for (const name of Object.keys(process.env)) if (before[name] === undefined) delete process.env[name];
    Object.assign(process.env, before);
    rmSync(folder, { recursive: true, force: true });
    await sandbox.close();
  };
  return { sandbox, clock, sweepAt, close };
}

function planFor(targets: readonly Target[], keys: readonly ConfiguredKey[], now: number): SweepPlan {
  return {
    targets,
    regionMayBeOff: false,
    keys,
    policy: { remindEveryMs: 24 * 60 * MINUTE, minimumSeverity: 'notice', mute: [] },
    // SES is read in every sweep, so that what happens there is seen in the next one.
    inventoryEveryMs: 0,
    scheduleMs: 5 * MINUTE,
    inventoryMs: 60 * MINUTE,
    sesCallsPerSecond: 1,
    confirmAfterMs: 1_000,
    until: now + 120 * MINUTE,
    leaseUntil: now + 130 * MINUTE,
    toPaste: false,
    owner: `sweep-${now}`,
  };
}

function asTarget({ account, region }: { readonly account: string; readonly region: string }): Target {
  const [id, code] = [parseAccountId(account), parseRegion(region)];
  if (!id.ok || !code.ok) throw new Error(`${account}/${region} is no target`);
  return { account: id.value, region: code.value };
}
