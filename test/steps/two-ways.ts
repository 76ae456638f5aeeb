// One estate, swept two ways: by one function, and by the state machine as it is deployed; what both leave behind can be compared.

import { parseConfiguration } from '../../lambda/configuration.ts';
import type { Identity, Inventory, Target } from '../../lambda/model/identity.ts';
import type { AccountId, Region } from '../../lambda/model/names.ts';
import { handleStep } from '../../lambda/step-handler.ts';
import type { Cut } from '../../lambda/steps/make-items.ts';
import { parseStep } from '../../lambda/steps/parse-step.ts';
import { Ledger } from '../../lambda/sweep/ledger.ts';
import type { Estate } from '../../lambda/sweep/resolve-targets.ts';
import { runSweep, type SweepWorld } from '../../lambda/sweep/run-sweep.ts';
import { sweepPlan } from '../../lambda/sweep-plan.ts';
import { stateMachineDefinition } from '../../lib/state-machine-definition.ts';
import { SmallWorld } from '../sweep/small-world.ts';
import { type Walked, walk } from './small-states.ts';

export const target = (account: string, region: string): Target => ({ account: account as AccountId, region: region as Region });

export const ONE = '111111111111';
export const TWO = '222222222222';
export const TARGETS: readonly Target[] = [
  target(ONE, 'eu-west-1'),
  target(ONE, 'us-east-1'),
  target(TWO, 'eu-west-1'),
  target(TWO, 'us-east-1'),
];

/** More than three identities are looked at in parts, of a target nobody has counted more than six are only listed, and two small targets make a piece. */
export const SMALL_CUT: Cut = {
  partIdentities: 3,
  pieceIdentities: 4,
  pieceTargets: 2,
  pieceUncounted: 2,
  itemsAtOnce: 12,
  partsAtOnce: 2,
};

