import { dnsName } from '../../lambda/model/names.ts';
import { APEX, answer, cname, hoursAgo, NXDOMAIN, only, type Scene, SERVFAIL } from './build.ts';
import { alone, among, type Case, outcomeOf } from './say.ts';

describe('sending-lost', () => {
  const lost = (change: Scene = {}): Scene => ({ ses: { verifiedForSending: false }, history: { maySend: true }, ...change });
  test.each<Case>([
    ['it could send before', lost(), 'broken sending-lost/critical'],
    [
      'the records are gone: both harms are told',
      lost({ answer: only('all', NXDOMAIN) }),
      'broken record-missing/critical sending-lost/critical',
    ],
    ['DNS cannot be judged: SES’s own word holds', lost({ answer: only('all', SERVFAIL) }), 'broken sending-lost/critical'],
    [
      'an address',
      lost({ method: 'none', identity: { type: 'address', identity: 'me@example.com', tokens: [] } }),
      'broken sending-lost/critical',
    ],
    // Must not fire:
    ['it may send', { history: { maySend: true } }, 'healthy'],
    ['it never could', lost({ history: { maySend: false } }), 'healthy'],
    ['nobody knows whether it could', lost({ history: {} }), 'healthy'],
    ['first sight', lost({ history: 'first-sight' }), 'healthy'],
    [
      'SES did not say',
      { identity: { ses: { status: 'SUCCESS', signing: true, readAt: hoursAgo(0.5) } }, history: { maySend: true } },
      'healthy',
    ],
    [
      'the domain is gone: that is why',
      lost({ delegation: { kind: 'gone', registrable: APEX, how: 'nxdomain', lookups: [] } }),
      'broken domain-gone/critical',
    ],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));
});

