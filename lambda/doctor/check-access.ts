// Checks the way to SES: own keys, the role of each account, and the three reads in each of its regions.
import { isKnownRegion, nearestRegion } from '../dkim/region-zones.ts';
import type { Failure } from '../model/aws-failure.ts';
import type { Link, Place } from '../model/checkup.ts';
import { type Target, targetKey } from '../model/identity.ts';
import type { Refuser } from '../model/refusal.ts';
import { MONITOR_ROLE_NAME } from '../settings.ts';
import { inParallel } from '../sweep/in-parallel.ts';
import { amiss, type Check, fine } from './check.ts';
import type { DoctorPlan, RegionsTold } from './plan.ts';
import type { AwsReply, DoctorWorld, OwnIdentity } from './ports.ts';
import type { MemberRole, Trouble } from './trouble.ts';

/** At once: each target waits for SES's pace of one call a second, so that many wait together. STS allows some dozens a second. */
const TARGETS_AT_ONCE = 128;
const ROLES_AT_ONCE = 16;

export function checkIdentity(identity: OwnIdentity): Check {
  switch (identity.kind) {
    case 'known':
      return fine('credentials', { account: identity.account }, identity.arn);
    case 'unreachable':
      return amiss('credentials', {}, { kind: 'aws-unreachable', reason: identity.reason });
    case 'unknown':
      return amiss('credentials', {}, { kind: credentialsTrouble(identity.name) }, identity.detail);
  }
}

function credentialsTrouble(name: string): 'no-credentials' | 'no-region' | 'credentials-expired' | 'credentials-refused' {
  if (name === 'NoRegion') return 'no-region';
  if (name === 'CredentialsProviderError') return 'no-credentials';
  return /expired/i.test(name) ? 'credentials-expired' : 'credentials-refused';
}

/** All accounts and regions. `arn` is whose rights are tried, where STS said it. */
export async function checkAccounts(plan: DoctorPlan, world: DoctorWorld, arn: string | undefined): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const accounts = new Map<string, Target>();
  for (const target of plan.targets) if (!accounts.has(target.account)) accounts.set(target.account, target);
  const of = accounts.size + plan.targets.length;
  let done = 0;
  const tick = (): void => {
    done += 1;
    world.progress?.(done, of);
  };
  const shut = new Set<string>();
  await inParallel([...accounts.values()], ROLES_AT_ONCE, async (target) => {
    const reply = world.clock() < plan.until ? await world.assume(target) : { kind: 'out-of-time' as const };
    const place = { account: target.account };
    if (reply.kind === 'ok') checks.push(fine('role', place));
    else if (reply.kind !== 'own') {
      shut.add(target.account);
      checks.push(reply.kind === 'failed' ? refusedRole(reply.failure, target, plan, arn) : amiss('role', place, { kind: 'out-of-time' }));
    }
    tick();
  });
  checks.push(...plan.regions.map((told) => checkRegions(told, plan, shut.has(told.account))));
  const looks = new Map<string, readonly Check[]>();
  await inParallel(plan.targets, TARGETS_AT_ONCE, async (target) => {
    looks.set(targetKey(target), await checkTarget(target, plan, world, shut.has(target.account)));
    tick();
  });
  return [...checks, ...plan.targets.flatMap((target) => looks.get(targetKey(target)) ?? [])];
}

function refusedRole(failure: Failure, target: Target, plan: DoctorPlan, arn: string | undefined): Check {
  const place: Place = { account: target.account };
  const role = memberRole(target.account, plan);
  switch (failure.kind) {
    case 'throttled':
    case 'transient':
      return amiss('role', place, { kind: 'role-untold' }, failure.detail);
    case 'credentials':
      return amiss('role', place, { kind: 'keys-refused', home: true }, failure.detail);
    default:
      // What trusts the monitor alone refuses all others by design, and their policies are not the monitor's. Only the organisation's are for both.
      if (!isMonitor(plan, arn) && failure.by !== undefined && failure.by !== 'organisation')
        return amiss('role', place, { kind: 'role-for-the-function-alone', ...role });
      return failure.by === undefined
        ? amiss('role', place, { kind: 'role-refused', ...role }, failure.detail)
        : amiss('role', place, { kind: 'role-refused', by: failure.by, ...role });
  }
}

