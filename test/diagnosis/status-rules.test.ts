import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { targetUnreadable } from '../../lambda/diagnosis/rules/target-unreadable.ts';
import type { FindingKind, FindingOf } from '../../lambda/model/finding.ts';
import type { DnsName } from '../../lambda/model/names.ts';
import { evidence, hoursAgo, NOW, NXDOMAIN, only, type Scene, SERVFAIL, SILENT } from './build.ts';
import { outcomeOf } from './say.ts';

function factsOf<K extends FindingKind>(scene: Scene, kind: K): FindingOf<K>['facts'] | undefined {
  return diagnose(evidence(scene)).findings.find((one): one is Extract<typeof one, { kind: K }> => one.kind === kind)
    ?.facts as FindingOf<K>['facts'];
}

const never: Scene['history'] = 'first-sight';
const notSetUp: Scene = { method: 'none', identity: { tokens: [] }, ses: { status: 'NOT_STARTED', signing: false } };
const address: Scene = { identity: { type: 'address', identity: 'me@example.com', tokens: [] }, method: 'none' };
/** A history that never saw SES succeed. */
const pendingFor = (hours: number): Scene => ({
  method: 'byodkim',
  ses: { status: 'PENDING', signing: true },
  history: { firstSeenAt: hoursAgo(2000), lastSuccessAt: hoursAgo(1000), pendingSince: hoursAgo(hours) },
});

