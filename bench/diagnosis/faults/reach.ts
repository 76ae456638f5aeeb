// The rest: MAIL FROM, DMARC, addresses, and what cannot be read or judged at all.
import type { Fault as AwsFault } from '../../../sandbox/aws/faults.ts';
import { easyIdentity, feedbackHost } from '../../../sandbox/aws/identities.ts';
import type { RecordsAt } from '../../../sandbox/dns/dns-world.ts';
import { type Estate, type Member, recordsOf, relative, type SesState, type Zone, zoneOf } from '../estate.ts';
import { type FaultKind, type FaultParts, faultKind, hitsAll, type Severity, type Step, type Told } from '../fault.ts';
import { addEasy, addMember, newAccount, somewhere } from '../healthy-estate.ts';
import { addZone, newDomain, put } from '../healthy-zone.ts';
import { maySend } from '../principles.ts';
import type { Random } from '../random.ts';
import { mailMemberFor, mayTake, signerFor, take, withOwnServers, zoneFor } from '../subjects.ts';
import { ROLE } from '../world.ts';
import { absent, removal, some } from './lost.ts';

interface Mail {
  readonly problem: string;
  readonly variant?: string;
  /** What is published instead. */
  readonly records?: (member: Member) => RecordsAt;
  readonly status?: 'PENDING' | 'FAILED' | 'TEMPORARY_FAILURE' | 'SUCCESS';
  readonly spfMissing?: boolean;
}

const mailFrom = ({ problem, variant, records, status = 'SUCCESS', spfMissing = false }: Mail): FaultKind =>
  faultKind(`mail-from-broken:${variant ?? problem}`, 'mail', (estate, random) => {
    const member = mailMemberFor(estate, random);
    const { domain = '', behavior } = member.state.mailFrom ?? {};
    const zone = zoneOf(estate, domain);
    const rejects = behavior === 'REJECT_MESSAGE';
    const fatal = problem.startsWith('mx') || problem === 'ses-status';
    // While SES has not confirmed it, it refuses the mail of such an identity as well, unless that may not send at all.
    const severity = (): Severity =>
      problem === 'pending' ? (rejects && maySend(member) ? 'warning' : 'notice') : rejects && fatal ? 'critical' : 'warning';
    const steps: Step[] = [{ kind: 'ses', member, state: { mailFrom: { domain, status, ...(behavior && { behavior }) } } }];
    if (records !== undefined && zone !== undefined)
      steps.push({ kind: 'records', zone, at: relative(domain, zone.apex), records: records(member) });
    const facts = { domain, problem, status, rejects, spfMissing };
    return { about: domain, after: steps, hits: [{ member, told: () => [{ kind: 'mail-from-broken', severity: severity(), facts }] }] };
  });

/** A lost record, under a policy that is said here: what the policy makes of it is what this is about. */
const dmarc = (variant: string, policy: string, mail?: true): FaultKind =>
  faultKind(`dmarc-at-risk:${variant}`, 'records', (estate, random) => {
    const signer = signerFor(
      'any',
      'records',
      estate,
      random,
      (one) => one.members.length === 1 && one.zone.apex === one.domain && [...one.taken].length === 0,
    );
    const [member] = signer.members;
    if (member === undefined) throw new Error('a set has a member');
    put(signer.zone, '_dmarc', { TXT: policy === '' ? [] : policy });
    if (mail) {
      const domain = `bounce.${signer.domain}`;
      member.state = { ...member.state, mailFrom: { domain } };
      member.first = member.state;
      put(signer.zone, 'bounce', { MX: `10 ${feedbackHost(member.region)}`, TXT: 'v=spf1 include:amazonses.com ~all' });
    }
    take(signer, 'alone');
    const places = some(signer, random, 'some');
    return {
      about: signer.domain,
      after: removal(signer, places),
      hits: hitsAll([signer], (one, who, end) => absent(one, places, who, end)),
    };
  });

const overrides: FaultKind = faultKind('address-overrides-domain', 'alone', (estate, random) => {
  const signer = signerFor('any', 'alone', estate, random);
  const beside = random.pick(signer.members);
  estate.names += 1;
  const state: SesState = random.pick<SesState>([
    { status: 'NOT_STARTED', signing: false },
    { status: 'SUCCESS', signing: false },
  ]);
  const name = `billing${estate.names}@${random.chance(0.3) ? 'team.' : ''}${signer.domain}`;
  const member = addMember(estate, { account: beside.account, region: beside.region, name, part: 'address', state });
  const told = [{ kind: 'address-overrides-domain', severity: 'warning' as const, facts: { domain: signer.domain } }];
  return { about: name, begin: [], hits: [{ member, told: () => told }] };
});

