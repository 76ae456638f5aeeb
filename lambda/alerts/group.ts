// Which identities share one alert, and what is believed of a group: one cause is told once, naming everybody it hits.
import type { AlertMemory, Belief } from '../model/alert.ts';
import type { DkimMethod } from '../model/identity.ts';
import type { TargetReport } from '../model/report.ts';
import { subjectKey } from './facts.ts';

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
 */
export function alertKeys(reports: readonly TargetReport[], memory: AlertMemory): (identity: Named) => string {
  const kept = new Map<string, string>();
  for (const alert of Object.values(memory.alerts)) for (const { subject } of alert.affected) kept.set(subjectKey(subject), alert.key);
  const families = new Set<string>();
  for (const report of reports)
    for (const { identity } of report.results) if (identity.method === 'deed') families.add(familyKey(identity.account, identity.identity));

  return (identity) => {
    const own = subjectKey(identity);
    const open = kept.get(own);
    if (open !== undefined) return open;
    const family = familyKey(identity.account, identity.identity);
    const sharesRecords = identity.method === 'easy' || identity.method === 'deed';
    return sharesRecords && (families.has(family) || memory.alerts[family] !== undefined) ? family : own;
  };
}

/** No region is called `deed`, so that a family's key is never an identity's. */
function familyKey(account: string, domain: string): string {
  return `${account}/deed/${domain}`;
}

/**
 * What is believed of one key, from what is believed of each of its members (at least one).
 * Broken if any is; else unknown if any is; healthy only if all that still exist are, and confirmed by a panel only if all are; gone if all are gone.
 */
export function mergeBeliefs(key: string, members: readonly [Belief, ...Belief[]]): Belief {
  const broken = members.filter((m) => m.kind === 'broken');
  const loud = broken.filter((m) => !m.muted);
  // A muted member is not named beside loud ones; if all are muted the alert is kept, quietly, with all of them.
  const shown = loud.length > 0 ? loud : broken;
  const first = shown[0];
  if (first !== undefined) {
    const zone = common(shown.map((m) => m.zone));
    const servers = common(shown.map((m) => m.nameServers?.join(' ')));
    const targetFinding = shown.find((m) => m.targetFinding !== undefined)?.targetFinding;
    return {
      key,
      kind: 'broken',
      affected: shown.flatMap((m) => m.affected),
      target: first.target,
      muted: loud.length === 0,
      ...(targetFinding ? { targetFinding } : {}),
      ...(zone === undefined ? {} : { zone }),
      ...(servers === undefined ? {} : { nameServers: servers.split(' ') }),
    };
  }
  const unknown = members.find((m) => m.kind === 'unknown');
  if (unknown) return { ...unknown, key };
  const healthy = members.filter((m) => m.kind === 'healthy');
  if (healthy[0]) return { key, kind: 'healthy', panel: healthy.every((m) => m.panel), target: healthy[0].target };
  const gone = members.filter((m) => m.kind === 'gone');
  const deleted = gone.find((m) => m.why === 'identity-deleted');
  return { ...(deleted ?? gone[0] ?? members[0]), key };
}

function common(values: readonly (string | undefined)[]): string | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}
