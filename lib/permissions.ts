// Turns what the rooms declare into policy statements: exactly the declared actions, on exactly their resources.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ACTIONS as CHANNEL_ACTIONS } from '../lambda/channel/actions.ts';
import { ACTIONS as INVENTORY_ACTIONS, READ_ACTIONS } from '../lambda/inventory/actions.ts';
import { ACTIONS as MEMORY_ACTIONS } from '../lambda/memory/actions.ts';
import { type Permission, UNDECLARED_PERMISSIONS } from './undeclared-permissions.ts';

/** What a permission stands on, and the ARNs of it in one deployment. */
export type Resources = Readonly<Record<Permission['on'], readonly string[]>>;

/** Every permission of the function, declared ones first, each action on each kind of resource once. */
export function functionPermissions(): readonly Permission[] {
  const all: readonly Permission[] = [...INVENTORY_ACTIONS, ...MEMORY_ACTIONS, ...CHANNEL_ACTIONS, ...UNDECLARED_PERMISSIONS];
  return all.filter((one, i) => all.findIndex((other) => other.action === one.action && other.on === one.on) === i);
}

/** What the role in another account allows: the reading of SES. */
export function memberPermissions(): readonly Permission[] {
  return READ_ACTIONS;
}

/** One statement for each kind of resource that has ARNs in this deployment. */
export function statements(permissions: readonly Permission[], resources: Partial<Resources>): PolicyStatement[] {
  const kinds = [...new Set(permissions.map((permission) => permission.on))].filter((kind) => (resources[kind] ?? []).length > 0);
  return kinds.map(
    (kind) =>
      new PolicyStatement({
        sid: kind.replace(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase()),
        actions: permissions.filter((permission) => permission.on === kind).map((permission) => permission.action),
        resources: [...(resources[kind] ?? [])],
      }),
  );
}