const MACHINE = stateMachineDefinition({ functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:monitor', partition: 'aws' });

export function configuration(more: object = {}) {
  const read = parseConfiguration({
    accounts: [{ id: ONE }, { id: TWO }],
    regions: ['eu-west-1', 'us-east-1'],
    dns: { confirmAfter: '1s' },
    ...more,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.value;
}

/** A small world whose clock stands still while it is swept, in which single targets can refuse or fail. */
export class TwoWaysWorld extends SmallWorld {
  /** Targets, as `account/region`, that SES does not let us read; whose memory cannot be written. */
  readonly refused = new Set<string>();
  readonly broken = new Set<string>();
  readonly lists = new Map<string, unknown>();
  /** Domains whose details SES does not come to give: they wait, provisional. */
  readonly undetailed = new Set<string>();
  /** Who is watched, and how that is known. */
  watched: { readonly targets: readonly Target[]; readonly estate: Estate } = { targets: TARGETS, estate: { troubles: [] } };
  /** Fails an invocation: a payload's step and number, such as `part 0 2`. */
  readonly crash = new Set<string>();
  private runs = 0;

  override world(): SweepWorld {
    const world = super.world();
    return {
      ...world,
      sleep: async () => {},
      inventory: {
        ...world.inventory,
        refresh: async (where, previous, until, progress) => {
          this.listing = this.refused.has(`${where.account}/${where.region}`) ? 'refused' : 'complete';
          const { inventory, ...rest } = await world.inventory.refresh(where, previous, until, progress);
          return { ...rest, inventory: waiting(inventory, previous) };
        },
        freshen: async (where, inventory, names, limits) => {
          const read = await world.inventory.freshen(where, inventory, names, limits);
          for (const name of names) this.#readDetails(where, name);
          const identities = read.identities.map((one) =>
            names.includes(one.identity) ? (this.identities.find((now) => isSame(now, one)) ?? one) : one,
          );
          const heard = identities.filter((one) => names.includes(one.identity));
          if (!heard.some(({ provisional }) => provisional) && identities.every((one, i) => one === read.identities[i])) return read;
          const at = new Date(this.now).toISOString();
          return waiting({ ...read, identities }, read, new Map(heard.map(({ identity }) => [identity, at])));
        },
      },
      memory: {
        ...world.memory,
        write: async (key, value, expected) => {
          if ([...this.broken].some((where) => key === `history/${where}`)) throw new Error('The bucket refuses.');
          return await world.memory.write(key, value, expected);
        },
      },
    };
  }

  async asOne(more: object = {}): Promise<readonly string[]> {
    this.runs += 1;
    const moment = { now: this.now, remainingMs: 900_000, owner: `run-${this.runs}` };
    const { targets, estate } = this.watched;
    const outcome = await runSweep({ ...sweepPlan(configuration(more), targets, moment), estate }, this.world());
    if (outcome.kind === 'held') throw new Error('held');
    return outcome.troubles;
  }

  async bySteps(more: object = {}, cut: Cut = SMALL_CUT): Promise<Walked> {
    this.runs += 1;
    const name = `run-${this.runs}`;
    return await walk(MACHINE, {
      name,
      object: (key) => this.lists.get(key),
      invoke: async (payload) => await this.invoke(payload, more, cut),
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: an event is untyped JSON.
  async invoke(payload: any, more: object = {}, cut: Cut = SMALL_CUT): Promise<unknown> {
    if (this.crash.has([payload.step, payload.item?.n, payload.part].filter((one) => one !== undefined).join(' ')))
      throw Object.assign(new Error('RequestId: 1 Error: Runtime exited'), { name: 'Runtime.ExitError' });
    const step = parseStep(payload);
    if (step === undefined) throw new Error('this is no step');
    const answer = await handleStep(step, {
      configuration: configuration(more),
      watched: async () => this.watched,
      moment: { now: this.now, remainingMs: 900_000, owner: 'request' },
      bucket: 'memory',
      items: async (key, items) => void this.lists.set(key, JSON.parse(JSON.stringify(items))),
      cut,
      inWorld: async (_until, _pace, work) => await work(this.world()),
    });
    return JSON.parse(JSON.stringify(answer));
  }

  /** SES tells the details of a provisional identity, unless it does not come to that. */
  #readDetails(where: Target, name: string): void {
    const i = this.identities.findIndex((one) => isSame(one, { ...where, identity: name }));
    const { provisional, ...known } = this.identities[i] ?? {};
    if (provisional === true && !this.undetailed.has(name))
      this.identities[i] = { ...(known as Identity), detailedAt: new Date(this.now).toISOString() };
  }

  /** The value kept under a key. */
  kept(key: string) {
    const blob = this.blobs.get(key);
    return blob === undefined ? undefined : JSON.parse(blob.text);
  }

  /** What must be the same whichever way the estate was swept: the report but for its cost, the alerts, what is remembered of targets. */
  left() {
    const { cost: _, ...report } = this.kept('reports/latest') ?? {};
    const remembered = [...this.blobs.keys()].filter((key) => /^(inventory|history)\//.test(key)).sort();
    return {
      report,
      alerts: this.kept('alerts/deployment'),
      outbox: this.kept('outbox/deployment'),
      targets: remembered.map((key) => [key, this.#asRead(key)]),
    };
  }

  /** One function leaves a history unwritten that only went on being well, and says so in its ledger. */
  #asRead(key: string) {
    const kept = this.kept(key);
    const [room, account, region] = key.split('/');
    const target = TARGETS.find((one) => one.account === account && one.region === region);
    if (room !== 'history' || target === undefined) return kept;
    const ledger = new Ledger(this.kept('ledger/deployment')?.targets);
    return { ...kept, histories: ledger.broughtUp(target, kept.histories, String(this.blobs.get(key)?.version)) };
  }
}

/** An identity with one thing changed. */
export const changed = (identity: Identity, change: Partial<Identity>): Identity => ({ ...identity, ...change });

type Named = Pick<Identity, 'account' | 'region' | 'identity'>;
const isSame = (a: Named, b: Named): boolean => a.account === b.account && a.region === b.region && a.identity === b.identity;

/** The inventory with the details of its provisional identities waited for, after those of `before`; of those in `heard` something changed, as SES said at that time. */
function waiting(inventory: Inventory, before: Inventory | undefined, heard: ReadonlyMap<string, string> = new Map()): Inventory {
  const { pending: _, ...rest } = inventory;
  const queue = new Map((before?.pending?.names ?? []).map((name) => [name.identity, name]));
  for (const { identity, type, provisional } of inventory.identities) {
    const since = queue.get(identity)?.since ?? heard.get(identity);
    if (provisional !== true) queue.delete(identity);
    else if (heard.has(identity) || !queue.has(identity))
      queue.set(identity, { identity, type, why: heard.has(identity) ? 'changed' : 'new', ...(since === undefined ? {} : { since }) });
  }
  return queue.size === 0 ? rest : { ...rest, pending: { names: [...queue.values()], seen: [] } };
}
