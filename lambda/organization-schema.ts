// The `organization` part of monitor.config.json: its shape, and what contradicts itself in it.
import * as z from 'zod';
import { MAKES_EXTERNAL_ID, parseExternalId } from './external-id.ts';
import { type Parsed, parseAccountId, quoted } from './model/names.ts';
import { matching, parsed, parseSesRegion } from './schema-parts.ts';

// Source: AWS Organizations API Reference, the patterns of OrganizationId, RootId, OrganizationalUnitId.
const ORGANIZATION = /^o-[a-z0-9]{10,32}$/;
const ROOT = /^r-[0-9a-z]{4,32}$/;
const UNIT = /^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$/;

const FORMS = 'an organisation (o-…), its root (r-…), a unit (ou-…) or an account (twelve digits)';

function parseEntry(text: string): Parsed<string> {
  if ([ORGANIZATION, ROOT, UNIT].some((form) => form.test(text)) || parseAccountId(text).ok) return { ok: true, value: text };
  return { ok: false, problem: `${quoted(text)} is not ${FORMS}.${guess(text)}` };
}

/** What was probably meant. */
function guess(text: string): string {
  const last = text.split('/').at(-1) ?? '';
  if (text.startsWith('arn:') && last !== text && parseEntry(last).ok) return ` Did you mean ${quoted(last)}? The id alone is enough.`;
  const plain = text.trim().toLowerCase().replaceAll('_', '-');
  if (plain !== text && parseEntry(plain).ok) return ` Did you mean ${quoted(plain)}?`;
  if (/^\d{6,14}$/.test(text)) return ' An account id is twelve digits, in quotes so that leading zeros stay.';
  if (/^(o|r|ou)-/.test(text)) return ' The id is too short or too long: copy it from the console of AWS Organizations.';
  return ' Units are named by their id, not by their name.';
}

const entry = parsed(parseEntry);

export const organizationSettings = z.strictObject({
  include: z
    .array(entry)
    .min(1)
    .max(1000)
    .describe('Whose accounts are watched: ids of the organisation (o-…), its root (r-…), units (ou-…), accounts.'),
  exclude: z.array(entry).max(1000).default([]).describe('Units and accounts that are left out of it.'),
  id: matching(ORGANIZATION, 'the id of an organisation (it starts with o-)')
    .optional()
    .describe('The organisation, where `include` does not name it: roles trust only callers of it.'),
  roleName: matching(/^[\w+=,.@-]{1,64}$/, 'a role name')
    .optional()
    .describe('Role to assume in these accounts. Default: ses-dkim-monitor-read.'),
  externalId: parsed(parseExternalId)
    .optional()
    .describe('External id that these roles demand; `npx dkim-monitor init --organization ID` makes one.'),
  deployRoles: z
    .boolean()
    .default(false)
    .describe('True: the stack deploys the role to these accounts, and to those that join them, by a StackSet.'),
  root: matching(ROOT, 'the id of a root (it starts with r-)')
    .optional()
    .describe('For deployRoles: the root of the organisation, where `include` names the organisation or single accounts.'),
  deployRolesAs: z
    .enum(['SELF', 'DELEGATED_ADMIN'])
    .default('SELF')
    .describe('SELF in the management account; DELEGATED_ADMIN in an account that administers StackSets for it.'),
  deployRolesRegion: parsed(parseSesRegion)
    .optional()
    .describe('Region whose CloudFormation makes the roles, which IAM has everywhere. Default: the region deployed to.'),
});

export type OrganizationSettings = Readonly<z.output<typeof organizationSettings>>;

/** The organisation's id, where the settings say it. */
export function organizationId({ id, include }: Pick<OrganizationSettings, 'id' | 'include'>): string | undefined {
  return id ?? include.find((one) => ORGANIZATION.test(one));
}

/** Id of the root, where the settings say it. */
export function rootId({ root, include }: Pick<OrganizationSettings, 'root' | 'include'>): string | undefined {
  return root ?? include.find((one) => ROOT.test(one));
}

export const isOrganization = (entry: string): boolean => ORGANIZATION.test(entry);
export const isUnit = (entry: string): boolean => UNIT.test(entry);
export const isAccount = (entry: string): boolean => /^\d{12}$/.test(entry);

/** What contradicts itself, each a sentence that begins with its place. */
export function* organizationContradictions(
  organization: OrganizationSettings | undefined,
  accounts: readonly { readonly id: string }[],
): Generator<string> {
  if (organization === undefined) return;
  const { include, exclude, id, root, roleName, externalId } = organization;
  yield* repeated('include', include);
  yield* repeated('exclude', exclude);
  for (const [i, one] of exclude.entries()) {
    if (include.includes(one)) yield `organization.exclude[${i}]: ${one} stands in include as well: leave it out of one of them.`;
    else if (ORGANIZATION.test(one) || ROOT.test(one)) yield `organization.exclude[${i}]: without ${one} nothing is left to watch.`;
  }
  for (const [i, account] of accounts.entries()) {
    if (include.includes(account.id))
      yield `accounts[${i}].id: ${account.id} stands in organization.include as well: name it in one place (in accounts for a role of its own).`;
    if (exclude.includes(account.id))
      yield `accounts[${i}].id: ${account.id} stands in organization.exclude as well: is it to be watched or not?`;
  }
  const organizations = new Set([...include.filter((one) => ORGANIZATION.test(one)), ...(id === undefined ? [] : [id])]);
  if (organizations.size > 1) yield 'organization.include: an account is in one organisation only, and two are named here.';
  const roots = new Set([...include.filter((one) => ROOT.test(one)), ...(root === undefined ? [] : [root])]);
  if (roots.size > 1) yield 'organization.include: an organisation has one root only, and two are named here.';
  if (externalId === undefined && roleName === undefined)
    yield `organization.externalId: is missing, and the roles demand one: ${MAKES_EXTERNAL_ID}.`;
  yield* cannotDeploy(organization);
}

function* repeated(name: string, entries: readonly string[]): Generator<string> {
  for (const [i, one] of entries.entries())
    if (entries.indexOf(one) < i) yield `organization.${name}[${i}]: ${one} stands in the list twice.`;
}

/** What a StackSet cannot do. Source: CloudFormation Template Reference, AWS::CloudFormation::StackSet DeploymentTargets. */
function* cannotDeploy(organization: OrganizationSettings): Generator<string> {
  const { include, exclude, externalId, roleName, deployRoles } = organization;
  if (!deployRoles) return;
  if (externalId === undefined && roleName !== undefined)
    yield `organization.externalId: is missing, and the roles that deployRoles makes demand one: ${MAKES_EXTERNAL_ID}.`;
  if (organizationId(organization) === undefined)
    yield 'organization.id: is missing: the roles that deployRoles makes trust callers of the organisation only (`aws organizations describe-organization` shows it).';
  if (rootId(organization) === undefined && include.some((one) => ORGANIZATION.test(one) || isAccount(one)))
    yield 'organization.root: is missing: a StackSet finds accounts only below a root or a unit (`aws organizations list-roots` shows it).';
  for (const [i, one] of exclude.entries())
    if (isUnit(one))
      yield `organization.exclude[${i}]: a StackSet can leave out accounts, and no units: name the units to be watched in include, or the accounts here, or deploy the roles otherwise.`;
}