const memberRole = (account: string, plan: DoctorPlan): MemberRole => ({ ...plan.roleOf(account), hub: plan.home?.account ?? '' });

/** Whether an account tells its regions: each is read all the same, so that a refusal hides nothing. */
function checkRegions({ account, answer }: RegionsTold, plan: DoctorPlan, shut: boolean): Check {
  const place = { account };
  if (answer?.kind === 'read') return fine('regions', place);
  if (shut) return amiss('regions', place, { kind: 'depends-on', link: 'role' });
  if (answer === undefined) return amiss('regions', place, { kind: 'out-of-time' });
  const { by, detail } = answer;
  if (by === undefined) return amiss('regions', place, { kind: 'regions-untold' }, detail);
  const home = account === plan.home?.account;
  const role = home ? { roleName: MONITOR_ROLE_NAME, hub: account } : memberRole(account, plan);
  return amiss('regions', place, { kind: 'regions-denied', by, home, ...role });
}

const isMonitor = ({ rights }: DoctorPlan, arn: string | undefined): boolean =>
  rights === 'function' || new RegExp(`:assumed-role/${MONITOR_ROLE_NAME}/`).test(arn ?? '');

const READS: readonly { readonly link: 'list' | 'detail' | 'status'; readonly action: string }[] = [
  { link: 'list', action: 'ses:ListEmailIdentities' },
  { link: 'detail', action: 'ses:GetEmailIdentity' },
  { link: 'status', action: 'ses:GetIdentityDkimAttributes' },
];

async function checkTarget(target: Target, plan: DoctorPlan, world: DoctorWorld, shut: boolean): Promise<readonly Check[]> {
  const skipped = (link: Link, on: Link): Check => amiss(link, target, { kind: 'depends-on', link: on });
  if (shut) return READS.map(({ link }) => skipped(link, 'role'));
  const late = world.clock() >= plan.until;
  const look = late ? { list: { kind: 'out-of-time' as const } } : await world.lookAt(target, plan.until);
  return READS.map(({ link, action }) => {
    const reply: AwsReply | undefined = look[link];
    if (reply === undefined) return skipped(link, 'list');
    if (reply.kind === 'ok') return fine(link, target);
    if (reply.kind === 'out-of-time') return amiss(link, target, { kind: 'out-of-time' });
    const trouble = sesTrouble(reply.failure, action, target, plan);
    // Of a region everything is said by its name.
    return amiss(link, target, trouble, trouble.kind.startsWith('region-') ? undefined : reply.failure.detail);
  });
}

function sesTrouble({ kind, by }: Failure, action: string, { account, region }: Target, plan: DoctorPlan): Trouble {
  const home = account === plan.home?.account;
  switch (kind) {
    case 'denied':
    case 'role-refused':
      return deniedBy(by ?? 'untold', action, account, plan);
    case 'region-off': {
      if (!isKnownRegion(region)) return unknownRegion(region);
      return plan.regionMayBeOff ? { kind: 'region-off-anyway' } : { kind: 'region-off', region };
    }
    case 'credentials':
      // Credentials of an account that a region does not know are refused in the same words as wrong ones.
      return isKnownRegion(region) ? { kind: 'keys-refused', home } : unknownRegion(region);
    case 'throttled':
      return { kind: 'ses-throttled', action };
    case 'transient':
      return { kind: 'ses-unanswered', action };
    case 'not-found':
    case 'bad-request':
    case 'other':
      return { kind: 'ses-odd', action };
  }
}

/** A policy of the organisation is one cause, whichever account it hits. */
function deniedBy(by: Refuser, action: string, account: string, plan: DoctorPlan): Trouble {
  const home = account === plan.home?.account && by !== 'organisation';
  const role = home ? { roleName: MONITOR_ROLE_NAME, hub: plan.home?.account ?? '' } : memberRole(account, plan);
  return { kind: 'ses-denied', action, by, home, ...role };
}

function unknownRegion(region: string): Trouble {
  const meant = nearestRegion(region);
  return { kind: 'region-unknown', region, ...(meant === undefined ? {} : { meant }) };
}
