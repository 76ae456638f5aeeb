// Remarks on where alerts go: routes that can never match, who gets them twice, addresses on watched domains, a main topic without anybody, topics that no alarm watches.
import type { Configuration } from '../lambda/configuration.ts';
import { addressesOf, exitTopics, homePartition, routeId, topicNameOf } from '../lambda/exits.ts';
import { addressesAtRisk } from '../lambda/model/alert-addresses.ts';
import { ALARM_NAMES, MOST_TOPICS_WATCHED } from './alarms.ts';
import type { Remark } from './props.ts';

/** `home` is the account deployed to, where that is known. */
export function* exitRemarks(configuration: Configuration, home: string | undefined): Generator<Remark> {
  yield* nobodyOnMain(configuration);
  yield* deadRoutes(configuration, home);
  yield* toldTwice(configuration);
  yield* onNamedDomains(configuration);
  yield* unwatchedTopics(configuration);
  yield* foreignTopics(configuration);
  yield* ownTopics(configuration, home);
  yield* sameAddress(configuration);
}

// There is no SES in China, so no monitor either, wherever it is deployed to.
function* foreignTopics(configuration: Configuration): Generator<Remark> {
  const home = homePartition(configuration);
  for (const { id, topicArn } of exitTopics(configuration.alerts)) {
    const partition = topicArn?.split(':')[1];
    if (partition === undefined || partition === home || (home === undefined && partition !== 'aws-cn')) continue;
    yield {
      id: `topic-in-another-partition-${id}`,
      text: `alerts: the topicArn of ${id} is in the partition ${partition}, and the monitor ${home === undefined ? 'cannot be' : `is in ${home}`}: no role can publish from one to the other.`,
    };
  }
}

// Such a topic would get everything twice, or waits for a deployment that makes it.
function* ownTopics({ alerts }: Configuration, home: string | undefined): Generator<Remark> {
  const exits = exitTopics(alerts);
  const ours = new Set(exits.filter(({ topicArn }) => topicArn === undefined).map(({ id }) => topicNameOf(id)));
  for (const { id, topicArn } of exits) {
    const [account, name = ''] = topicArn?.split(':').slice(4) ?? [];
    if (!ours.has(name) || (home !== undefined && account !== home)) continue;
    yield {
      id: `topic-of-this-stack-${id}`,
      text: `alerts: the topicArn of ${id} names ${name}, which this stack deploys for another exit: its subscribers would get such alerts twice. Give email, slack or teams instead.`,
    };
  }
}

// Most mailboxes take no notice of case; SNS does, and subscribes both.
function* sameAddress({ alerts, operations }: Configuration): Generator<Remark> {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['alerts.email', alerts.email],
    ['alerts.critical.email', alerts.critical?.email ?? []],
    ...alerts.routes.map(({ email }, i) => [`alerts.routes[${i}].email`, email] as const),
    ['operations.email', operations.email],
  ];
  for (const [place, list] of lists) {
    const seen = new Map<string, string>();
    for (const address of list) {
      const before = seen.get(address.toLowerCase());
      seen.set(address.toLowerCase(), address);
      if (before === undefined || before === address) continue;
      yield {
        id: `same-address-${place}`,
        text: `${place}: ${before} and ${address} differ by case alone: most likely one mailbox, which would get everything twice.`,
      };
      break;
    }
  }
}

function* unwatchedTopics({ alerts }: Configuration): Generator<Remark> {
  const ours = exitTopics(alerts).filter(({ topicArn }) => topicArn === undefined);
  const left = ours.slice(MOST_TOPICS_WATCHED - 1).map(({ id }) => id);
  if (left.length > 0)
    yield {
      id: 'topics-without-alarm',
      text: `One alarm can watch ${MOST_TOPICS_WATCHED} topics: what SNS cannot deliver from ${left.join(', ')} rings nowhere (${ALARM_NAMES.notDelivered}).`,
    };
}