describe('signing-disabled', () => {
  test.each<[string, Scene, string]>([
    ['it was on before', { ses: { signing: false } }, 'broken signing-disabled/critical'],
    ['it was never seen on', { ses: { signing: false }, history: never }, 'broken signing-disabled/warning'],
    [
      'DNS cannot be judged: the switch holds whatever DNS says',
      { ses: { signing: false }, answer: only('all', SILENT) },
      'broken signing-disabled/critical',
    ],
    // Must not fire:
    [
      'not verified yet',
      { ses: { signing: false, status: 'PENDING' }, history: { pendingSince: NOW } },
      'healthy verification-pending/notice',
    ],
    ['SES did not say', { identity: { ses: { status: 'SUCCESS', readAt: NOW } } }, 'unknown(not-read)'],
    ['an address', { ...address, ses: { signing: false } }, 'healthy'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));
});

describe('dkim-not-set-up', () => {
  test.each<[string, Scene, string]>([
    ['a domain that never had it', { ...notSetUp, history: never }, 'broken dkim-not-set-up/warning'],
    ['tokens are there, but it was not started', { ses: { status: 'NOT_STARTED' }, history: never }, 'broken dkim-not-set-up/warning'],
    [
      'records missing as well',
      { ses: { status: 'NOT_STARTED' }, history: never, answer: only('all', NXDOMAIN) },
      'broken record-missing/warning dkim-not-set-up/warning',
    ],
    // Must not fire:
    ['it worked once: that is revoked', notSetUp, 'broken revoked/critical'],
    ['an address', { ...address, ses: { status: 'NOT_STARTED' }, history: never }, 'healthy'],
    ['no method and no status', { ...notSetUp, ses: { status: 'UNKNOWN' }, history: never }, 'unknown(no-expectation)'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));
});

describe('verification-pending', () => {
  test.each<[string, Scene, string]>([
    ['DNS right, under 72 hours', pendingFor(1), 'healthy verification-pending/notice'],
    ['at first sight', { ses: { status: 'PENDING' }, history: never }, 'healthy verification-pending/notice'],
    [
      'right for many hours, but SES has not looked since',
      { ...pendingFor(20), history: { lastSuccessAt: hoursAgo(1000), pendingSince: hoursAgo(20), dnsRightSince: hoursAgo(20) } },
      'healthy verification-pending/notice',
    ],
    // Must not fire:
    ['a record is missing', { ...pendingFor(1), answer: only('all', NXDOMAIN) }, 'broken record-missing/warning'],
    ['DNS cannot be judged', { ...pendingFor(1), answer: only('all', SERVFAIL) }, 'unknown(dns-unanswered)'],
    ['verified', {}, 'healthy'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('counts the hours left from when the key was made', () => {
    const facts = factsOf({ ses: { status: 'PENDING', lastKeyGeneratedAt: hoursAgo(10) }, history: never }, 'verification-pending');
    expect(facts).toEqual({ pendingSince: hoursAgo(10), estimated: false, hoursLeft: 62 });
  });
  test('counts from our first sight for one’s own key, and says that it is estimated', () => {
    expect(factsOf(pendingFor(10), 'verification-pending')).toEqual({ pendingSince: hoursAgo(10), estimated: true, hoursLeft: 62 });
  });
  test('a key made before the last success does not count', () => {
    const scene: Scene = { ses: { status: 'PENDING', lastKeyGeneratedAt: hoursAgo(5000) }, history: { lastSuccessAt: hoursAgo(3) } };
    expect(factsOf(scene, 'verification-pending')).toEqual({ pendingSince: NOW, estimated: true, hoursLeft: 72 });
  });
  test('without any beginning there are no hours left', () => {
    expect(factsOf({ method: 'byodkim', ses: { status: 'PENDING' }, history: never }, 'verification-pending')).toEqual({ estimated: true });
  });
});

describe('verification-overdue', () => {
  const right = (ses: NonNullable<Scene['ses']>, hours = 7): Scene => ({
    ses: { status: 'PENDING', ...ses },
    history: { lastSuccessAt: hoursAgo(1000), pendingSince: hoursAgo(hours), dnsRightSince: hoursAgo(hours) },
  });
  test.each<[string, Scene, string]>([
    ['pending over 72 hours', pendingFor(73), 'broken verification-overdue/warning'],
    [
      'pending over 72 hours, DNS cannot be judged',
      { ...pendingFor(73), answer: only('all', SILENT) },
      'broken verification-overdue/warning',
    ],
    ['right for seven hours, SES looked an hour ago', right({ lastCheckedAt: hoursAgo(1) }), 'broken verification-overdue/warning'],
    ['right for seven hours, SES names an error', right({ errorType: 'INVALID_VALUE' }), 'broken verification-overdue/warning'],
    // Must not fire:
    ['exactly 72 hours', pendingFor(72), 'healthy verification-pending/notice'],
    [
      'SES looked before DNS was right',
      right({ lastCheckedAt: hoursAgo(8), errorType: 'HOST_NOT_FOUND' }),
      'healthy verification-pending/notice',
    ],
    ['right for five hours', right({ lastCheckedAt: hoursAgo(1) }, 5), 'healthy verification-pending/notice'],
    ['records missing: they are why', { ...pendingFor(80), answer: only('all', NXDOMAIN) }, 'broken record-missing/warning'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('suspects the private key only for one’s own key and INVALID_VALUE', () => {
    const own = pendingFor(80);
    expect(factsOf({ ...own, ses: { status: 'PENDING', errorType: 'INVALID_VALUE' } }, 'verification-overdue')?.suspectPrivateKey).toBe(
      true,
    );
    expect(factsOf({ ...own, ses: { status: 'PENDING', errorType: 'HOST_NOT_FOUND' } }, 'verification-overdue')?.suspectPrivateKey).toBe(
      false,
    );
    expect(factsOf(right({ errorType: 'INVALID_VALUE' }), 'verification-overdue')?.suspectPrivateKey).toBe(false);
  });
  test('shows both primary name servers', () => {
    const scene: Scene = { ...pendingFor(80), ses: { status: 'PENDING', soa: { primaryNameServer: 'ns.old.example' } } };
    expect(factsOf(scene, 'verification-overdue')).toMatchObject({ sesPrimary: 'ns.old.example', ourPrimary: 'ns1.example.net' });
  });
});

describe('verification-failed', () => {
  test.each<[string, Scene, string]>([
    ['may send', { ses: { status: 'FAILED' }, history: never }, 'broken verification-failed/critical'],
    [
      'may send by the listing',
      { ses: { status: 'FAILED', verifiedForSending: false, sendingEnabled: true }, history: never },
      'broken verification-failed/critical',
    ],
    ['may not send', { ses: { status: 'FAILED', verifiedForSending: false }, history: never }, 'broken verification-failed/warning'],
    [
      'whatever DNS says',
      { ses: { status: 'FAILED' }, history: never, answer: only('all', SERVFAIL) },
      'broken verification-failed/critical',
    ],
    // Must not fire:
    ['it had succeeded by our memory', { ses: { status: 'FAILED' } }, 'broken revoked/critical'],
    [
      'it had succeeded by SES’s word',
      { ses: { status: 'FAILED', lastSuccessAt: hoursAgo(500) }, history: never },
      'broken revoked/critical',
    ],
    [
      'records missing come first',
      { ses: { status: 'FAILED' }, history: never, answer: only('all', NXDOMAIN) },
      'broken record-missing/warning',
    ],
    ['an address', { ...address, ses: { status: 'FAILED' }, history: never }, 'healthy'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));
});

describe('revoked', () => {
  test.each<[string, Scene, string]>([
    ['FAILED after success', { ses: { status: 'FAILED' } }, 'broken revoked/critical'],
    ['NOT_STARTED after success', { ses: { status: 'NOT_STARTED' } }, 'broken revoked/critical'],
    // Must not fire:
    ['PENDING after success', { ses: { status: 'PENDING' } }, 'healthy verification-pending/notice'],
    ['TEMPORARY_FAILURE after success', { ses: { status: 'TEMPORARY_FAILURE' } }, 'broken ses-cannot-verify/warning'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));
  test('says how DNS looks now', () => {
    const lost = factsOf({ ses: { status: 'FAILED' }, history: { lastSuccessAt: hoursAgo(60) }, answer: only(1, NXDOMAIN) }, 'revoked');
    expect(lost?.dns).toEqual({ right: 2, wrong: 1, unknown: 0 });
    const dark = factsOf({ ses: { status: 'FAILED' }, history: { lastSuccessAt: hoursAgo(60) }, answer: only('all', SILENT) }, 'revoked');
    expect(dark?.dns).toEqual({ right: 0, wrong: 0, unknown: 3 });
  });
  test('names the later of both successes', () => {
    const facts = factsOf({ ses: { status: 'FAILED', lastSuccessAt: hoursAgo(50) }, history: { lastSuccessAt: hoursAgo(60) } }, 'revoked');
    expect(facts).toEqual({ lastSuccessAt: hoursAgo(50), statusNow: 'FAILED', dns: { right: 3, wrong: 0, unknown: 0 } });
  });
});

describe('ses-cannot-verify', () => {
  test.each<[string, Scene, string]>([
    ['DNS right', { ses: { status: 'TEMPORARY_FAILURE' } }, 'broken ses-cannot-verify/warning'],
    // Must not fire:
    ['a record missing', { ses: { status: 'TEMPORARY_FAILURE' }, answer: only(1, NXDOMAIN) }, 'broken record-missing/critical'],
    ['DNS cannot be judged', { ses: { status: 'TEMPORARY_FAILURE' }, answer: only('all', SILENT) }, 'unknown(dns-unanswered)'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));
  test('the clocks run', () => {
    const { findings } = diagnose(evidence({ ses: { status: 'TEMPORARY_FAILURE' } }));
    expect(findings[0]?.deadlines.map(({ name }) => name)).toEqual(['sending-lost', 'signing-lost']);
  });
  test('names since when the records have been seen right', () => {
    const ses = { status: 'TEMPORARY_FAILURE' } as const;
    expect(factsOf({ ses, history: { dnsRightSince: hoursAgo(72) } }, 'ses-cannot-verify')).toMatchObject({ rightSince: hoursAgo(72) });
    expect(factsOf({ ses, history: never }, 'ses-cannot-verify')).not.toHaveProperty('rightSince');
  });
});

describe('identity-unknown', () => {
  const blind = only('all', SILENT);
  const sweeps = (unknownSweeps: number): Scene => ({ answer: blind, history: { unknownSweeps, unknownSince: hoursAgo(1) } });
  test.each<[string, Scene, string]>([
    ['the fourth sweep', sweeps(3), 'unknown(dns-unanswered) identity-unknown/warning'],
    [
      'what to expect cannot be known',
      { ...sweeps(9), identity: { tokens: [] }, ses: { status: 'SUCCESS' } },
      'unknown(no-expectation) identity-unknown/warning',
    ],
    // Must not fire:
    ['the third sweep', sweeps(2), 'unknown(dns-unanswered)'],
    ['healthy again', { history: { unknownSweeps: 9 } }, 'healthy'],
    ['broken', { history: { unknownSweeps: 9 }, answer: only(0, NXDOMAIN) }, 'broken record-missing/critical'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));
  test('says for how long and what was tried', () => {
    const facts = factsOf(sweeps(3), 'identity-unknown');
    expect(facts).toMatchObject({ reason: 'dns-unanswered', since: hoursAgo(1), sweeps: 4 });
    expect(facts?.detail).toContain('ns1.example.net (192.0.2.1): time-out');
  });
});

describe('target-unreadable', () => {
  const facts = { reason: 'denied', detail: 'x', identities: 3 } as const;
  test('a warning at first, critical after a day', () => {
    expect(targetUnreadable({ ...facts, since: NOW }, NOW).severity).toBe('warning');
    expect(targetUnreadable({ ...facts, since: hoursAgo(23.9) }, NOW).severity).toBe('warning');
    expect(targetUnreadable({ ...facts, since: hoursAgo(24) }, NOW).severity).toBe('critical');
    expect(targetUnreadable({ ...facts, since: 'nonsense' }, NOW).severity).toBe('warning');
  });
});

describe('what SES leaves out or has never said before', () => {
  test.each<[string, Scene, string]>([
    ['an unknown status', { ses: { status: 'UNKNOWN', statusText: 'SIDEWAYS' } }, 'unknown(not-read)'],
    ['no status at all', { ses: { status: 'UNKNOWN' }, history: never }, 'unknown(not-read)'],
    ['no domain name', { identity: { identity: 'exa mple' } }, 'healthy'],
    ['no usable domain', { identity: { identity: 'exa\u0007mple', domain: 'exa\u0007mple' as DnsName } }, 'unknown(no-expectation)'],
    ['DNS alone is judged for the command', { dnsOnly: true, ses: { status: 'UNKNOWN' }, history: never }, 'healthy'],
    [
      'DNS alone, a record missing',
      { dnsOnly: true, ses: { status: 'UNKNOWN' }, history: never, answer: only(0, NXDOMAIN) },
      'broken record-missing/warning',
    ],
    ['two tokens, both right', { identity: { tokens: ['a'.repeat(32), 'b'.repeat(32)] } }, 'healthy'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));
});
