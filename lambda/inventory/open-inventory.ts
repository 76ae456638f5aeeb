// The inventory room's door: one session a target, one pool of connections, one count of calls.
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Inventory, type Target, targetKey } from '../model/identity.ts';
import type { AccountId, Region } from '../model/names.ts';
import type { Clock, EstateReader, InventoryReader, Log, Sleep } from '../sweep/ports.ts';
import { openAccountRegions } from './account-regions.ts';
import { type CredentialsOptions, openCredentials, type WatchedAccount } from './credentials.ts';
import { freshenInventory } from './freshen.ts';
import { openLimiter } from './limiter.ts';
import { readNamedIdentities } from './read-named.ts';
import { refreshTarget } from './refresh.ts';
import { openSession, type SesSession } from './session.ts';

export interface InventoryOptions {
  readonly accounts: readonly WatchedAccount[];
  /** The role in accounts that are not listed: see {@link CredentialsOptions}. */
  readonly others?: CredentialsOptions['others'];
  /** The account of the monitor's own credentials, read without a role even if one is named. Absent: unknown. */
  readonly homeAccount?: AccountId;
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** From 0 (inclusive) to 1; spreads the pauses after a throttle. Default `Math.random`. */
  readonly random?: () => number;
  /** Calls a second to SES in each target. Default 1, SES's published limit. */
  readonly ratePerSecond?: number;
  /** The rate that may be grown to while SES does not object. Default `ratePerSecond`. */
  readonly maxRatePerSecond?: number;
  /** Default `aws`. */
  readonly partition?: string;
  /** Also the source identity of the session. Default `ses-dkim-monitor`. */
  readonly sessionName?: string;
  readonly log?: Log;
  /** Bound of one call to SES or STS, in milliseconds. Default 15,000. */
  readonly callTimeoutMs?: number;
  /** Where the monitor runs: the regions of an account are asked for there. Default `us-east-1`. */
  readonly homeRegion?: Region;
  /** The SDK's own tries of a call about the estate. Default 4. */
  readonly maxAttempts?: number;
}

/** The door of the room. */
export interface OpenInventory extends InventoryReader {
  /** As `EstateReader.regionsOf`: with the same keys as the inventory. */
  readonly regionsOf: EstateReader['regionsOf'];
  close(): void;
}

const DEFAULT_REGION = 'us-east-1' as Region;

/** At most so many log lines about single identities in one refresh; the snapshot has them all. */
const LOGGED_UNREAD = 20;

/**
 * The {@link InventoryReader} over AWS. Endpoint, credentials and region of STS come from the SDK's standard settings. The time of the
 * calls is bounded by `until` plus one call's time-out. Targets may be read at the same time; one target may not.
 */
export function openInventory(options: InventoryOptions): OpenInventory {
  const { clock, sleep } = options;
  const calls = { ses: 0, sts: 0 };
  const http = new NodeHttpHandler({ connectionTimeout: 5_000, httpsAgent: { keepAlive: true, maxSockets: 50 } });
  const callTimeoutMs = options.callTimeoutMs ?? 15_000;
  const sessionName = options.sessionName ?? 'ses-dkim-monitor';
  const credentials = openCredentials({
    accounts: options.accounts,
    ...(options.others === undefined ? {} : { others: options.others }),
    ...(options.homeAccount === undefined ? {} : { homeAccount: options.homeAccount }),
    partition: options.partition ?? 'aws',
    sessionName,
    clock,
    callTimeoutMs,
    onCall: () => {
      calls.sts += 1;
    },
  });
  const sessions = new Map<string, SesSession>();

  function sessionOf(target: Target): SesSession {
    const key = targetKey(target);
    const open = sessions.get(key);
    if (open !== undefined) return open;
    const limiter = openLimiter({
      now: clock,
      sleep,
      random: options.random ?? Math.random,
      ratePerSecond: options.ratePerSecond ?? 1,
      ...(options.maxRatePerSecond === undefined ? {} : { maxRatePerSecond: options.maxRatePerSecond }),
    });
    const session = openSession({
      target,
      credentials,
      limiter,
      http,
      clock,
      callTimeoutMs,
      onCall: () => {
        calls.ses += 1;
      },
    });
    sessions.set(key, session);
    return session;
  }

  /** One piece of work in a target; its clients are let go afterwards. */
  async function during<T>(target: Target, work: (session: SesSession) => Promise<T>): Promise<T> {
    const session = sessionOf(target);
    try {
      return await work(session);
    } finally {
      session.rest();
    }
  }

  return {
    async refresh(target, previous, until, onProgress, needs) {
      const refreshed = await during(target, (session) => refreshTarget(session, previous, until, clock, { ...needs, onProgress }));
      logUnread(options.log, target, refreshed.inventory);
      return refreshed;
    },
    freshen: (target, inventory, identities, limits) =>
      during(target, (session) => freshenInventory(session, inventory, identities, limits, clock)),
    readNamed: (target, inventory, names, until) =>
      during(target, (session) => readNamedIdentities(session, inventory, names, until, clock)),
    regionsOf: openAccountRegions({
      credentials,
      region: options.homeRegion ?? DEFAULT_REGION,
      clock,
      callTimeoutMs,
      maxAttempts: options.maxAttempts ?? 4,
    }),
    calls: () => ({ sesCalls: calls.ses, stsCalls: calls.sts }),
    close() {
      credentials.close();
      http.destroy();
    },
  };
}

function logUnread(log: Log | undefined, { account, region }: Target, inventory: Inventory): void {
  for (const { identity, gap } of inventory.unread.slice(0, LOGGED_UNREAD)) {
    log?.('warn', 'identity-unread', { account, region, identity, reason: gap.reason, detail: gap.detail });
  }
}
