// The whole examination: every link of the chain once, what hangs on a broken one left out.
import type { Checkup, Link } from '../model/checkup.ts';
import { assembleCheckup } from './assemble.ts';
import { amiss, type Check, fine } from './check.ts';
import { checkAccounts, checkIdentity } from './check-access.ts';
import { checkDns } from './check-dns.ts';
import { checkMemory, checkTelling } from './check-surroundings.ts';
import type { DoctorPlan } from './plan.ts';
import type { DoctorWorld, OwnIdentity } from './ports.ts';

/** Never throws for what the world does. `before` are checks that were made already. */
export async function runCheckup(plan: DoctorPlan, world: DoctorWorld, before: readonly Check[] = []): Promise<Checkup> {
  const startedAt = new Date(world.clock()).toISOString();
  const identity: OwnIdentity = await world.identity();
  // Which resolvers are meant, a broken configuration does not say.
  const broken = plan.problems.length > 0;
  const [dns, rest] = await Promise.all([
    broken ? [withoutConfiguration('resolver-udp')] : checkDns(world),
    checkAws(plan, world, identity),
  ]);
  const checks = [...before, ...checkConfiguration(plan), checkIdentity(identity), ...rest, ...dns];
  return assembleCheckup(checks, {
    startedAt,
    finishedAt: new Date(world.clock()).toISOString(),
    rights: { of: plan.rights, ...(identity.kind === 'known' && identity.arn !== undefined ? { arn: identity.arn } : {}) },
    ...(plan.home === undefined ? {} : { home: plan.home }),
    ...(plan.configurationHash === undefined ? {} : { configurationHash: plan.configurationHash }),
    accounts: new Set(plan.targets.map(({ account }) => account)).size,
    targets: plan.targets.length,
  });
}

function checkConfiguration({
  problems,
  blind,
  targets,
  troubles,
  remarks,
  skipped,
  asked,
  configurationName,
}: DoctorPlan): readonly Check[] {
  const place = { subject: configurationName };
  if (problems.length > 0) return [amiss('configuration', place, { kind: 'configuration-broken', problems })];
  if (blind !== undefined) return [amiss('configuration', place, { kind: 'accounts-unknown' }, blind)];
  const names = [
    ...asked.accounts.filter((account) => !targets.some((target) => target.account === account)),
    ...asked.regions.filter((region) => !targets.some((target) => target.region === region)),
  ];
  const fails = [
    ...(troubles.length > 0 ? [amiss('configuration', place, { kind: 'estate-troubled', troubles })] : []),
    ...(names.length > 0 ? [amiss('configuration', place, { kind: 'not-watched', names })] : []),
  ];
  return [
    ...(remarks.length > 0 ? [amiss('configuration', place, { kind: 'estate-remarks', remarks })] : []),
    ...(fails.length > 0 ? fails : [fine('configuration', place, `${countOf(targets)}${leftOut(skipped)}`)]),
  ];
}

const countOf = ({ length }: DoctorPlan['targets']): string =>
  `${length === 1 ? '1 target' : `${length.toLocaleString('en-US')} targets`} (an account in a region)`;

const MOST_LEFT_OUT = 10;
function leftOut(skipped: readonly string[]): string {
  if (skipped.length === 0) return '';
  const more = skipped.length - MOST_LEFT_OUT;
  return `; not active, and left out: ${skipped.slice(0, MOST_LEFT_OUT).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const withoutConfiguration = (link: Link): Check => amiss(link, {}, { kind: 'depends-on', link: 'configuration' });

const AWS_LINKS: readonly Link[] = ['list', 'bucket', 'topic'];

async function checkAws(plan: DoctorPlan, world: DoctorWorld, identity: OwnIdentity): Promise<readonly Check[]> {
  if (identity.kind !== 'known') return AWS_LINKS.map((link) => amiss(link, {}, { kind: 'depends-on', link: 'credentials' }));
  if (plan.problems.length > 0) return AWS_LINKS.map(withoutConfiguration);
  const home = plan.home?.account ?? identity.account;
  const [accounts, memory, telling] = await Promise.all([
    checkAccounts(plan, world, identity.arn),
    checkMemory(plan, world, home),
    checkTelling(plan, world, home),
  ]);
  return [...accounts, ...memory, ...telling];
}
