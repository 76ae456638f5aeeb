// The small world with early checks between its sweeps.
import type { Focus } from '../../lambda/model/focus.ts';
import type { Target } from '../../lambda/model/identity.ts';
import { targetKey } from '../../lambda/model/identity.ts';
import { dnsName, type Region } from '../../lambda/model/names.ts';
import type { Mute } from '../../lambda/model/policy.ts';
import { type EarlyOutcome, runEarlyCheck } from '../../lambda/sweep/run-early-check.ts';
import { runSweep, type SweepOutcome, type SweepWorld } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld, TARGET } from './small-world.ts';

export const MINUTE = 60_000;
export const OTHER: Target = { account: TARGET.account, region: 'us-east-1' as Region };
export const TARGETS = [TARGET, OTHER] as const;
const TOKENS = ['a', 'b', 'c'].map((letter) => letter.repeat(32));

/** Events that name identities of a target. */
export const named = (names: readonly string[], target: Target = TARGET): Focus => ({
  named: new Map([[targetKey(target), { names, whole: false }]]),
  changed: [],
});

/** An event of Route 53 about the first token of each domain. */
export const changed = (...domains: readonly string[]): Focus => ({
  named: new Map(),
  changed: domains.map((domain) => ({ name: dnsName(`${TOKENS[0]}._domainkey.${domain}`), below: false })),
});

export class EarlyWorld extends SmallWorld {
  /** A world whose targets had their first summary. */
  static async introduced(...domains: readonly string[]): Promise<EarlyWorld> {
    const small = new EarlyWorld();
    small.identities = [...domains.map((domain) => easyIdentity(domain)), easyIdentity('elsewhere.example', OTHER)];
    small.publish(...small.identities);
    await small.sweep();
    small.sent.length = 0;
    small.now += 5 * MINUTE;
    return small;
  }

  /** Ports that a test puts in the place of the small world's. */
  instead: Partial<SweepWorld> = {};

  /** Mutes of the configuration. */
  configured: readonly Mute[] = [];

  override world(): SweepWorld {
    return { ...super.world(), ...this.instead };
  }

  sweep(): Promise<SweepOutcome> {
    return runSweep(this.plan({ targets: TARGETS }), this.world());
  }

  early(focus: Focus, beginWithin = 5 * MINUTE): Promise<EarlyOutcome> {
    const { until: _until, leaseUntil: _leaseUntil, toPaste: _toPaste, ...plan } = this.plan({ targets: TARGETS });
    const policy = { ...plan.policy, mute: this.configured };
    return runEarlyCheck(
      { ...plan, policy, owner: `early-${this.now}`, focus, lookMs: 3 * MINUTE, concludeMs: MINUTE, beginUntil: this.now + beginWithin },
      this.world(),
    );
  }

  lose(domain: string): void {
    this.cnames.delete(`${TOKENS[0]}._domainkey.${domain}`);
  }

  /** A remembered value. */
  blob<T>(key: string): T {
    const found = this.blobs.get(key);
    if (found === undefined) throw new Error(`there is no ${key}`);
    return JSON.parse(found.text) as T;
  }

  told(): readonly string[] {
    return this.sent.map(({ event, subject }) => `${event} ${subject}`);
  }
}
