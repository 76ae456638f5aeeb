// Whole sweeps of one target: SES is the sandbox's, read at its limit, and DNS is the small world's.
import type { Report } from '../../lambda/model/report.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import type { SesIdentity } from '../../sandbox/aws/aws-world.ts';
import type { Fault } from '../../sandbox/aws/faults.ts';
import { recordsOf } from '../../sandbox/aws/identities.ts';
import { HOME, smallEstate, target } from '../inventory/small-estate.ts';
import { SmallWorld } from './small-world.ts';

export type RunReport = Report;

export interface Sight {
  readonly faults: Fault[];
  /** Identities of SES, and whether DNS holds their records. All must be of one region; the default is eu-west-1. */
  put(...identities: readonly { readonly identity: SesIdentity; readonly published: boolean; readonly region?: string }[]): void;
  /** One sweep; the next one comes five minutes later. */
  sweep(): Promise<Report>;
  pass(ms: number): void;
  /** Of which domains messages went out, sorted. */
  toldOf(): readonly string[];
  close(): Promise<void>;
}

export async function sight(): Promise<Sight> {
  const estate = await smallEstate();
  const small = new SmallWorld();
  let region = 'eu-west-1';
  estate.sandbox.aws.rate = 1;
  return {
    faults: estate.sandbox.aws.faults,
    put(...identities) {
      for (const { identity, published, region: other = region } of identities) {
        region = other;
        estate.sandbox.aws.setIdentity(HOME, region, identity);
        if (published) for (const { name, value } of recordsOf(identity)) small.cnames.set(name, value);
      }
    },
    async sweep() {
      const began = estate.now();
      small.now = began;
      const inventory = estate.open();
      const clock = estate.now;
      const sleep = async (ms: number) => estate.pass(ms);
      const plan = small.plan({ targets: [target(HOME, region)], inventoryMs: 180_000 });
      const outcome = await runSweep(plan, { ...small.world(), inventory, clock, sleep });
      if (outcome.kind !== 'swept') throw new Error('held');
      estate.pass(Math.max(1000, 300_000 - (estate.now() - began)));
      return outcome.report;
    },
    pass: estate.pass,
    toldOf: () => [...new Set(small.sent.flatMap(({ domains = [] }) => domains))].sort(),
    close: estate.close,
  };
}
