// Puts the world's rooms behind the story's ports. The only place that opens clients, sockets and files.
// Longer than other files, because nobody else may open a room: what belongs to the doctor alone is in doctor-wiring.ts.
import { randomBytes } from 'node:crypto';
import { getServers } from 'node:dns';
import { setTimeout as wait } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { atFirstUse } from './at-first-use.ts';
import { httpsHeartbeat } from './channel/heartbeat.ts';
import { nullChannel } from './channel/null-channel.ts';
import type { Configuration } from './configuration.ts';
import { partitionOf } from './dkim/region-zones.ts';
import { openDns } from './dns/open-dns.ts';
import { BUS_EXIT, exitTopics, topicArnOf } from './exits.ts';
import type { HomeAccount } from './inventory/home-account.ts';
import type { InventoryOptions, OpenInventory } from './inventory/open-inventory.ts';
import { directoryMemory } from './memory/directory-memory.ts';
import { s3Memory } from './memory/s3-memory.ts';
import { eventEntries } from './messages/event.ts';
import { type SnsPayload, snsPayload } from './messages/limits.ts';
import type { Lookup } from './model/lookup.ts';
import { parseRegion, type Region } from './model/names.ts';
import type { Subscriptions } from './model/subscription.ts';
import type { Effort } from './model/trace.ts';
import { parseServerAddress, type ServerAddress } from './server-address.ts';
import { MEMBER_ROLE_NAME, SESSION_NAME } from './settings.ts';
import type { Home } from './sweep/plan-targets.ts';
import type { Channel, Dns, EstateReader, Exit, ItemList, Log, Memory, Sleep } from './sweep/ports.ts';
import type { SweepWorld } from './sweep/run-sweep.ts';

export interface Wiring {
  readonly configuration: Configuration;
  readonly home: Home;
  /** Where memory is kept: a bucket, or a directory on disk. */
  readonly memory: { readonly bucket: string } | { readonly directory: string };
  /** Absent: nobody is told. */
  readonly topicArn?: string;
  /** True: messages go to the configured exits too (a topic for what is critical, routes, an event bus). */
  readonly exits?: boolean;
  readonly log: Log;
  readonly metrics: SweepWorld['metrics'];
  readonly progress?: SweepWorld['progress'];
  readonly signal?: AbortSignal;
  /** Where others ask at the same time: what of the limits is this one's. Absent: all of it. */
  readonly pace?: SharedPace;
  /** Dead man's switch to be pinged after each good sweep. Only the function gives it: a sweep by hand must not vouch for the schedule. */
  readonly heartbeatUrl?: string;
}

/** One's part of what a server, the resolvers and SES may be asked in a second. */
export interface SharedPace {
  readonly perServerPerSecond?: number;
  readonly perServerAtOnce?: number;
  readonly burst?: number;
  readonly resolverPerSecond?: number;
  readonly sesCallsPerSecond?: number;
}

/** Opens everything one sweep needs. `close` frees the sockets. */
export function openWorld(wiring: Wiring): SweepWorld & { readonly estate: EstateReader; readonly close: () => void } {
  const { configuration, home, log } = wiring;
  const dns = openConfiguredDns(configuration, wiring.signal, undefined, wiring.pace);
  const clock = Date.now;
  const inventory = openConfiguredInventory(configuration, home, log, wiring.pace?.sesCallsPerSecond);
  const estate = openConfiguredEstate(home, inventory);
  return {
    estate,
    dns,
    inventory,
    memory: openMemory(wiring.memory, home.account),
    channel: openChannels(wiring),
    clock,
    sleep,
    log,
    metrics: wiring.metrics,
    randomLabel: () => `x${randomBytes(8).toString('hex')}`,
    ...(wiring.heartbeatUrl === undefined ? {} : { heartbeat: httpsHeartbeat(wiring.heartbeatUrl) }),
    ...(wiring.progress ? { progress: wiring.progress } : {}),
    close: () => {
      dns.close();
      estate.close();
      inventory.close();
    },
  };
}

