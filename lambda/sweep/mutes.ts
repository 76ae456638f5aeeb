// Mutes that were set by the command: kept in the memory beside those of the configuration, each with an end and a reason.
import { matchesPattern } from '../alerts/policy.ts';
import type { AlertPolicy, Mute } from '../model/policy.ts';
import type { Report } from '../model/report.ts';
import { LATEST_REPORT_KEY, MUTES_KEY, SCHEMA } from './blobs.ts';
import { identitiesOf } from './keep-report.ts';
import type { Log, Memory } from './ports.ts';

/** A mute with who made it, and when: a reader in a year wants to know whom to ask. */
export interface KeptMute extends Mute {
  /** Exclusive, ISO 8601 UTC. */
  readonly until: string;
  readonly reason: string;
  readonly by?: string | undefined;
  /** When it was made, ISO 8601 UTC. */
  readonly at: string;
}

interface MutesBlob {
  readonly schema: 1;
  readonly mutes: readonly KeptMute[];
}

export { isRunning } from '../alerts/policy.ts';

/** More than this is no list that a person keeps. */
export const MAX_KEPT_MUTES = 1000;

export type MutesRead =
  | { readonly kind: 'read'; readonly mutes: readonly KeptMute[]; readonly version: string }
  | { readonly kind: 'unreadable'; readonly detail: string };

/**
 * The mutes that still run at `now` (milliseconds since the epoch). Never throws. A list of which one entry is damaged is unreadable as a whole:
 * whoever wrote it is told so, instead of finding out by a message, or by its absence.
 */
export async function readMutes(memory: Pick<Memory, 'read'>, now: number): Promise<MutesRead> {
  const read = await memory.read(MUTES_KEY, SCHEMA.mutes);
  if (read.kind === 'absent') return { kind: 'read', mutes: [], version: 'absent' };
  if (read.kind === 'unreadable') return read;
  const { mutes } = read.value as { readonly mutes?: unknown };
  if (!Array.isArray(mutes) || !mutes.every(isKeptMute)) return { kind: 'unreadable', detail: `${MUTES_KEY}: It holds no list of mutes.` };
  return { kind: 'read', mutes: mutes.filter(({ until }) => Date.parse(until) > now), version: read.version };
}

/** Writes the whole list, if nobody else wrote it since `version` was read. Throws if the memory cannot be written at all. */
export async function writeMutes(
  memory: Pick<Memory, 'write'>,
  mutes: readonly KeptMute[],
  version: string,
): Promise<'written' | 'conflict'> {
  const blob: MutesBlob = { schema: SCHEMA.mutes, mutes };
  return (await memory.write(MUTES_KEY, blob, version)).kind;
}

/** The policy with the kept mutes beside its own. What cannot be read mutes nothing: too much noise is better than silence that nobody meant. */
export function withKeptMutes(policy: AlertPolicy, read: MutesRead): AlertPolicy {
  return read.kind === 'unreadable' || read.mutes.length === 0 ? policy : { ...policy, mute: [...policy.mute, ...read.mutes] };
}

export interface PolicyRead {
  readonly policy: AlertPolicy;
  /** Why the kept mutes cannot be read, if they cannot: they count for nothing then. */
  readonly noMutes?: string;
}

/** What a sweep or an early check tells by: `policy` with the mutes that are kept and still run at `now` (ms since the epoch). The log says if they cannot be read. */
export async function readPolicy(
  policy: AlertPolicy,
  { memory, log }: { readonly memory: Pick<Memory, 'read'>; readonly log: Log },
  now: number,
): Promise<PolicyRead> {
  const mutes = await readMutes(memory, now);
  if (mutes.kind === 'read') return { policy: withKeptMutes(policy, mutes) };
  log('error', 'mutes-unreadable', { detail: mutes.detail });
  return { policy: withKeptMutes(policy, mutes), noMutes: mutes.detail };
}

/** True if both silence the very same: then the later one takes the place of the former. */
export function isSameScope(a: Mute, b: Mute): boolean {
  return scopeText(a) === scopeText(b);
}

/** True if `wide` silences at least whatever `narrow` does, whenever both run. */
export function isCoveredBy(narrow: Mute, wide: Mute): boolean {
  const kinds = wide.kinds ?? [];
  const own = narrow.kinds ?? [];
  return (
    matchesPattern(narrow.identity, wide.identity) &&
    (wide.account === undefined || wide.account === narrow.account) &&
    (wide.region === undefined || wide.region === narrow.region) &&
    (kinds.length === 0 || (own.length > 0 && own.every((kind) => kinds.includes(kind))))
  );
}

/**
 * What a mute can be about, as the last report names it: identities, and whole targets by `account/region`. Undefined if no report can be read.
 * Only a hint: an identity may be new.
 */
export async function watchedNames(memory: Pick<Memory, 'read'>): Promise<readonly Mute[] | undefined> {
  const read = await memory.read(LATEST_REPORT_KEY, SCHEMA.report);
  if (read.kind !== 'found') return undefined;
  const report = read.value as Report;
  const names: Mute[] = [];
  for await (const identities of identitiesOf(report, memory))
    for (const { account, region, identity } of identities) names.push({ account, region, identity });
  return [...names, ...report.targets.map(({ account, region }) => ({ account, region, identity: `${account}/${region}` }))];
}

function scopeText({ identity, account, region, kinds = [] }: Mute): string {
  return JSON.stringify([identity, account ?? '', region ?? '', [...kinds].sort()]);
}

function isKeptMute(value: unknown): value is KeptMute {
  const { identity, account, region, kinds, until, reason, by, at } = (value ?? {}) as { readonly [K in keyof KeptMute]?: unknown };
  const isText = (one: unknown): boolean => typeof one === 'string';
  const isTextOrAbsent = (one: unknown): boolean => one === undefined || isText(one);
  return (
    isText(identity) &&
    isText(reason) &&
    isText(at) &&
    typeof until === 'string' &&
    !Number.isNaN(Date.parse(until)) &&
    [account, region, by].every(isTextOrAbsent) &&
    (kinds === undefined || (Array.isArray(kinds) && kinds.every(isText)))
  );
}
