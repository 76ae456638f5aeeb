// Which identities share one alert, and what is believed of a group: one cause is told once, naming everybody it hits.
import { type AffectedIdentity, type Alert, type AlertMemory, type Belief, isUnjudgedKey, type Subject } from '../model/alert.ts';
import type { DkimMethod } from '../model/identity.ts';
import type { AlertPolicy } from '../model/policy.ts';
import type { TargetReport } from '../model/report.ts';
import { subjectKey } from './facts.ts';
import { isFindingMuted } from './policy.ts';
import { asRemembered } from './unseen.ts';

/** What is needed of an identity to name its alert. The method is unknown for one that could not be read. */
export interface Named {
  readonly account: string;
  readonly region: string;
  readonly identity: string;
  readonly method?: DkimMethod;
}

/**
 * Returns the function that gives each identity its alert's key.
 *
 * `account/region/identity` by default. The replicas of a domain (Deterministic Easy DKIM) and their parent answer to the same three records,
 * so in an account with a replica of a domain all its Easy DKIM identities share `account/deed/<domain>`.
 * An identity in an open alert keeps that alert's key until it closes: a replica that is added or deleted meanwhile splits no alert.
 * One that could not be read counts as a member of an open family of its name: it may be one, and the family must not be called well without it.
 */
export function alertKeys(reports: readonly TargetReport[], memory: AlertMemory): (identity: Named) => string {
  const kept = new Map<string, string>();
  for (const { key, affected } of Object.values(memory.alerts)) {
    // That an identity cannot be judged is told apart from what is broken about it.
    if (!isUnjudgedKey(key)) for (const { subject } of affected) kept.set(subjectKey(subject), key);
  }
  const families = new Set<string>();
  for (const report of reports)
    for (const { identity } of report.results) if (identity.method === 'deed') families.add(familyKey(identity.account, identity.identity));

  return (identity) => {
    const own = subjectKey(identity);
    const stays = kept.get(own);
    if (stays !== undefined) return stays;
    const family = familyKey(identity.account, identity.identity);
    const { method } = identity;
    const open = memory.alerts[family] !== undefined;
    if (method === undefined) return open ? family : own;
    return (method === 'easy' || method === 'deed') && (open || families.has(family)) ? family : own;
  };
}

/** No region is called `deed`, so that a family's key is never an identity's. */
function familyKey(account: string, domain: string): string {
  return `${account}/deed/${domain}`;
}

/** What is believed of one member of a key. `who` is its {@link subjectKey}; absent for a target. */
export interface Member {
  readonly belief: Belief;
  readonly who?: string;
}

/**
 * What is believed of one key, from what is believed of each of its members (at least one) and from its open alert.
 * Broken if any is; else unknown if any is; healthy only if all that still exist are, and confirmed by a panel only if all are; gone if all are gone.
 * Who is muted counts only where all are. One that cannot be seen keeps a group open, but holds nobody else in it (an early check, which
 * looks at a few, changes nothing of it).
 * In a broken key whoever was hit before stays hit, as last seen, until a panel has seen it well or it is gone: else its end would be told without it.
 */
