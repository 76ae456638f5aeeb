// The shape of a fault: what is done to the world and when, and whom it hits with what. Written without a look at the product's rules.
import type { RecordsAt } from '../../sandbox/dns/dns-world.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { type Estate, type Member, type SesState, type Signer, type Slot, sesIdentity, type Zone } from './estate.ts';
import { put } from './healthy-zone.ts';
import type { Random } from './random.ts';

export type Severity = 'notice' | 'warning' | 'critical';

/** A finding that is due. `flickers`: a sweep that asks another server may not see it. */
export interface Due extends Told {
  readonly severity: Severity;
  readonly flickers: boolean;
}

/** One finding that has to be told. */
export interface Told {
  readonly kind: string;
  /** `by-status`: critical while SES says SUCCESS or TEMPORARY_FAILURE, which is what can be lost; else a warning. `while-success`: by SUCCESS alone. */
  readonly severity: Severity | 'by-status' | 'while-success';
  /** Facts that it must carry; it may carry more. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** One thing that is done to the world. */
export type Step =
  /** Records at a name relative to the zone: each type given is replaced, an empty list takes it away. With `servers`: only there. */
  | {
      readonly kind: 'records';
      readonly zone: Zone;
      readonly at: string;
      readonly records: RecordsAt;
      readonly servers?: readonly string[];
    }
  /** SES changes its mind about an identity. */
  | { readonly kind: 'ses'; readonly member: Member; readonly state: SesState }
  | { readonly kind: 'world'; readonly says: string; readonly run: (sandbox: Sandbox) => void | Promise<void> };

/** What has to be told of one identity, once all that happens to its estate is known. */
export interface Hit {
  readonly member: Member;
  readonly told: (end: Ending) => readonly Told[];
  /** A sweep that asks another server may not see it: it must have been told in one of them. */
  readonly flickers?: true;
}

/** How an estate ends: what a told finding may depend on. */
export interface Ending {
  readonly estate: Estate;
  /** Start of the last sweep, ms since the epoch. */
  readonly now: number;
}

export interface Fault {
  readonly name: string;
  readonly slot: Slot;
  /** Whom it is about, for people. */
  readonly about: string;
  /** Before the first sweep, after the first, and before the last two. */
  readonly begin?: readonly Step[];
  readonly after?: readonly Step[];
  readonly late?: readonly Step[];
  readonly hits: readonly Hit[];
  /** Told of whole targets, `account/region`. */
  readonly targets?: readonly { readonly target: string; readonly told: Told & { readonly severity: Severity } }[];
  /** Kinds that are told on the way, before the end is reached: the world really looks so then. */
  readonly onTheWay?: readonly string[];
}

/** One kind of fault, with its variant: `record-missing:one`. */
export interface FaultKind {
  readonly name: string;
  readonly slot: Slot;
  /** Plans one in the estate, which is given what it lacks for it. */
  readonly plan: (estate: Estate, random: Random) => Fault;
}

export type FaultParts = Omit<Fault, 'name' | 'slot'>;

/** A kind of fault by what it plans. */
export function faultKind(name: string, slot: Slot, parts: (estate: Estate, random: Random) => FaultParts): FaultKind {
  return { name, slot, plan: (estate, random) => ({ name, slot, ...parts(estate, random) }) };
}

/** The same finding for every identity that shares a set of records. */
export function hitsAll(
  signers: readonly Signer[],
  told: (signer: Signer, member: Member, end: Ending) => readonly Told[],
  more: Partial<Hit> = {},
): readonly Hit[] {
  return signers.flatMap((signer) =>
    signer.members.map((member) => ({ ...more, member, told: (end: Ending) => told(signer, member, end) })),
  );
}

/** When the world is touched. */
export const MOMENTS = ['begin', 'after', 'late'] as const;
export type Moment = (typeof MOMENTS)[number];

/** Takes the steps that are on paper into the estate's paper state: how it will look in the end. Steps of one server leave the zone's own data. */
export function foretell(steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.kind === 'records' && step.servers === undefined) put(step.zone, step.at, step.records);
    if (step.kind === 'ses') step.member.state = { ...step.member.state, ...step.state };
  }
}

/** Does the steps to a running sandbox. `states` keeps what SES says of each member by now. */
export async function perform(steps: readonly Step[], sandbox: Sandbox, states: Map<Member, SesState>): Promise<void> {
  for (const step of steps) {
    switch (step.kind) {
      case 'records':
        sandbox.dns.setRecords(step.zone.apex, step.at, step.records, step.servers && { servers: step.servers });
        break;
      case 'ses': {
        const { member } = step;
        const state = { ...(states.get(member) ?? member.first), ...step.state };
        states.set(member, state);
        sandbox.aws.setIdentity(member.account, member.region, sesIdentity(member, state));
        break;
      }
      case 'world':
        await step.run(sandbox);
        break;
    }
  }
}