/** What AWS says of the estate itself, with the keys of `inventory`. */
export function openConfiguredEstate(
  { region }: Home,
  inventory: Pick<OpenInventory, 'regionsOf'>,
): EstateReader & { readonly close: () => void } {
  const room = atFirstUse(async () => {
    const { openEstate } = await import('./inventory/open-estate.ts');
    return openEstate({ region, inventory, clock: Date.now });
  });
  return {
    accountsOf: async (...asked) => (await room.enter()).accountsOf(...asked),
    regionsOf: inventory.regionsOf,
    close: () => room.opened?.close(),
  };
}

/** The inventory room alone: what `dkim-monitor check --region` needs besides. */
export function openConfiguredInventory(
  configuration: Configuration,
  home: Home,
  log: Log,
  callsPerSecond: number = configuration.ses.callsPerSecond,
): OpenInventory {
  const { organization } = configuration;
  const room = atFirstUse(async () => {
    const { openInventory } = await import('./inventory/open-inventory.ts');
    return openInventory(options);
  });
  const options: InventoryOptions = {
    accounts: configuration.accounts.map(({ id, roleName, externalId }) => ({
      id,
      roleName: roleName ?? MEMBER_ROLE_NAME,
      ...(externalId !== undefined ? { externalId } : {}),
    })),
    ...(organization === undefined ? {} : { others: roleOf(organization) }),
    homeAccount: home.account,
    homeRegion: home.region,
    partition: partitionOf(home.region),
    sessionName: SESSION_NAME,
    ratePerSecond: callsPerSecond,
    ...maxRate(configuration.ses, callsPerSecond),
    clock: Date.now,
    sleep,
    log,
  };
  return {
    refresh: async (...asked) => (await room.enter()).refresh(...asked),
    freshen: async (...asked) => (await room.enter()).freshen(...asked),
    readNamed: async (...asked) => (await room.enter()).readNamed(...asked),
    regionsOf: async (...asked) => (await room.enter()).regionsOf(...asked),
    calls: () => room.opened?.calls() ?? { sesCalls: 0, stsCalls: 0 },
    close: () => room.opened?.close(),
  };
}

/** What the pace may grow to; of one that has only a part of it, that part. */
function maxRate({ callsPerSecond, maxCallsPerSecond }: Configuration['ses'], part: number): { readonly maxRatePerSecond?: number } {
  return maxCallsPerSecond === undefined ? {} : { maxRatePerSecond: (maxCallsPerSecond * part) / callsPerSecond };
}

/** The one role of all accounts that the organisation names. */
export const roleOf = ({ roleName = MEMBER_ROLE_NAME, externalId }: NonNullable<Configuration['organization']>) => ({
  roleName,
  ...(externalId !== undefined ? { externalId } : {}),
});

/** The DNS room alone: all that `dkim-monitor check` needs. `trace` sees every lookup. */
export function openConfiguredDns(
  configuration: Configuration,
  signal?: AbortSignal,
  trace?: (lookup: Lookup, effort: Effort) => void,
  pace?: Omit<SharedPace, 'sesCallsPerSecond'>,
): Dns {
  const { port, allowPrivateNameServers, routes, rootHints } = configuration.dns;
  return openDns({
    resolvers: resolversOf(configuration),
    port,
    allowPrivateNameServers,
    clock: Date.now,
    ...(routes ? { routes } : {}),
    ...(rootHints ? { rootHints } : {}),
    ...timeouts(configuration.dns.timeoutMs),
    ...(signal ? { signal } : {}),
    ...(trace ? { trace } : {}),
    ...(pace ? { pace } : {}),
  });
}

/** All waits of the ladder from the first one, in the proportions that it has by default. */
function timeouts(firstMs: number | undefined): Pick<Parameters<typeof openDns>[0], 'timeouts'> {
  return firstMs === undefined ? {} : { timeouts: { firstMs, secondMs: 2 * firstMs, tcpMs: 2 * firstMs, servfailAgainMs: firstMs } };
}

/** The configured resolvers, or those of the system. */
export function resolversOf({ dns: { resolvers } }: Configuration): readonly ServerAddress[] {
  return resolvers.length > 0 ? resolvers : systemResolvers();
}

/** The system's IPv4 resolvers, as Node read them. */
function systemResolvers(): readonly ServerAddress[] {
  return getServers().flatMap((text) => {
    const parsed = parseServerAddress(text);
    return parsed.ok ? [parsed.value] : [];
  });
}

