// What SES says: switched off, never begun, still waiting, given up, taken back.
import type { Estate, Member, SesState, Signer } from '../estate.ts';
import { recordsOf } from '../estate.ts';
import { type Ending, type FaultKind, faultKind, type Hit, type Severity, type Step, type Told } from '../fault.ts';
import { addMember, somewhere } from '../healthy-estate.ts';
import { addDomainZone, newServers } from '../healthy-zone.ts';
import { START } from '../moments.ts';
import type { Random } from '../random.ts';
import { replicaFor, secondSetupFor, signerFor, take, zoneFor } from '../subjects.ts';
import { removal } from './lost.ts';

const HOUR = 3_600_000;
const hoursBefore = (hours: number): string => new Date(START - hours * HOUR).toISOString();
const hoursAfter = (hours: number): string => new Date(START + hours * HOUR).toISOString();

interface Change {
  readonly member: Member;
  readonly begin?: SesState;
  readonly after?: SesState;
  readonly late?: SesState;
  readonly more?: readonly Step[];
  readonly told: readonly Told[] | ((end: Ending) => readonly Told[]);
  readonly onTheWay?: readonly string[];
}

/** SES says other things of one member, at one moment or several. */
function change({ member, begin, after, late, more = [], told, onTheWay }: Change) {
  const step = (state: SesState): Step => ({ kind: 'ses', member, state });
  const hit: Hit = { member, told: typeof told === 'function' ? told : () => told };
  return {
    about: `${member.account}/${member.region}/${member.name}`,
    ...(begin || more.length > 0 ? { begin: [...more, ...(begin ? [step(begin)] : [])] } : {}),
    ...(after ? { after: [step(after)] } : {}),
    ...(late ? { late: [step(late)] } : {}),
    ...(onTheWay ? { onTheWay } : {}),
    hits: [hit],
  };
}

const finding = (kind: string, severity: Severity, facts: Told['facts'] = {}): Told => ({ kind, severity, facts });

/** A fault of one member of a set of this kind. */
const status = (name: string, kind: Signer['kind'] | 'any', of: (member: Member, random: Random) => Omit<Change, 'member'>): FaultKind =>
  faultKind(name, 'ses', (estate, random) => {
    const { members } = signerFor(kind, 'ses', estate, random);
    // A replica's key is its parent's: when it was made says nothing of the replica.
    const member = random.pick(kind === 'easy' ? members.filter(({ part }) => part === 'own') : members);
    return change({ member, ...of(member, random) });
  });

const ERRORS = ['HOST_NOT_FOUND', 'TYPE_NOT_FOUND', 'DNS_SERVER_ERROR', 'SERVICE_ERROR'];

/** A domain that was added without DKIM. */
function bareMember(estate: Estate, random: Random): Member {
  const zone = addDomainZone(estate, random);
  return addMember(estate, { ...somewhere(estate, random), name: zone.apex, part: 'bare', state: {} });
}

const notSetUp: FaultKind = faultKind('dkim-not-set-up', 'ses', (estate, random) =>
  change({ member: bareMember(estate, random), begin: {}, told: [finding('dkim-not-set-up', 'warning')] }),
);

const pending: readonly FaultKind[] = [
  status('verification-pending', 'easy', (_, random) => {
    const made = 1 + random.int(30);
    return {
      begin: { status: 'PENDING', keyGeneratedAt: hoursBefore(made) },
      told: ({ now }) => [
        finding('verification-pending', 'notice', { estimated: false, hoursLeft: Math.floor(72 - made - (now - START) / HOUR) }),
      ],
    };
  }),
  status('verification-pending:own-key', 'own-key', () => ({
    begin: { status: 'PENDING' },
    told: ({ now }) => [finding('verification-pending', 'notice', { estimated: true, hoursLeft: Math.floor(72 - (now - START) / HOUR) })],
  })),
  status('verification-overdue:over-72-hours', 'easy', (_, random) => ({
    begin: {
      status: 'PENDING',
      keyGeneratedAt: hoursBefore(50 + random.int(100)),
      ...(random.chance(0.5) ? { errorType: random.pick(ERRORS) } : {}),
    },
    onTheWay: ['verification-pending'],
    told: [finding('verification-overdue', 'warning', { why: 'over-72-hours', estimated: false, suspectPrivateKey: false })],
  })),
  status('verification-overdue:dns-right-for-hours', 'easy', () => ({
    begin: { status: 'PENDING', keyGeneratedAt: hoursBefore(3) },
    late: { checkedAt: hoursAfter(7.5), errorType: 'HOST_NOT_FOUND' },
    onTheWay: ['verification-pending'],
    told: [
      finding('verification-overdue', 'warning', { why: 'dns-right-for-hours', errorType: 'HOST_NOT_FOUND', suspectPrivateKey: false }),
    ],
  })),
  status('verification-overdue:private-key', 'own-key', () => ({
    begin: { status: 'PENDING' },
    late: { checkedAt: hoursAfter(7.5), errorType: 'INVALID_VALUE' },
    onTheWay: ['verification-pending'],
    told: [finding('verification-overdue', 'warning', { why: 'dns-right-for-hours', errorType: 'INVALID_VALUE', suspectPrivateKey: true })],
  })),
];