const stranger: FaultKind = faultKind('address-without-domain', 'alone', (estate, random) => {
  const domain = newDomain(estate, random);
  const member = addMember(estate, {
    ...somewhere(estate, random),
    name: `info@${domain}`,
    part: 'address',
    state: random.pick([{}, { status: 'NOT_STARTED', signing: false }]),
  });
  return {
    about: member.name,
    begin: [],
    hits: [{ member, told: () => [{ kind: 'address-without-domain', severity: 'notice', facts: { domain } }] }],
  };
});

type Refusal = (account: string, region: string) => Step;

/** An account and region that cannot be read for more than a day. All in it are hidden. */
const unreadable = (variant: string, reason: string, refusal: Refusal, region?: string): FaultKind =>
  faultKind(`target-unreadable:${variant}`, 'target', (estate, random): FaultParts => {
    const target = region === undefined ? freeTarget(estate, random) : newTarget(estate, random, region);
    const [account = '', where = ''] = target.split('/');
    estate.closed.add(account);
    const told = { kind: 'target-unreadable', severity: 'critical' as const, facts: { reason } };
    return { about: target, after: [refusal(account, where)], hits: [], targets: [{ target, told }] };
  });

/** One whose account has no other region in use, so that a refused role is the trouble of this one alone. */
function freeTarget(estate: Estate, random: Random): string {
  const accounts = estate.accounts.filter((account) => {
    const mine = estate.members.filter((one) => one.account === account);
    const free = mine.every(({ signer }) => signer === undefined || mayTake(signer, 'target'));
    return free && new Set(mine.map(({ region }) => region)).size === 1;
  });
  const account = accounts.length > 0 ? random.pick(accounts) : undefined;
  if (account === undefined) return newTarget(estate, random, random.pick(estate.regions));
  const members = estate.members.filter((one) => one.account === account);
  for (const { signer } of members) if (signer !== undefined) take(signer, 'target');
  return `${account}/${members[0]?.region ?? ''}`;
}

function newTarget(estate: Estate, random: Random, region: string): string {
  const account = newAccount(estate);
  take(addEasy(estate, random, { account, region }), 'target');
  return `${account}/${region}`;
}

const switchedOff: Refusal = (account, region) => ({
  kind: 'world',
  says: `${account}/${region} is switched off`,
  run: ({ aws }) => void aws.regionsOff.add(`${account}/${region}`),
});

const refused =
  (fault: Omit<AwsFault, 'account' | 'region'>): Refusal =>
  (account, region) => ({
    kind: 'world',
    says: `${account}/${region} answers ${fault.code}`,
    run: ({ aws }) => void aws.faults.push({ ...fault, account, region, service: 'ses' }),
  });

/** Told as such after the fourth sweep in which nothing can be said. */
const unknown = (reason: string): Told => ({ kind: 'identity-unknown', severity: 'warning', facts: { reason } });

const silentZone: FaultKind = faultKind('identity-unknown:all-silent', 'zone', (estate, random) => {
  const zone = zoneFor('zone', estate, random);
  const servers = withOwnServers(zone, estate, 2 + random.int(2));
  zone.mute = true;
  return {
    about: zone.apex,
    after: [
      {
        kind: 'world',
        says: `all servers of ${zone.apex} are silent`,
        run: ({ dns }) => void dns.behave({ servers, names: [zone.apex], behaviour: { kind: 'silent' } }),
      },
    ],
    hits: unknownIn(zone, estate, 'dns-unanswered'),
  };
});

function unknownIn(zone: Zone, estate: Estate, reason: string) {
  return hitsAll(
    estate.signers.filter((one) => one.zone === zone),
    () => [unknown(reason)],
  );
}

const unreachable = (variant: string, reason: string, address: (i: number) => string): FaultKind =>
  faultKind(`identity-unknown:${variant}`, 'zone', (estate, random) => {
    const zone = zoneFor('zone', estate, random);
    // Their names can be looked up: the zone that holds these has servers of its own.
    const hoster = addZone(estate, random);
    zone.servers = [1, 2].map((n) => `ns${n}.${hoster.apex}`);
    for (const [i, server] of zone.servers.entries()) zone.addresses[server] = [address(i)];
    zone.mute = true;
    return { about: zone.apex, begin: [], hits: unknownIn(zone, estate, reason) };
  });

