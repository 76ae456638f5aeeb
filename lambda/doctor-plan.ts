// Turns the configuration and what was asked for into what the doctor is to check.
import type { Configuration } from './configuration.ts';
import { partitionOf } from './dkim/region-zones.ts';
import type { DoctorPlan, PlannedTopic } from './doctor/plan.ts';
import type { WatchedTargets } from './doctor-targets.ts';
import { exitTopics, topicArnOf } from './exits.ts';
import type { Target } from './model/identity.ts';
import { FUNCTION_NAME, FUNCTION_TIMEOUT_SECONDS, MEMBER_ROLE_NAME, RUN_TIMEOUT_SECONDS } from './settings.ts';
import type { Home } from './sweep/plan-targets.ts';

/** What the examination is narrowed down to; empty: nothing. */
export interface DoctorAsked {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly heartbeat: boolean;
}

export const ASKED_FOR_ALL: DoctorAsked = { accounts: [], regions: [], heartbeat: false };

export interface DoctorAround {
  readonly home: Home;
  readonly bucket?: string | undefined;
  readonly topicArn?: string | undefined;
  readonly functionName?: string;
  readonly configurationHash?: string;
  readonly configurationName: string;
  readonly rights: 'function' | 'caller';
  /** ms since the epoch. */
  readonly until: number;
}

/** The plan for a configuration that can be used. */
export function doctorPlan(configuration: Configuration, watched: WatchedTargets, asked: DoctorAsked, around: DoctorAround): DoctorPlan {
  const { home, bucket, topicArn, functionName = FUNCTION_NAME, configurationHash, configurationName, rights, until } = around;
  const { alerts, operations, schedule, regions, accounts, organization, scale } = configuration;
  const place = { ...home, partition: partitionOf(home.region) };
  const wanted = alerts.eventBus === undefined || alerts.email.length + alerts.slack.length + alerts.teams.length > 0;
  const main: readonly PlannedTopic[] = topicArn === undefined ? [] : [{ topicArn, ours: true, listenersWanted: wanted }];
  const exits = exitTopics(alerts).map((exit) => ({
    topicArn: topicArnOf(exit, place),
    ours: exit.topicArn === undefined,
    listenersWanted: true,
  }));
  return {
    problems: [],
    ...(configurationHash === undefined ? {} : { configurationHash }),
    configurationName,
    targets: watched.kind === 'resolved' ? watched.targets.filter((target) => isAsked(target, asked)) : [],
    ...(watched.kind === 'blind' ? { blind: watched.detail } : {}),
    asked: { accounts: asked.accounts, regions: asked.regions },
    regionMayBeOff: regions === 'all',
    roleNameOf: (id) => {
      const named = accounts.find((account) => account.id === id);
      return (named === undefined ? organization?.roleName : named.roleName) ?? MEMBER_ROLE_NAME;
    },
    home,
    ...(bucket === undefined ? {} : { bucket }),
    topics: [...main, ...exits],
    mainTopicKnown: topicArn !== undefined,
    ...(alerts.eventBus === undefined ? {} : { bus: alerts.eventBus }),
    heartbeat: operations.heartbeatUrl === undefined ? 'not-configured' : asked.heartbeat ? 'configured' : 'not-asked',
    scheduleMinutes: schedule.minutes,
    longestMinutes: (scale === 'step-functions' ? RUN_TIMEOUT_SECONDS : FUNCTION_TIMEOUT_SECONDS) / 60,
    functionName,
    rights,
    until,
  };
}

/** The plan where the configuration cannot be used: what does not depend on it. */
export function brokenPlan(problems: readonly string[], around: Omit<DoctorAround, 'home'> & { readonly home?: Home }): DoctorPlan {
  const { home, functionName = FUNCTION_NAME, configurationName, rights, until } = around;
  return {
    problems,
    configurationName,
    targets: [],
    asked: { accounts: [], regions: [] },
    regionMayBeOff: false,
    roleNameOf: () => MEMBER_ROLE_NAME,
    ...(home === undefined ? {} : { home }),
    topics: [],
    mainTopicKnown: false,
    heartbeat: 'not-configured',
    scheduleMinutes: 0,
    longestMinutes: FUNCTION_TIMEOUT_SECONDS / 60,
    functionName,
    rights,
    until,
  };
}

const isAsked = ({ account, region }: Target, { accounts, regions }: DoctorAsked): boolean =>
  (accounts.length === 0 || accounts.includes(account)) && (regions.length === 0 || regions.includes(region));
