// Turns the configuration and what was asked for into what the doctor is to check.
import type { Configuration } from './configuration.ts';
import { partitionOf } from './dkim/region-zones.ts';
import type { DoctorPlan, PlannedTopic } from './doctor/plan.ts';
import type { OrganizationRole } from './doctor/trouble.ts';
import type { WatchedTargets } from './doctor-targets.ts';
import { exitTopics, topicArnOf } from './exits.ts';
import type { Target } from './model/identity.ts';
import { type OrganizationSettings, organizationId } from './organization-schema.ts';
import { FUNCTION_NAME, FUNCTION_TIMEOUT_SECONDS, MEMBER_ROLE_NAME, RUN_TIMEOUT_SECONDS } from './settings.ts';
import type { Home } from './sweep/plan-targets.ts';
import type { Estate } from './sweep/resolve-targets.ts';

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
    troubles: watched.kind === 'resolved' ? watched.estate.troubles : [],
    remarks: watched.kind === 'resolved' ? (watched.estate.remarks ?? []) : [],
    skipped: watched.kind === 'resolved' ? skippedOf(watched.estate) : [],
    regions:
      watched.kind === 'resolved'
        ? watched.regions.filter(({ account }) => asked.accounts.length === 0 || asked.accounts.includes(account))
        : [],
    asked: { accounts: asked.accounts, regions: asked.regions },
    regionMayBeOff: regions === 'all',
    roleOf: (id) => {
      const named = accounts.find((account) => account.id === id);
      if (named !== undefined || organization === undefined) return { roleName: named?.roleName ?? MEMBER_ROLE_NAME };
      return { roleName: organization.roleName ?? MEMBER_ROLE_NAME, organization: organizationRole(organization) };
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
    troubles: [],
    remarks: [],
    skipped: [],
    regions: [],
    asked: { accounts: [], regions: [] },
    regionMayBeOff: false,
    roleOf: () => ({ roleName: MEMBER_ROLE_NAME }),
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

function organizationRole(organization: OrganizationSettings): OrganizationRole {
  const id = organizationId(organization);
  return { ...(id === undefined ? {} : { id }), ...(organization.deployRoles ? { stackSet: organization.deployRolesAs } : {}) };
}

const skippedOf = ({ organization }: Estate): readonly string[] =>
  (organization?.skipped ?? []).map(({ account, state }) => `${account} (${state})`);

const isAsked = ({ account, region }: Target, { accounts, regions }: DoctorAsked): boolean =>
  (accounts.length === 0 || accounts.includes(account)) && (regions.length === 0 || regions.includes(region));