const sesIsOdd = (variant: string, reason: string, state: (member: Member) => SesState): FaultKind =>
  faultKind(`identity-unknown:${variant}`, 'alone', (estate, random) => {
    const [member] = signerFor('easy', 'alone', estate, random).members.filter(({ part }) => part === 'own');
    if (member === undefined) throw new Error('a set has its own identity');
    const step: Step = { kind: 'ses', member, state: state(member) };
    return { about: member.name, after: [step], hits: [{ member, told: () => [unknown(reason)] }] };
  });

/** The CNAMEs lead through a zone whose servers are silent: where they end nobody can say. */
const deadAlias: FaultKind = faultKind('identity-unknown:dead-alias', 'alone', (estate, random) => {
  const signer = signerFor('easy', 'alone', estate, random);
  const alias = addZone(estate, random);
  const servers = withOwnServers(alias, estate, 2);
  alias.serversTaken = true;
  const steps = recordsOf(signer).map(
    ({ at, token }): Step => ({ kind: 'records', zone: signer.zone, at, records: { CNAME: `${token}.${alias.apex}` } }),
  );
  return {
    about: alias.apex,
    after: [
      ...steps,
      { kind: 'world', says: `${alias.apex} is silent`, run: ({ dns }) => void dns.behave({ servers, behaviour: { kind: 'silent' } }) },
    ],
    hits: hitsAll([signer], () => [unknown('not-judged')]),
  };
});

export const reachFaults: readonly FaultKind[] = [
  mailFrom({ problem: 'mx-missing', records: () => ({ MX: [] }) }),
  mailFrom({ problem: 'mx-missing', variant: 'mx-missing-and-noticed', records: () => ({ MX: [] }), status: 'FAILED' }),
  mailFrom({ problem: 'mx-several', records: ({ region }) => ({ MX: [`10 ${feedbackHost(region)}`, '20 mx1.mail-host.net'] }) }),
  mailFrom({ problem: 'mx-wrong', records: () => ({ MX: '10 mx1.mail-host.net' }) }),
  mailFrom({ problem: 'spf-missing', records: () => ({ TXT: [] }), spfMissing: true }),
  mailFrom({ problem: 'spf-missing', variant: 'spf-forbids', records: () => ({ TXT: 'v=spf1 -all' }), spfMissing: true }),
  mailFrom({ problem: 'ses-status', status: 'FAILED' }),
  mailFrom({ problem: 'ses-status', variant: 'ses-temporary-failure', status: 'TEMPORARY_FAILURE' }),
  mailFrom({ problem: 'pending', status: 'PENDING' }),
  dmarc('reject', 'v=DMARC1; p=reject'),
  dmarc('quarantine', 'v=DMARC1; p=quarantine; pct=100'),
  dmarc('absent', ''),
  dmarc('none', 'v=DMARC1; p=none'),
  dmarc('aligned-spf', 'v=DMARC1; p=reject', true),
  dmarc('strict-spf', 'v=DMARC1; p=reject; aspf=s', true),
  overrides,
  stranger,
  unreadable('role-refused', 'role-refused', (account) => ({
    kind: 'world',
    says: `the role in ${account} refuses`,
    run: ({ aws }) => void aws.denyRoles.add(`arn:aws:iam::${account}:role/${ROLE}`),
  })),
  // Only such regions can be off.
  unreadable('region-off', 'region-off', switchedOff, 'eu-south-1'),
  unreadable(
    'denied',
    'denied',
    refused({ status: 403, code: 'AccessDeniedException', message: 'User is not authorized to perform: ses:ListEmailIdentities' }),
  ),
  unreadable('throttled', 'throttled', refused({ status: 429, code: 'TooManyRequestsException' })),
  unreadable('error', 'error', refused({ status: 500, code: 'InternalFailure' })),
  silentZone,
  unreachable('ipv6-only', 'ipv6-only', (i) => `2001:db8::${i + 53}`),
  unreachable('private-addresses', 'address-refused', (i) => `10.0.0.${i + 53}`),
  sesIsOdd('no-tokens', 'no-expectation', () => ({ tokens: [] })),
  sesIsOdd('status-of-tomorrow', 'not-read', () => ({ dkim: { Status: 'RESTING' } })),
  sesIsOdd('no-word-of-signing', 'not-read', ({ signer, region }) => {
    const { SigningEnabled: _, ...silent } = easyIdentity('', { region, tokens: signer?.tokens ?? [] }).facts.DkimAttributes ?? {};
    return { facts: { DkimAttributes: silent } };
  }),
  deadAlias,
];
