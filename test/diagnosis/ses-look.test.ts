// SES's disagreement counts only if SES may have looked since DNS became right.
import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { nextHistory } from '../../lambda/diagnosis/history.ts';
import type { Evidence } from '../../lambda/model/evidence.ts';
import type { SesFacts } from '../../lambda/model/identity.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { evidence, hoursAgo, lookup, NXDOMAIN, only, type Scene } from './build.ts';
import { outcomeOf } from './say.ts';

const OLD_HOST = { role: 'authoritative', name: dnsName('ns.old.example'), address: '203.0.113.5' } as const;
const AT_OLD_HOST = {
  soa: { primaryNameServer: 'ns.old.example' },
} satisfies Partial<SesFacts>;
const sesSide = [lookup(OLD_HOST, `${'a'.repeat(32)}._domainkey.example.com`, 'TXT', NXDOMAIN)];

/** SES doubts; DNS has been right for some hours, and was seen wrong before. */
const doubting = (rightFor: number, ses: Partial<SesFacts> = {}, elsewhere = false): Scene => ({
  ses: { status: 'TEMPORARY_FAILURE', ...(elsewhere ? AT_OLD_HOST : {}), ...ses },
  history: { dnsRightSince: hoursAgo(rightFor) },
  ...(elsewhere ? { dns: { sesSide } } : {}),
});

const WAITING = 'healthy verification-pending/notice';
const CANNOT = 'broken ses-cannot-verify/warning';
const ELSEWHERE = 'broken zone-elsewhere/warning';

test.each<[string, Scene, string]>([
  ['SES looked before', doubting(2, { lastCheckedAt: hoursAgo(3) }), WAITING],
  ['SES looked as DNS was seen to become right', doubting(2, { lastCheckedAt: hoursAgo(2) }), WAITING],
  ['SES looked since', doubting(2, { lastCheckedAt: hoursAgo(1) }), CANNOT],
  ['SES looked before, elsewhere', doubting(2, { lastCheckedAt: hoursAgo(3) }, true), WAITING],
  ['SES looked since, elsewhere', doubting(2, { lastCheckedAt: hoursAgo(1) }, true), ELSEWHERE],
  ['a day has passed and SES still gives its old look', doubting(25, { lastCheckedAt: hoursAgo(26) }), CANNOT],
  ['a day has passed, elsewhere', doubting(25, { lastCheckedAt: hoursAgo(26) }, true), ELSEWHERE],
  ['when SES looked is unknown', doubting(2), CANNOT],
  ['when SES looked is unknown, elsewhere', doubting(2, {}, true), ELSEWHERE],
  ['when SES looked is unknown, and its word is older than the records', doubting(2, { readAt: hoursAgo(3) }), WAITING],
  ['when SES looked is nonsense', doubting(2, { lastCheckedAt: 'soon' }), CANNOT],
  ['since when DNS is right is nonsense', { ...doubting(2, { lastCheckedAt: hoursAgo(3) }), history: { dnsRightSince: 'then' } }, CANNOT],
  [
    'DNS was right when it was first seen: since when, nobody knows',
    { ...doubting(2, { lastCheckedAt: hoursAgo(3) }), history: { firstSeenAt: hoursAgo(2), dnsRightSince: hoursAgo(2) } },
    CANNOT,
  ],
  ['first sight', { ...doubting(2, { lastCheckedAt: hoursAgo(3) }), history: 'first-sight' }, CANNOT],
  ['DNS is wrong', { ...doubting(2, { lastCheckedAt: hoursAgo(3) }), answer: only(0, NXDOMAIN) }, 'broken record-missing/critical'],
])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

test.each<[string, number, string]>([
  ['before', 90, 'broken verification-overdue/warning'],
  ['since', 1, ELSEWHERE],
])('pending for too long, and SES looked elsewhere %s', (_, looked, said) => {
  const ses = { status: 'PENDING', lastCheckedAt: hoursAgo(looked), ...AT_OLD_HOST } as const;
  const history = { lastSuccessAt: hoursAgo(900), pendingSince: hoursAgo(80), dnsRightSince: hoursAgo(2) };
  expect(outcomeOf({ ses, history, dns: { sesSide } })).toBe(said);
});

test('a repair, sweep by sweep: lost, back, SES late, SES looks and agrees; or looks and does not', () => {
  const said: string[] = [];
  let history: Evidence['history'] = evidence().history;
  const sweep = (hour: number, ses: Partial<SesFacts>, lost: boolean): void => {
    const now = new Date(Date.parse(hoursAgo(0)) + hour * 3_600_000).toISOString();
    const scene: Scene = { ses: { readAt: now, ...ses }, ...(lost ? { answer: only(1, NXDOMAIN) } : {}) };
    const known = { ...evidence(scene), history, now };
    const diagnosis = diagnose(known);
    said.push([diagnosis.kind, ...diagnosis.findings.map(({ kind }) => kind)].join(' '));
    history = nextHistory(known, diagnosis);
  };
  const missed = { status: 'TEMPORARY_FAILURE', lastCheckedAt: hoursAgo(-1) } as const;
  sweep(2, missed, true);
  for (const hour of [3, 4, 9]) sweep(hour, missed, false);
  sweep(10, { ...missed, lastCheckedAt: hoursAgo(-9.5) }, false);
  sweep(11, { status: 'SUCCESS', lastCheckedAt: hoursAgo(-10.5) }, false);
  expect(said).toEqual([
    'broken record-missing',
    ...Array<string>(3).fill('healthy verification-pending'),
    'broken ses-cannot-verify',
    'healthy',
  ]);
});
