// Sweeps over one target without the rest of the story: when the status is due, what is kept between them, and what each costs.
import type { Inventory } from '../../lambda/model/identity.ts';
import type { RefreshNeeds } from '../../lambda/sweep/ports.ts';
import { AT_HOME, type Estate } from './small-estate.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Calls to SES by action, and the time that the reading took in milliseconds. */
export interface Spent {
  readonly list: number;
  readonly batch: number;
  readonly detail: number;
  readonly ms: number;
}

export interface Step extends Spent {
  readonly inventory: Inventory;
  readonly gap?: string;
}

/** One sweep every five minutes of the estate's time, three of which SES may be read in; each as a new process, by what the memory keeps. */
export class Sweeps {
  inventory: Inventory | undefined;
  readonly wrong = new Set<string>();
  private readonly estate: Estate;
  private readonly needs: Partial<RefreshNeeds>;

  constructor(estate: Estate, needs: Partial<RefreshNeeds> = {}) {
    this.estate = estate;
    this.needs = needs;
  }

  async sweep(): Promise<Step> {
    const { estate } = this;
    const kept = this.inventory === undefined ? undefined : (JSON.parse(JSON.stringify(this.inventory)) as Inventory);
    const began = estate.now();
    const needs = { inventoryEveryMs: HOUR, detailsEveryMs: 24 * HOUR, wrong: this.wrong, ...this.needs };
    const age = kept?.complete && kept.completedAt !== undefined ? began - Date.parse(kept.completedAt) : Number.POSITIVE_INFINITY;
    const statusDue = age >= needs.inventoryEveryMs;
    const calls = estate.sandbox.aws.calls.length;
    const { inventory, gap } =
      kept !== undefined && !statusDue && kept.pending === undefined
        ? { inventory: kept, gap: undefined }
        : await estate.open().refresh(AT_HOME, kept, began + 3 * MINUTE, undefined, { ...needs, statusDue });
    const made = estate.sandbox.aws.calls.slice(calls).filter(({ service }) => service === 'ses');
    const count = (action: string) => made.filter((call) => call.action === action).length;
    this.inventory = inventory;
    const ms = estate.now() - began;
    estate.pass(Math.max(0, 5 * MINUTE - ms));
    return {
      inventory,
      ...(gap === undefined ? {} : { gap: gap.reason }),
      list: count('ListEmailIdentities'),
      batch: count('GetIdentityDkimAttributes'),
      detail: count('GetEmailIdentity'),
      ms,
    };
  }

  async sweeps(count: number): Promise<readonly Step[]> {
    const steps: Step[] = [];
    for (let i = 0; i < count; i++) steps.push(await this.sweep());
    return steps;
  }
}

export const spent = ({ list, batch, detail }: Spent) => ({ list, batch, detail });

export const sum = (steps: readonly Spent[]) => ({
  list: steps.reduce((all, { list }) => all + list, 0),
  batch: steps.reduce((all, { batch }) => all + batch, 0),
  detail: steps.reduce((all, { detail }) => all + detail, 0),
});

/** The snapshot as if the details of all had been read at this time. */
export function detailed(inventory: Inventory, at: number): Inventory {
  const { pending: _, ...rest } = inventory;
  const detailedAt = new Date(at).toISOString();
  return { ...rest, identities: inventory.identities.map(({ provisional: _provisional, ...identity }) => ({ ...identity, detailedAt })) };
}

/** The snapshot as if the details had been read in turn over the day before `now`. */
export function detailedInTurn(inventory: Inventory, now: number): Inventory {
  const all = inventory.identities.length;
  const { identities, ...rest } = detailed(inventory, now);
  const at = (i: number) => new Date(now - ((all - i) * 24 * HOUR) / all).toISOString();
  return { ...rest, identities: identities.map((identity, i) => ({ ...identity, detailedAt: at(i) })) };
}
