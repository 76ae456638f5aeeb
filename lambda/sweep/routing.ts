// Where each message goes besides, or instead of, the main topic: by severity, account, region, domain and the identity's tags.
import { matchesPattern } from '../alerts/policy.ts';
import type { Alert, Subject } from '../model/alert.ts';
import type { Route, Routing } from '../model/policy.ts';
import type { TargetReport } from '../model/report.ts';
import type { AlertTelling, Telling } from '../model/telling.ts';

/** One that a message is about: an identity, or a whole target that has none. */
type Item = Pick<Subject, 'account' | 'region'> & Partial<Pick<Subject, 'identity' | 'tags'>>;

export interface Destination {
  /** False if every identity of the message goes to a route that takes it off the main topic. */
  readonly main: boolean;
  /** Ids of exits, each once. */
  readonly exits: readonly string[];
  /** Where `main` is false: those of the exits that stand in its place. */
  readonly instead: readonly string[];
}

/** The destination of a telling among the exits that there are. */
export function destinationOf(telling: Telling, routing: Routing | undefined, exits: ReadonlySet<string>): Destination {
  const { everything, critical, routes } = routing ?? { everything: [], critical: [], routes: [] };
  // It tells nothing new, and of everybody's: neither who is woken nor a team is to read it.
  if (telling.kind === 'digest') return { main: true, exits: everything.filter((id) => exits.has(id)), instead: [] };
  const there = routes.filter(({ exit }) => exits.has(exit));
  const items = there.length > 0 ? itemsOf(telling) : [];
  const matching = there.filter((route) => items.some((item) => matches(item, route)));
  const exclusive = matching.filter((route) => route.exclusive);
  const main = !(exclusive.length > 0 && items.every((item) => exclusive.some((route) => matches(item, route))));
  const all = [...everything, ...(isCritical(telling) ? critical : []), ...matching.map(({ exit }) => exit)];
  return {
    main,
    exits: [...new Set(all)].filter((id) => exits.has(id)),
    instead: main ? [] : [...new Set(exclusive.map(({ exit }) => exit))],
  };
}

/** The alerts that a telling is about; of a group that one alert which its members share, of a digest none. */
export function alertsOf(telling: Telling): readonly Alert[] {
  if (telling.kind === 'digest') return [];
  if (telling.kind === 'alert') return [telling.alert];
  return telling.group === undefined ? telling.alerts : [telling.group.alert];
}

/** Who was told that something is critical is also told that it no longer is. */
function isCritical(telling: AlertTelling): boolean {
  return alertsOf(telling).some(({ severity, told }) => severity === 'critical' || told?.severity === 'critical');
}

function itemsOf(telling: AlertTelling): readonly Item[] {
  const items = alertsOf(telling).flatMap(({ affected, target }): readonly Item[] =>
    affected.length > 0 ? affected.map((a) => a.subject) : [target],
  );
  return telling.kind === 'alert' ? items : [...items, ...telling.targets, ...(telling.unreadable ?? [])];
}

/** True if one that a message is about meets all conditions of the route. */
export function matches({ account, region, identity, tags }: Item, route: Route): boolean {
  return (
    (route.accounts.length === 0 || route.accounts.includes(account)) &&
    (route.regions.length === 0 || route.regions.includes(region)) &&
    (route.identities.length === 0 || (identity !== undefined && route.identities.some((pattern) => isNamed(identity, pattern)))) &&
    Object.entries(route.tags).every(([key, value]) => tags !== undefined && Object.hasOwn(tags, key) && tags[key] === value)
  );
}

/** An address belongs to its domain's route; a pattern with an `@` names addresses themselves. */
function isNamed(identity: string, pattern: string): boolean {
  if (matchesPattern(identity, pattern)) return true;
  return !pattern.includes('@') && identity.includes('@') && matchesPattern(identity.slice(identity.lastIndexOf('@') + 1), pattern);
}

/**
 * The targets' results with, of each identity's tags, those that some route asks for: what alerts are to remember. All of them would be
 * up to 50 tags of 384 characters for each identity (SES API v2, Tag).
 */
export function withRouteTags(targets: readonly TargetReport[], routing: Routing | undefined): readonly TargetReport[] {
  const asked = new Set((routing?.routes ?? []).flatMap(({ tags }) => Object.keys(tags)));
  return targets.map((target) => ({
    ...target,
    results: target.results.map((result) => {
      const kept = Object.entries(result.identity.tags ?? {}).filter(([key]) => asked.has(key));
      return { ...result, identity: { ...result.identity, tags: Object.fromEntries(kept) } };
    }),
  }));
}