function* nobodyOnMain({ alerts }: Configuration): Generator<Remark> {
  if (alerts.email.length + alerts.slack.length + alerts.teams.length > 0) return;
  const exits = exitTopics(alerts).length;
  if (alerts.eventBus !== undefined && exits === 0) return;
  if (alerts.eventBus !== undefined)
    yield {
      id: 'nobody-on-main-topic',
      text: 'alerts.email, alerts.slack and alerts.teams are empty: what is neither critical nor matched by a route is told as an event on the bus alone.',
    };
  else if (exits > 0)
    yield {
      id: 'nobody-on-main-topic',
      text:
        'alerts.email, alerts.slack and alerts.teams are empty: until somebody subscribes to the main topic and confirms, no alert is sent at all, ' +
        'also not to alerts.critical and alerts.routes, for one that matches no route would be told to nobody.',
    };
  else
    yield {
      id: 'nobody-subscribed',
      text: 'Nobody is subscribed to the alerts (alerts.email, alerts.slack and alerts.teams are empty): troubles are found and told to nobody.',
    };
}

function* deadRoutes({ alerts, accounts, organization, regions }: Configuration, home: string | undefined): Generator<Remark> {
  // Whom the organisation names is not known here.
  const watched =
    organization !== undefined
      ? undefined
      : accounts.length > 0
        ? accounts.map(({ id }): string => id)
        : home === undefined
          ? undefined
          : [home];
  for (const [i, route] of alerts.routes.entries()) {
    const wrong = [
      ...(watched && route.accounts.length > 0 && !route.accounts.some((id) => watched.includes(id)) ? ['accounts'] : []),
      ...(regions !== 'all' && regions.length > 0 && route.regions.length > 0 && !route.regions.some((region) => regions.includes(region))
        ? ['regions']
        : []),
    ];
    if (wrong.length > 0)
      yield {
        id: `route-never-matches-${routeId(route)}`,
        text: `alerts.routes[${i}] can never match: none of its ${wrong.join(' and none of its ')} is watched.`,
      };
  }
}

function* toldTwice({ alerts }: Configuration): Generator<Remark> {
  const key = (one: unknown): string => JSON.stringify(one);
  const everyone = ({ email, slack, teams }: Pick<typeof alerts, 'email' | 'slack' | 'teams'>) => [...email, ...slack, ...teams].map(key);
  const main = new Set(everyone(alerts));
  const twice = [
    ...(alerts.critical && everyone(alerts.critical).some((one) => main.has(one)) ? ['alerts.critical'] : []),
    // What an exclusive route gets, the main topic mostly does not.
    ...alerts.routes.flatMap((route, i) =>
      !route.exclusive && everyone(route).some((one) => main.has(one)) ? [`alerts.routes[${i}]`] : [],
    ),
  ];
  if (twice.length > 0)
    yield { id: 'told-twice', text: `Somebody in ${twice.join(', ')} is also subscribed to everything, and gets those alerts twice.` };
}

function* onNamedDomains(configuration: Configuration): Generator<Remark> {
  const { alerts, byodkim, mute } = configuration;
  // Which identities there are is known only when SES is read; these are the ones that the configuration names.
  const named = [
    ...byodkim.map(({ identity }): string => identity),
    ...mute.map(({ identity }) => identity),
    ...alerts.routes.flatMap((r) => r.identities),
  ];
  const domains = named.map((name) =>
    name
      .slice(name.lastIndexOf('@') + 1)
      .replace(/^\*\./, '')
      .toLowerCase(),
  );
  const atRisk = addressesAtRisk(addressesOf(configuration), new Set(domains));
  if (atRisk.length === 0) return;
  const list = atRisk.slice(0, 5).map(({ address, domain }) => `${address} (${domain})`);
  const more = atRisk.length > 5 ? ` and ${atRisk.length - 5} more` : '';
  yield {
    id: 'alert-address-on-watched-domain',
    text:
      `Mail to ${list.join(', ')}${more} depends on a domain that is watched here. A lost DKIM record does not stop it, for SNS sends it; but if the domain is gone ` +
      'or its name servers fail, mail to it fails too. Let somebody on another domain, or a chat channel, be told as well.',
  };
}