/** `owner` is the account the bucket must belong to: a bucket of the same name may be somebody else's. */
export function openMemory(where: Wiring['memory'], owner: string): Memory {
  if ('directory' in where) return directoryMemory(where.directory);
  return s3Memory({ client: new S3Client({}), bucket: where.bucket, expectedOwner: owner });
}

/** Where the pieces of a run are written for Step Functions. */
export function openItemList(bucket: string, owner: string): ItemList {
  const room = atFirstUse(async () => {
    const { s3ItemList } = await import('./memory/s3-item-list.ts');
    return s3ItemList({ client: new S3Client({}), bucket, expectedOwner: owner });
  });
  return async (...asked) => (await room.enter())(...asked);
}

/** One topic alone. */
export function openTopic(topicArn: string): Channel {
  const room = atFirstUse(async () => {
    const { openTopicChannel } = await import('./channel/open-topic.ts');
    return openTopicChannel(topicArn, snsPayload);
  });
  return {
    publish: async (message) => (await room.enter()).publish(message),
    audience: async () => (await room.enter()).audience(),
  };
}

/** The main topic of a monitor with these settings. Who names nobody for it but a bus wants events alone: they wait for no confirmation. */
export function openMainTopic(topicArn: string, { email, slack, teams, eventBus: bus }: Configuration['alerts']): Channel {
  const topic = openTopic(topicArn);
  if (bus === undefined || email.length + slack.length + teams.length > 0) return topic;
  const audience: Channel['audience'] = async () => {
    const listening = await topic.audience();
    return listening.kind === 'known' ? { ...listening, confirmed: Math.max(1, listening.confirmed) } : listening;
  };
  return { ...topic, audience };
}

function openChannels({ topicArn, exits, configuration: { alerts }, home }: Wiring): Channel {
  if (topicArn === undefined) return nullChannel();
  return exits === true ? { ...openMainTopic(topicArn, alerts), exits: openExits(alerts, home) } : openTopic(topicArn);
}

function openExits(alerts: Configuration['alerts'], home: Home): readonly Exit[] {
  const place = { ...home, partition: partitionOf(home.region) };
  const topics = exitTopics(alerts).map((exit): Exit => ({ id: exit.id, publish: openTopic(topicArnOf(exit, place)).publish }));
  const { eventBus: bus } = alerts;
  return bus === undefined ? topics : [...topics, openBus(bus)];
}

function openBus(bus: string): Exit {
  const room = atFirstUse(async () => {
    const { openBusExit } = await import('./channel/open-bus.ts');
    return openBusExit({ id: BUS_EXIT, bus, entries: eventEntries });
  });
  return { id: BUS_EXIT, publish: async (message) => (await room.enter()).publish(message) };
}

/** The subscriptions of a topic, and whether a message with these attributes reaches them. */
export async function openSubscriptions(topicArn: string, attributes: SnsPayload['MessageAttributes']): Promise<Subscriptions> {
  const { listSubscriptionsOf } = await import('./channel/open-topic.ts');
  return listSubscriptionsOf(topicArn, attributes);
}

const sleep: Sleep = async (ms, signal) => {
  // An aborted wait ends early: whoever waits looks at the clock next.
  await wait(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    if ((error as Error).name !== 'AbortError') throw error;
  });
};

export type HomeFound =
  | { readonly kind: 'found'; readonly home: Home }
  | { readonly kind: 'no-region' }
  | Exclude<HomeAccount, { readonly kind: 'known' }>;

/** Account and region of the standard AWS settings. `fallbackRegion` is used where those name no region. */
export async function findHome(fallbackRegion: Region | undefined): Promise<HomeFound> {
  const { configuredRegion, readHomeAccount } = await import('./inventory/home-account.ts');
  const configured = await configuredRegion();
  const region = configured === undefined ? undefined : parseRegion(configured);
  const chosen = region?.ok === true ? region.value : fallbackRegion;
  if (chosen === undefined) return { kind: 'no-region' };
  const account = await readHomeAccount(chosen);
  return account.kind === 'known' ? { kind: 'found', home: { account: account.account, region: chosen } } : account;
}