const failed = (sending: boolean): FaultKind =>
  status(`verification-failed:${sending ? 'sending' : 'not-sending'}`, 'any', () => ({
    begin: { status: 'FAILED', sending, errorType: 'HOST_NOT_FOUND', keyGeneratedAt: hoursBefore(240) },
    told: [finding('verification-failed', sending ? 'critical' : 'warning', { maySend: sending, errorType: 'HOST_NOT_FOUND' })],
  }));

const revoked = (statusNow: 'FAILED' | 'NOT_STARTED', sending: boolean): FaultKind =>
  status(`revoked:${statusNow.toLowerCase().replace('_', '-')}${sending ? '' : '-and-sending'}`, 'any', ({ part }) => ({
    after: { status: statusNow, sending, ...(statusNow === 'NOT_STARTED' && part !== 'own-key' ? { tokens: [], signing: false } : {}) },
    told: [finding('revoked', 'critical', { statusNow }), ...(sending ? [] : [finding('sending-lost', 'critical')])],
  }));

const abandoned = (statusNow: 'PENDING' | 'FAILED', published: boolean): FaultKind =>
  faultKind(`identity-abandoned:${statusNow.toLowerCase()}${published ? '' : '-unpublished'}`, 'ses', (estate, random) => {
    const signer = signerFor('easy', 'ses', estate, random, ({ members }) => members.length === 1);
    const [member] = signer.members;
    if (member === undefined) throw new Error('a set has a member');
    return change({
      member,
      // SES looked for three days, and has not looked again.
      begin: { status: statusNow, sending: false, keyGeneratedAt: hoursBefore(24 * 25), checkedAt: hoursBefore(24 * 22) },
      more: published ? [] : removal(signer, recordsOf(signer)),
      told: [finding('identity-abandoned', 'notice', { statusNow, estimated: false })],
    });
  });

const replica = (errorType: string, statusNow: 'TEMPORARY_FAILURE' | 'FAILED'): FaultKind =>
  faultKind(`replica-broken:${errorType.toLowerCase().replace('replication_', '')}`, 'ses', (estate, random) => {
    const member = replicaFor('ses', estate, random);
    const parentRegion = member.signer?.region;
    const state: SesState = { status: statusNow, errorType, ...(statusNow === 'FAILED' ? { sending: false } : {}) };
    return change({
      member,
      ...(statusNow === 'FAILED' ? { begin: state } : { after: state }),
      told: [finding('replica-broken', 'warning', { errorType, parentRegion })],
    });
  });

/** SES looked at the servers that the domain moved away from long ago; the records are right where the world looks. */
const elsewhere = (there: 'absent' | 'no-answer'): FaultKind =>
  faultKind(`zone-elsewhere:${there}`, 'zone', (estate, random) => {
    const zone = zoneFor(
      'zone',
      estate,
      random,
      ({ apex, content }) => !content.has('*') && !content.has('*._domainkey') && !apex.startsWith('_'),
    );
    const signer = random.pick(estate.signers.filter((one) => one.zone === zone));
    take(signer, 'ses');
    const member = random.pick(signer.members);
    const [old = ''] = zone.servers;
    const now = newServers(estate, 2);
    const kept = new Map(recordsOf(signer).map(({ at }) => [at, zone.content.get(at) ?? {}]));
    const begin: readonly Step[] = [
      ...removal(signer, recordsOf(signer)),
      {
        kind: 'world',
        says: `${zone.apex} had moved before`,
        run: ({ dns }) => dns.moveZone(zone.apex, now, { old: there === 'absent' ? 'keeps' : 'forgets' }),
      },
      ...[...kept].map(([at, records]): Step => ({ kind: 'records', zone, at, records })),
    ];
    const parts = change({
      member,
      after: { status: 'TEMPORARY_FAILURE', errorType: 'TYPE_NOT_FOUND', soa: { primary: old, serial: 7 } },
      told: [finding('zone-elsewhere', 'warning', { sesPrimary: old, there, errorType: 'TYPE_NOT_FOUND' })],
    });
    return { ...parts, begin };
  });