describe('replica-broken', () => {
  const replica = (errorType: string, ses: NonNullable<Scene['ses']> = {}, change: Scene = {}): Scene => ({
    method: 'deed',
    ses: { errorType, ...ses },
    history: 'first-sight',
    ...change,
  });
  const late: Scene = { history: { pendingSince: hoursAgo(90), lastSuccessAt: hoursAgo(900) } };
  test.each<Case>([
    ['the parent is gone', replica('REPLICATION_PRIMARY_NOT_FOUND'), 'broken replica-broken/warning'],
    ['a reason nobody knows yet', replica('REPLICATION_SOMETHING_NEW'), 'broken replica-broken/warning'],
    ['it explains that SES gave up', replica('REPLICATION_ACCESS_DENIED', { status: 'FAILED' }), 'broken replica-broken/warning'],
    [
      'it explains that nothing was started',
      replica('REPLICATION_ACCESS_DENIED', { status: 'NOT_STARTED' }),
      'broken replica-broken/warning',
    ],
    ['it explains why SES is late', replica('REPLICATION_ACCESS_DENIED', { status: 'PENDING' }, late), 'broken replica-broken/warning'],
    ['it explains why SES doubts', replica('REPLICATION_ACCESS_DENIED', { status: 'TEMPORARY_FAILURE' }), 'broken replica-broken/warning'],
    [
      'DNS cannot be judged: SES’s own word holds',
      replica('REPLICATION_ACCESS_DENIED', {}, { answer: only('all', SERVFAIL) }),
      'broken replica-broken/warning',
    ],
    [
      'a set-up that is lost is told beside it',
      replica('REPLICATION_ACCESS_DENIED', { status: 'FAILED' }, { history: {} }),
      'broken revoked/critical replica-broken/warning',
    ],
    // Must not fire:
    [
      'records that parent and replica share are missing',
      replica('REPLICATION_ACCESS_DENIED', {}, { answer: only(0, NXDOMAIN) }),
      'broken record-missing/critical',
    ],
    ['another reason', replica('HOST_NOT_FOUND'), 'healthy'],
    ['no replica', { ...replica('REPLICATION_ACCESS_DENIED'), method: 'easy' }, 'healthy'],
    ['no reason', { method: 'deed' }, 'healthy'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('names the reason and the parent’s region', () => {
    expect(alone(replica('REPLICATION_ACCESS_DENIED'), 'replica-broken').facts).toEqual({
      errorType: 'REPLICATION_ACCESS_DENIED',
      parentRegion: 'us-east-1',
    });
  });
});

describe('identity-abandoned', () => {
  const DAY = 24;
  /** Never verified, made this many hours ago, not sending. */
  const forgotten = (hours: number, change: Scene = {}, ses: NonNullable<Scene['ses']> = {}): Scene => {
    const base = { firstSeenAt: hoursAgo(hours), unknownSweeps: 0 };
    return {
      ses: { status: 'FAILED', verifiedForSending: false, lastKeyGeneratedAt: hoursAgo(hours), ...ses },
      ...change,
      dns: { ...change.dns },
      onlyHistory: { ...base, ...(change.history as object) },
    };
  };
  const said = 'healthy identity-abandoned/notice';
  test.each<Case>([
    ['failed for three weeks', forgotten(21 * DAY), said],
    ['pending for a month', forgotten(30 * DAY, {}, { status: 'PENDING' }), said],
    ['never started', forgotten(30 * DAY, {}, { status: 'NOT_STARTED' }), said],
    ['it hides missing records', forgotten(30 * DAY, { answer: only('all', NXDOMAIN) }), said],
    ['it hides wrong ones', forgotten(30 * DAY, { answer: only(0, (r) => answer(cname(r.name, 'parking.example'))) }), said],
    [
      'it hides a domain that is gone',
      forgotten(30 * DAY, { delegation: { kind: 'gone', registrable: APEX, how: 'nxdomain', lookups: [] } }),
      said,
    ],
    [
      'it hides a broken MAIL FROM',
      forgotten(30 * DAY, {}, { mailFrom: { domain: dnsName('bounce.example.com'), status: 'FAILED', rejects: true } }),
      said,
    ],
    ['DNS cannot be judged: nobody waits for it', forgotten(30 * DAY, { answer: only('all', SERVFAIL) }), said],
    ['a key of one’s own, seen first a month ago', forgotten(30 * DAY, { method: 'byodkim' }), said],
    // Must not fire:
    ['a day too young', forgotten(20 * DAY), 'broken verification-failed/warning'],
    ['it may send', forgotten(30 * DAY, {}, { verifiedForSending: true }), 'broken verification-failed/critical'],
    ['it may send by the listing', forgotten(30 * DAY, {}, { sendingEnabled: true }), 'broken verification-failed/critical'],
    ['it could send once', forgotten(30 * DAY, { history: { maySend: true } }), 'broken sending-lost/critical verification-failed/warning'],
    ['it worked once, by SES’s word', forgotten(30 * DAY, {}, { lastSuccessAt: hoursAgo(900) }), 'broken revoked/critical'],
    ['it worked once, by memory', forgotten(30 * DAY, { history: { lastSuccessAt: hoursAgo(900) } }), 'broken revoked/critical'],
    ['verified', forgotten(30 * DAY, {}, { status: 'SUCCESS' }), 'healthy'],
    [
      'SES doubts',
      forgotten(30 * DAY, { history: { dnsRightSince: hoursAgo(30 * DAY) } }, { status: 'TEMPORARY_FAILURE' }),
      'broken ses-cannot-verify/warning',
    ],
    ['a status nobody knows', forgotten(30 * DAY, {}, { status: 'UNKNOWN' }), 'unknown(not-read)'],
    [
      'an old identity with a new key: somebody has begun again',
      forgotten(30 * DAY, {}, { lastKeyGeneratedAt: hoursAgo(5) }),
      'broken verification-failed/warning',
    ],
    ['the time of the key is nonsense', forgotten(30 * DAY, {}, { lastKeyGeneratedAt: 'nonsense' }), 'broken verification-failed/warning'],
    [
      'an address',
      forgotten(30 * DAY, { method: 'none', identity: { type: 'address', identity: 'me@example.com', tokens: [] } }),
      'healthy',
    ],
  ])('%s', (_, scene, expected) => expect(outcomeOf(scene)).toBe(expected));

  test('SES did not say whether it may send: that is no "no"', () => {
    const { verifiedForSending: _, ...ses } = {
      status: 'FAILED' as const,
      readAt: hoursAgo(1),
      lastKeyGeneratedAt: hoursAgo(900),
      verifiedForSending: false,
    };
    expect(outcomeOf({ identity: { ses }, onlyHistory: { firstSeenAt: hoursAgo(900), unknownSweeps: 0 } })).toBe(
      'broken verification-failed/warning',
    );
  });

  test('since when, and whether that is estimated', () => {
    expect(alone(forgotten(30 * DAY), 'identity-abandoned').facts).toEqual({
      since: hoursAgo(30 * DAY),
      estimated: false,
      statusNow: 'FAILED',
    });
    expect(among(forgotten(30 * DAY, { method: 'byodkim' }), 'identity-abandoned').facts).toEqual({
      since: hoursAgo(30 * DAY),
      estimated: true,
      statusNow: 'FAILED',
    });
  });
});
