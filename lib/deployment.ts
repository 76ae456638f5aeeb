// Reads the configuration that a deployment is made from: the file's content, or every mistake in it, and remarks that stop nothing.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Configuration, DEFAULT_CONFIGURATION, parseConfigurationText } from '../lambda/configuration.ts';
import { regionProblem, regionRemark } from '../lambda/dkim/region-zones.ts';
import { parseRegion } from '../lambda/model/names.ts';
import { CONFIG_FILE_IN_BUNDLE, MEMBER_ROLE_NAME } from '../lambda/settings.ts';
import { exitRemarks } from './exit-remarks.ts';
import type { MonitorProps, Remark } from './props.ts';

export type DeploymentRead =
  | ({ readonly ok: true } & Pick<MonitorProps, 'configuration' | 'configurationText' | 'remarks'>)
  | { readonly ok: false; readonly message: string };

/** Above this many roles their names no longer fit into one IAM policy (10,240 characters for all inline policies of a role). */
export const MOST_ROLES_BY_NAME = 80;

/** Above this many accounts their ARNs no longer fit into the policy of an event bus (10,240 characters). Source: Amazon EventBridge quotas. */
export const MOST_ACCOUNTS_OF_BUS = 100;

/**
 * Reads `monitor.config.json` in `folder`, or the file that `-c config=FILE` names (relative to `folder`).
 * `home` and `homeRegion` are the account and region deployed to, where they are known.
 * Only the default file may be missing: then everything is at its default, and a remark says so.
 * On mistakes `message` is ready for a terminal and holds all of them.
 */
export function readDeployment(folder: string, asked: unknown, home?: string, homeRegion?: string): DeploymentRead {
  const name = typeof asked === 'string' && asked !== '' ? asked : CONFIG_FILE_IN_BUNDLE;
  const path = resolve(folder, name);
  if (!existsSync(path)) {
    if (name !== CONFIG_FILE_IN_BUNDLE) return { ok: false, message: `There is no file ${name} (asked for by "-c config").\n` };
    return { ok: true, configuration: DEFAULT_CONFIGURATION, configurationText: '{}', remarks: [NO_FILE] };
  }
  const text = textOf(path);
  if (text === undefined) return { ok: false, message: `${name} cannot be read: it must be a file that this user may read.\n` };
  const read = parseConfigurationText(text);
  const problems = read.ok ? [...problemsOfDeployment(read.value, homeRegion)] : read.problems;
  if (!read.ok || problems.length > 0) return { ok: false, message: mistakes(name, problems) };
  return { ok: true, configuration: read.value, configurationText: text, remarks: [...remarksOn(read.value, home)] };
}

const NO_FILE: Remark = {
  id: 'no-configuration',
  text:
    'There is no monitor.config.json: this account and region are watched with every setting at its default, and nobody is subscribed to the alerts. ' +
    'Copy monitor.config.example.json and put your addresses in.',
};

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function mistakes(name: string, problems: readonly string[]): string {
  const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
  return `${name} has ${count}; nothing was deployed:\n${problems.map((problem) => `  - ${problem}\n`).join('')}`;
}

function* problemsOfDeployment({ accounts, organization, regions, triggers }: Configuration, home: string | undefined): Generator<string> {
  const named = [
    ...(regions === 'all' ? [] : regions.map((region, i) => ({ place: `regions[${i}]`, region }))),
    ...(organization?.deployRolesRegion === undefined
      ? []
      : [{ place: 'organization.deployRolesRegion', region: organization.deployRolesRegion }]),
  ];
  const from = home === undefined ? undefined : parseRegion(home);
  for (const { place, region } of named) {
    const problem = from?.ok === true ? regionProblem(region, from.value) : undefined;
    if (problem !== undefined) yield `${place}: ${problem}`;
  }
  const names = new Set(accounts.map((account) => account.roleName ?? MEMBER_ROLE_NAME));
  if (names.size > MOST_ROLES_BY_NAME)
    yield `accounts: ${names.size} different role names do not fit into one IAM policy: use one name for all accounts, or at most ${MOST_ROLES_BY_NAME} names.`;
  if (triggers.fromAccounts && accounts.length > MOST_ACCOUNTS_OF_BUS)
    yield `triggers.fromAccounts: ${accounts.length} accounts do not fit into the policy of an event bus: use fromOrganization, or at most ${MOST_ACCOUNTS_OF_BUS} accounts.`;
}

function* remarksOn(configuration: Configuration, home: string | undefined): Generator<Remark> {
  const { operations, accounts, organization } = configuration;
  yield* exitRemarks(configuration, home);
  for (const region of configuration.regions === 'all' ? [] : configuration.regions) {
    const remark = regionRemark(region);
    if (remark !== undefined) yield { id: `region-unknown-${region}`, text: `regions: ${remark}` };
  }
  const { triggers } = configuration;
  const forwarded = triggers.fromAccounts ? 'fromAccounts' : triggers.fromOrganization !== undefined ? 'fromOrganization' : undefined;
  if (forwarded !== undefined && !triggers.health && !triggers.advisor && !triggers.cloudTrail)
    yield {
      id: 'triggers-without-events',
      text: `triggers.${forwarded} takes the events that others forward, and health, advisor and cloudTrail are all false: none of them starts a check.`,
    };
  if (triggers.fromAccounts && organization !== undefined)
    yield {
      id: 'triggers-of-the-organization',
      text: 'triggers.fromAccounts takes the events of `accounts` alone; those of accounts that the organisation names need triggers.fromOrganization.',
    };
  if (operations.email.length === 0)
    yield {
      id: 'no-operations-address',
      text: 'operations.email is empty: nobody is told when the monitor itself is in trouble (alarms still change colour in CloudWatch).',
    };
  const bare = accounts.filter(({ id, roleName, externalId }) => id !== home && roleName === undefined && externalId === undefined);
  // Without credentials at hand one such account may be the one deployed to.
  if (home === undefined && bare.length === 1) return;
  for (const { id } of bare)
    yield {
      id: `no-external-id-${id}`,
      text: `accounts: ${id} has no externalId: the role that bin/member.ts makes there will refuse the monitor.`,
    };
}