const withoutKeys = (how: 'gone' | 'empty', statusNow: 'SUCCESS' | 'TEMPORARY_FAILURE'): FaultKind =>
  faultKind(`target-has-no-key:${how}${statusNow === 'SUCCESS' ? '-and-ses-content' : ''}`, 'ses', (estate, random) => {
    const signer = signerFor('easy', 'ses', estate, random, ({ members }) => members.length === 1);
    const [member] = signer.members;
    if (member === undefined) throw new Error('a set has a member');
    const targets = recordsOf(signer).map(({ target }) => target);
    const parts = change({
      member,
      ...(statusNow === 'SUCCESS' ? {} : { after: { status: statusNow } }),
      told: [finding('target-has-no-key', 'warning', { targets })],
    });
    const world: Step = {
      kind: 'world',
      says: `SES's zone loses the keys (${how})`,
      run: (sandbox) =>
        sandbox.withdrawKeys(sandbox.aws.identity(member.account, member.region, member.name) ?? { name: '', facts: {} }, how),
    };
    return { ...parts, after: [...(parts.after ?? []), world] };
  });

/** The second of two set-ups of one domain is forgotten, while the first is fine. */
const differs = (variant: string, state: SesState, told: Told): FaultKind =>
  faultKind(`setup-differs:${variant}`, 'alone', (estate, random) =>
    change({ member: secondSetupFor('alone', estate, random), begin: state, told: [told] }),
  );

/** Apart from all else: nothing is wrong yet, and what is told of it beside real trouble is a matter of taste. */
const weak: FaultKind = faultKind('key-weak:easy', 'alone', (estate, random) => {
  const member = random.pick(signerFor('easy', 'alone', estate, random).members);
  const next = random.pick(['RSA_1024_BIT', 'RSA_2048_BIT']);
  return change({
    member,
    begin: { dkim: { CurrentSigningKeyLength: 'RSA_1024_BIT', NextSigningKeyLength: next } },
    told: [finding('key-weak', 'notice', { bits: 1024, where: 'easy', nextIsLonger: next === 'RSA_2048_BIT' ? true : undefined })],
  });
});

export const statusFaults: readonly FaultKind[] = [
  status('signing-disabled:was-on', 'any', () => ({
    after: { signing: false },
    told: [finding('signing-disabled', 'critical', { wasEnabled: true })],
  })),
  status('signing-disabled:never-on', 'any', () => ({
    begin: { signing: false },
    told: [finding('signing-disabled', 'warning', { wasEnabled: false })],
  })),
  notSetUp,
  ...pending,
  failed(true),
  failed(false),
  revoked('FAILED', true),
  revoked('FAILED', false),
  revoked('NOT_STARTED', true),
  status('ses-cannot-verify', 'any', (_, random) => {
    const errorType = random.pick(ERRORS);
    return { after: { status: 'TEMPORARY_FAILURE', errorType }, told: [finding('ses-cannot-verify', 'warning', { errorType })] };
  }),
  status('sending-lost', 'any', () => ({ after: { sending: false }, told: [finding('sending-lost', 'critical')] })),
  weak,
  abandoned('PENDING', true),
  abandoned('PENDING', false),
  abandoned('FAILED', false),
  replica('REPLICATION_ACCESS_DENIED', 'TEMPORARY_FAILURE'),
  replica('REPLICATION_PRIMARY_NOT_FOUND', 'TEMPORARY_FAILURE'),
  replica('REPLICATION_PRIMARY_BYO_DKIM_NOT_SUPPORTED', 'FAILED'),
  replica('REPLICATION_REPLICA_AS_PRIMARY_NOT_SUPPORTED', 'FAILED'),
  replica('REPLICATION_PRIMARY_INVALID_REGION', 'FAILED'),
  elsewhere('absent'),
  elsewhere('no-answer'),
  withoutKeys('gone', 'TEMPORARY_FAILURE'),
  withoutKeys('empty', 'TEMPORARY_FAILURE'),
  withoutKeys('gone', 'SUCCESS'),
  differs('not-set-up', { status: 'NOT_STARTED', signing: false, tokens: [], sending: true }, finding('dkim-not-set-up', 'warning')),
  differs(
    'failed',
    { status: 'FAILED', sending: true, keyGeneratedAt: hoursBefore(240) },
    finding('verification-failed', 'critical', { maySend: true }),
  ),
  differs('switched-off', { signing: false }, finding('signing-disabled', 'warning', { wasEnabled: false })),
];
