// Which exits a configuration asks for, by the ids that the stack, the function and the outbox share.
import { createHash } from 'node:crypto';
import type { Configuration } from './configuration.ts';
import { partitionOf } from './dkim/region-zones.ts';
import type { Routing } from './model/policy.ts';

type Alerts = Configuration['alerts'];

/** One topic besides the main one. */
export interface ExitTopic {
  /** `critical`, or `route-` and its name. */
  readonly id: string;
  readonly subscribers: Pick<Alerts, 'email' | 'slack' | 'teams'>;
  /** A topic that exists already; absent: it is deployed, under {@link topicNameOf}. */
  readonly topicArn?: string | undefined;
}

/** Id of the exit that is the event bus. */
export const BUS_EXIT = 'event-bus';

const CRITICAL_EXIT = 'critical';

/** Name of a deployed topic. It is fixed, so that the function knows its ARN without a variable for each. */
export const topicNameOf = (id: string): string => `ses-dkim-monitor-${id}`;

/** ARN of an exit's topic, for a monitor in this place. */
export function topicArnOf({ id, topicArn }: ExitTopic, { partition, region, account }: Readonly<Record<string, string>>): string {
  return topicArn ?? `arn:${partition}:sns:${region}:${account}:${topicNameOf(id)}`;
}

/** The topics besides the main one, in the order of the configuration. */
export function exitTopics({ critical, routes }: Alerts): readonly ExitTopic[] {
  return [
    ...(critical ? [{ id: CRITICAL_EXIT, subscribers: critical, topicArn: critical.topicArn }] : []),
    ...routes.map((route) => ({ id: routeId(route), subscribers: route, topicArn: route.topicArn })),
  ];
}

/** Which exits get what; undefined if there is the main topic alone. */
export function routingOf({ critical, routes, eventBus }: Alerts): Routing | undefined {
  if (critical === undefined && routes.length === 0 && eventBus === undefined) return undefined;
  return {
    everything: eventBus === undefined ? [] : [BUS_EXIT],
    critical: critical === undefined ? [] : [CRITICAL_EXIT],
    routes: routes.map((route) => {
      const { accounts, regions, identities, tags, exclusive } = route;
      return { exit: routeId(route), accounts, regions, identities, tags, exclusive };
    }),
  };
}

/** By its name, or by its conditions: neither its place in the list nor its subscribers may give it another topic, where all would have to confirm again. */
export function routeId({ name, accounts, regions, identities, tags }: Alerts['routes'][number]): string {
  const conditions = [accounts, regions, identities, Object.entries(tags).map((pair) => pair.join('='))].map((list) => [...list].sort());
  return `route-${name ?? createHash('sha256').update(JSON.stringify(conditions)).digest('hex').slice(0, 8)}`;
}

/** The partition that the regions of a configuration are in, and so the monitor; undefined if it names none. */
export function homePartition({ regions }: Pick<Configuration, 'regions'>): string | undefined {
  const [first] = regions === 'all' ? [] : regions;
  return first === undefined ? undefined : partitionOf(first);
}

/** Every address that a configuration sends mail to, each once. */
export function addressesOf({ alerts, operations }: Configuration): readonly string[] {
  const lists = [alerts.email, alerts.critical?.email ?? [], ...alerts.routes.map(({ email }) => email), operations.email];
  return [...new Set(lists.flat())];
}

/** What contradicts itself among the exits. */
export function* exitContradictions({ critical, routes }: Alerts): Generator<string> {
  if (critical !== undefined) yield* topicProblems('alerts.critical', critical);
  const seen = new Map<string, number>();
  for (const [i, route] of routes.entries()) {
    const place = `alerts.routes[${i}]`;
    yield* topicProblems(place, route);
    const { accounts, regions, identities, tags } = route;
    if (accounts.length + regions.length + identities.length + Object.keys(tags).length === 0)
      yield `${place}: it would get everything, like the main topic: give accounts, regions, identities or tags.`;
    const same = seen.get(routeId(route));
    if (same !== undefined) yield `${place}: ${route.name ? 'the name is that of' : 'the conditions are those of'} alerts.routes[${same}].`;
    else seen.set(routeId(route), i);
  }
}

function* topicProblems(place: string, { email, slack, teams, topicArn }: ExitTopic['subscribers'] & Pick<ExitTopic, 'topicArn'>) {
  const listed = email.length + slack.length + teams.length;
  if (topicArn === undefined && listed === 0) yield `${place}: nobody would hear of it: give email, slack, teams or a topicArn.`;
  if (topicArn !== undefined && listed > 0)
    yield `${place}: a topic that exists already has its own subscribers: give either topicArn or email, slack and teams.`;
}
