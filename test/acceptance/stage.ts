// Plays a scenario of the sandbox to the monitor: the real rooms over loopback, only time is ours.
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
import { type AccountId, parseAccountId, parseRegion, type Region } from '../../lambda/model/names.ts';
import type { ConfiguredKey } from '../../lambda/model/policy.ts';
import type { Report } from '../../lambda/model/report.ts';
import { runSweep, type SweepPlan, type SweepWorld } from '../../lambda/sweep/run-sweep.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { EXTERNAL_ID, READ_ROLE } from '../../sandbox/scenarios/first-light.ts';
import type { Scenario } from '../../sandbox/scenarios/plot.ts';

const MINUTE = 60_000;
/** The sandbox answers at once; whoever does not answer in this time never will. */
const TIMEOUTS = { firstMs: 120, secondMs: 120, tcpMs: 400, servfailAgainMs: 10 };

export interface Stage {
  readonly sandbox: Sandbox;
  /** One sweep, `minutes` after the last. */
  sweep(minutes?: number): Promise<Report>;
  close(): Promise<void>;
}

/** Starts the scenario's world and a monitor of it. Every account and region of the world is a target. */
export async function openStage(scenario: Scenario, keys: readonly ConfiguredKey[] = []): Promise<Stage> {
  let now = Date.parse(scenario.now);
  const clock = (): number => now;
  const sandbox = await startSandbox(scenario.world, { clock });
  const [home = ''] = Object.keys(scenario.world.aws);
  const before = { ...process.env };
  const topic = scenario.world.aws[home]?.topics?.[0];
  Object.assign(process.env, sandbox.environment(home, topic?.region ?? ''));
  const folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-stage-'));
  const targets = targetsOf(scenario);
  const sns = new SNSClient({});
  const channel = snsChannel({ client: sns, topicArn: `arn:aws:sns:${topic?.region}:${home}:${topic?.name}`, payload: snsPayload });
  const memory = directoryMemory(folder);

  const sweep = async (minutes = 5): Promise<Report> => {
    now += minutes * MINUTE;
    const dns = openDns({
      resolvers: [sandbox.resolver],
      routes: sandbox.routes,
      rootHints: sandbox.rootHints,
      port: 53,
      allowPrivateNameServers: false,
      clock,
      timeouts: TIMEOUTS,
      pace: { perServerPerSecond: 1000, burst: 50 },
    });
    const sleep = async (ms: number): Promise<void> => {
      now += ms;
    };
    const inventory = openInventory({
      accounts: targets.map(({ account }) =>
        account === home ? { id: account } : { id: account, roleName: READ_ROLE, externalId: EXTERNAL_ID },
      ),
      homeAccount: home as AccountId,
      clock,
      sleep,
      ratePerSecond: 50,
      callTimeoutMs: 1_000,
    });
    const world: SweepWorld = {
      dns,
      inventory,
      memory,
      channel,
      clock,
      sleep,
      randomLabel: () => `x${Math.random().toString(36).slice(2)}`,
      log: () => {},
      metrics: () => {},
    };
    try {
      const outcome = await runSweep(planFor(targets, keys, now, minutes), world);
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
    rmSync(folder, { recursive: true, force: true });
    await sandbox.close();
  };
  return { sandbox, sweep, close };
}

function planFor(targets: readonly Target[], keys: readonly ConfiguredKey[], now: number, minutes: number): SweepPlan {
  return {
    targets,
    regionMayBeOff: false,
    keys,
    policy: { remindEveryMs: 24 * 60 * MINUTE, minimumSeverity: 'notice', mute: [] },
    inventoryEveryMs: 30 * MINUTE,
    // As long as the time between two sweeps: servers are asked in turn by it.
    scheduleMs: Math.max(1, minutes) * MINUTE,
    inventoryMs: 5 * MINUTE,
    confirmAfterMs: 1_000,
    until: now + 12 * MINUTE,
    leaseUntil: now + 15 * MINUTE,
    toPaste: false,
    owner: `sweep-${now}`,
  };
}

function targetsOf(scenario: Scenario): readonly Target[] {
  return Object.entries(scenario.world.aws).flatMap(([account, { identities }]) =>
    Object.keys(identities ?? {}).map((region) => ({
      account: parsed(parseAccountId(account)),
      region: parsed(parseRegion(region)) as Region,
    })),
  );
}

function parsed<T>(read: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }): T {
  if (!read.ok) throw new Error(read.problem);
  return read.value;
}