export function mergeMembers(
  key: string,
  members: readonly [Member, ...Member[]],
  alert: Alert | undefined,
  context: { readonly policy: AlertPolicy; readonly now: string; readonly early?: boolean },
): Belief {
  const beliefs = members.map(({ belief }) => belief);
  const broken = beliefs.filter((b) => b.kind === 'broken');
  const loud = broken.filter((b) => !b.muted);
  // Without anybody who is seen broken: those of whom nobody can say that they are over.
  const rest = loud.length > 0 ? [] : unseenHit(members, alert, true, context);
  if (alert?.cause !== undefined && loud.length === 0 && rest.length === 0) {
    // What is left of a group is muted: for those who read of it, it is over with the others.
    const well = beliefs.find((b) => b.kind === 'healthy' && b.panel);
    if (well !== undefined) return { ...well, key, ...asideOf(members, alert, []) };
  }
  // A muted member is not named beside others; if all are muted the alert is kept, quietly, with all of them.
  const shown = loud.length > 0 ? loud : rest.length > 0 ? [] : broken;
  const [first] = shown;
  if (first !== undefined) {
    const zone = common(shown.map((b) => b.zone));
    const nameServers = shared(shown.map((b) => b.nameServers ?? []));
    const targetFinding = shown.find((b) => b.targetFinding !== undefined)?.targetFinding;
    const affected = [...shown.flatMap((b) => b.affected), ...unseenHit(members, alert, loud.length > 0, context)];
    return {
      key,
      kind: 'broken',
      affected,
      ...asideOf(members, alert, affected),
      target: first.target,
      muted: loud.length === 0,
      ...(targetFinding ? { targetFinding } : {}),
      ...(zone === undefined ? {} : { zone }),
      ...(nameServers.length > 0 ? { nameServers } : {}),
    };
  }
  const unknown = beliefs.find((b) => b.kind === 'unknown');
  if (unknown) {
    const unseen = beliefs.flatMap((b) => (b.kind === 'unknown' ? (b.unseen ?? []) : []));
    const left =
      alert?.cause === undefined || rest.length === 0 || context.early === true ? {} : { rest, ...asideOf(members, alert, rest) };
    return { ...unknown, key, ...(unseen.length > 0 ? { unseen } : {}), ...left };
  }
  const healthy = beliefs.filter((b) => b.kind === 'healthy');
  if (healthy[0])
    return { key, kind: 'healthy', panel: healthy.every((b) => b.panel), target: healthy[0].target, ...asideOf(members, alert, []) };
  const gone = beliefs.filter((b) => b.kind === 'gone');
  return { ...(gone.find((b) => b.why === 'identity-deleted') ?? gone[0] ?? members[0].belief), key };
}

// Those of the open alert of whom this sweep cannot say that they are well; without what was muted meanwhile, where others are loud.
function unseenHit(
  members: readonly Member[],
  alert: Alert | undefined,
  loud: boolean,
  { policy, now }: { readonly policy: AlertPolicy; readonly now: string },
): readonly AffectedIdentity[] {
  if (alert === undefined) return [];
  const open = new Map(
    members.flatMap(({ belief, who }) =>
      who !== undefined && (belief.kind === 'unknown' || (belief.kind === 'healthy' && !belief.panel)) ? [[who, belief] as const] : [],
    ),
  );
  return alert.affected.flatMap((one) => {
    const belief = open.get(subjectKey(one.subject));
    if (belief === undefined) return [];
    const kept = loud ? one.findings.filter((f) => !isFindingMuted(one.subject, f.kind, policy, now)) : one.findings;
    return kept.some((f) => f.severity !== 'notice') ? [{ ...asRemembered(one, belief, alert), findings: kept }] : [];
  });
}

/** Of a group: those that were hit, are so no longer, and whom nobody has seen well. */
function asideOf(
  members: readonly Member[],
  alert: Alert | undefined,
  affected: readonly AffectedIdentity[],
): { readonly aside?: readonly Subject[] } {
  if (alert?.cause === undefined) return {};
  const stay = new Set(affected.map(({ subject }) => subjectKey(subject)));
  for (const { belief, who } of members) if (who !== undefined && belief.kind === 'healthy' && belief.panel) stay.add(who);
  const aside = alert.affected.flatMap(({ subject }) => (stay.has(subjectKey(subject)) ? [] : [subject]));
  return aside.length > 0 ? { aside } : {};
}

/** The name servers that are in every set, in the order of the first; empty if there is no set. */
export function shared(sets: readonly (readonly string[])[]): readonly string[] {
  return sets.reduce((common, servers) => common.filter((server) => servers.includes(server)), sets[0] ?? []);
}

function common(values: readonly (string | undefined)[]): string | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}
