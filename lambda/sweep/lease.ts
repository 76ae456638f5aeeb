// Two sweeps never overlap: whoever holds the lease sweeps. A lease in memory, because reserved concurrency is refused to new accounts with a limit of 10.
import { LEASE_KEY, SCHEMA, SWEEP_WAITS_KEY } from './blobs.ts';
import type { Clock, Memory, Sleep } from './ports.ts';

interface LeaseBlob {
  readonly schema: 1;
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** True for an early check, which a sweep waits for. */
  readonly early?: true;
}

export type Lease =
  | { readonly kind: 'taken'; readonly release: () => Promise<void> }
  | { readonly kind: 'held'; readonly owner: string; readonly until: number; readonly early?: true };

/** Frees the lease of an owner that was interrupted; another's is left alone. */
export async function releaseLease(memory: Memory, owner: string): Promise<void> {
  const read = await memory.read(LEASE_KEY, SCHEMA.lease);
  if (read.kind !== 'found' || (read.value as LeaseBlob).owner !== owner) return;
  const over: LeaseBlob = { schema: 1, owner, until: 0 };
  await memory.write(LEASE_KEY, over, read.version);
}

/** A lease that claims to last longer than this is a damaged clock, not a sweep: the command's longest one reads 10,000 identities at one a second. */
const LONGEST_MS = 4 * 3_600_000;

/**
 * Takes the lease until `until` (ms since the epoch): the end of the invocation, so that a killed one frees it by itself.
 * Throws if it cannot be written: sweeping on without it could tell everything twice.
 */
export async function takeLease(
  memory: Memory,
  owner: string,
  now: number,
  until: number,
  { early }: Pick<LeaseBlob, 'early'> = {},
): Promise<Lease> {
  const waiting = early === true ? await sweepWaiting(memory, now) : undefined;
  if (waiting !== undefined) return waiting;
  const read = await memory.read(LEASE_KEY, SCHEMA.lease);
  if (read.kind === 'found') {
    const held = read.value as LeaseBlob;
    if (held.until > now && held.until < now + LONGEST_MS && held.owner !== owner)
      return { kind: 'held', owner: held.owner, until: held.until, ...(held.early === true ? { early: true } : {}) };
  }
  const mine: LeaseBlob = { schema: 1, owner, until, ...(early === true ? { early } : {}) };
  // A damaged lease names no holder, and must not stop the monitor for ever: it is written anew. Where nothing can be written either, this throws.
  const expected = read.kind === 'found' ? read.version : read.kind === 'absent' ? 'absent' : 'any';
  const written = await memory.write(LEASE_KEY, mine, expected);
  if (written.kind === 'conflict') return { kind: 'held', owner: 'another sweep that started at the same moment', until };
  const release = async (): Promise<void> => {
    const over: LeaseBlob = { ...mine, until: 0 };
    await memory.write(LEASE_KEY, over, written.version);
  };
  return { kind: 'taken', release };
}

export interface Waiting {
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** Milliseconds since the epoch: after that nobody waits any longer. */
  readonly until: number;
  /** Which holders are waited for. */
  readonly worthIt: (held: Extract<Lease, { kind: 'held' }>) => boolean;
}

/** The lease as soon as it is free, or whoever holds it still when waiting is over or not worth it. `take` tries once. */
export async function waitForLease(take: () => Promise<Lease>, { clock, sleep, everyMs, until, worthIt }: Waiting): Promise<Lease> {
  let lease = await take();
  while (lease.kind === 'held' && worthIt(lease) && clock() + everyMs < until) {
    await sleep(everyMs);
    lease = await take();
  }
  return lease;
}

/** As long as a sweep looks again; it is far shorter than the pause of early checks. */
const SWEEP_LOOKS_EVERY_MS = 1_000;

/**
 * The lease for a sweep: it goes home if another sweep runs, but waits for an early check, which is short, until `waitUntil` (ms since the epoch). That it waits
 * is written down, and no early check takes the lease meanwhile: a queue full of them cannot keep the sweep from its turn.
 */
export async function takeLeaseForSweep(
  memory: Memory,
  { owner, leaseUntil, waitUntil }: { readonly owner: string; readonly leaseUntil: number; readonly waitUntil: number },
  { clock, sleep }: Pick<Waiting, 'clock' | 'sleep'>,
): Promise<Lease> {
  const take = () => takeLease(memory, owner, clock(), leaseUntil);
  const first = await take();
  if (first.kind === 'taken' || first.early !== true) return first;
  const waits: LeaseBlob = { schema: 1, owner, until: waitUntil };
  await memory.write(SWEEP_WAITS_KEY, waits, 'any');
  const lease = await waitForLease(take, {
    clock,
    sleep,
    everyMs: SWEEP_LOOKS_EVERY_MS,
    until: waitUntil,
    worthIt: ({ early }) => early === true,
  });
  const over: LeaseBlob = { ...waits, until: 0 };
  await memory.write(SWEEP_WAITS_KEY, over, 'any');
  return lease;
}

/** The sweep that waits, as if it held the lease already. */
async function sweepWaiting(memory: Memory, now: number): Promise<Extract<Lease, { kind: 'held' }> | undefined> {
  const read = await memory.read(SWEEP_WAITS_KEY, SCHEMA.lease);
  if (read.kind !== 'found') return undefined;
  const { owner, until } = read.value as LeaseBlob;
  return until > now && until < now + LONGEST_MS ? { kind: 'held', owner, until } : undefined;
}
