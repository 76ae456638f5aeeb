import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { nextHistory } from '../../lambda/diagnosis/history.ts';
import type { IdentityHistory } from '../../lambda/model/evidence.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { evidence, hoursAgo, KEY, NOW, NXDOMAIN, only, type Scene, SERVFAIL, SILENT, TOKENS } from './build.ts';

const next = (scene: Scene): IdentityHistory => {
  const known = evidence(scene);
  return nextHistory(known, diagnose(known));
};
const missing = only(0, NXDOMAIN);
const blind = only('all', SILENT);

test('a healthy sweep remembers what it saw', () => {
  expect(next({ history: 'first-sight' })).toEqual({
    firstSeenAt: NOW,
    last: 'healthy',
    lastHealthyAt: NOW,
    lastSuccessAt: hoursAgo(0.5),
    signing: true,
    maySend: true,
    unknownSweeps: 0,
    dnsRightSince: NOW,
    lastRecords: TOKENS.map((token) => ({ name: `${token}._domainkey.example.com`, type: 'CNAME', value: `${token}.dkim.amazonses.com` })),
    lastNameServers: ['ns1.example.net', 'ns2.example.net'],
  });
});

test('a key is remembered as it was published', () => {
  expect(next({ method: 'byodkim' }).lastRecords).toEqual([
    { name: 's1._domainkey.example.com', type: 'TXT', value: `v=DKIM1; k=rsa; p=${KEY}` },
  ]);
});

const ABSENT = [dnsName(`${TOKENS[0]}._domainkey.example.com`)];

test('a confirmed absence begins a spell, keeps its beginning, and is not awaited again', () => {
  const first = next({ answer: missing });
  expect(first).toMatchObject({ brokenSince: NOW, absentSince: NOW, absentRecords: ABSENT, lastHealthyAt: hoursAgo(1 / 12) });
  expect(first.dnsRightSince).toBeUndefined();
  const second = next({
    answer: missing,
    rounds: 1,
    dns: { confirmed: true },
    history: { ...first, brokenSince: hoursAgo(2), absentSince: hoursAgo(1) },
  });
  expect(second).toMatchObject({ brokenSince: hoursAgo(2), absentSince: hoursAgo(1), absentRecords: ABSENT });
});

test('an unknown sweep ends no broken spell and forgets nothing', () => {
  const broken = { brokenSince: hoursAgo(2), absentSince: hoursAgo(2), absentRecords: ABSENT, dnsRightSince: hoursAgo(9) };
  expect(next({ answer: blind, history: broken })).toMatchObject({
    ...broken,
    unknownSince: NOW,
    unknownSweeps: 1,
    lastHealthyAt: hoursAgo(1 / 12),
  });
});

test('unknown sweeps are counted until one is not', () => {
  const counting = next({ answer: blind, history: { unknownSince: hoursAgo(1), unknownSweeps: 4 } });
  expect(counting).toMatchObject({ unknownSince: hoursAgo(1), unknownSweeps: 5 });
  const after = next({ history: counting });
  expect(after.unknownSweeps).toBe(0);
  expect(after.unknownSince).toBeUndefined();
});

test('healthy ends every spell', () => {
  const broken = {
    firstSeenAt: hoursAgo(1000),
    brokenSince: hoursAgo(2),
    absentSince: hoursAgo(2),
    absentRecords: ABSENT,
    unknownSweeps: 0,
  };
  const after = next({ onlyHistory: broken });
  expect(Object.keys(after)).not.toEqual(expect.arrayContaining(['brokenSince']));
  expect(after).toMatchObject({ lastHealthyAt: NOW, dnsRightSince: NOW });
  expect(after.absentRecords).toBeUndefined();
  expect(after.absentSince).toBeUndefined();
});

test('records and name servers stay as when all was well', () => {
  const lastRecords = next({}).lastRecords;
  expect(next({ answer: missing, history: { lastRecords: lastRecords ?? [] } }).lastRecords).toEqual(lastRecords);
});

test('a switch seen on stays remembered while it is off, so that the finding keeps its severity', () => {
  const off: Scene = { ses: { signing: false } };
  const first = next(off);
  expect(first.signing).toBe(true);
  expect(diagnose(evidence({ ...off, history: first })).findings[0]?.severity).toBe('critical');
  expect(next({ ...off, history: 'first-sight' }).signing).toBe(false);
});

test.each<[string, Scene, string | undefined]>([
  ['begins at the first sight of PENDING', { ses: { status: 'PENDING' } }, NOW],
  ['stays', { ses: { status: 'PENDING' }, history: { pendingSince: hoursAgo(5) } }, hoursAgo(5)],
  ['ends with SUCCESS', { history: { pendingSince: hoursAgo(5) } }, undefined],
])('the pending spell %s', (_, scene, expected) => {
  expect(next(scene).pendingSince).toBe(expected);
});

test.each<[string, Scene, string | undefined]>([
  ['goes on while right', { history: { dnsRightSince: hoursAgo(5) } }, hoursAgo(5)],
  ['goes on over a blind sweep', { answer: only('all', SERVFAIL), history: { dnsRightSince: hoursAgo(5) } }, hoursAgo(5)],
  ['ends with a missing record', { answer: missing, history: { dnsRightSince: hoursAgo(5) } }, undefined],
  ['ends with a suspected absence', { answer: missing, rounds: 1, history: { dnsRightSince: hoursAgo(5) } }, undefined],
])('DNS right since: %s', (_, scene, expected) => {
  expect(next(scene).dnsRightSince).toBe(expected);
});

test('a history survives JSON unchanged', () => {
  for (const scene of [{}, { answer: missing }, { answer: blind }] satisfies Scene[]) {
    const history = next(scene);
    expect(JSON.parse(JSON.stringify(history))).toEqual(history);
  }
});

test('a change on its way is given its time, then told', () => {
  const half = only(0, NXDOMAIN, { server: 1 });
  const soa: Scene['soa'] = (server) => ({
    kind: 'answer',
    aa: true,
    records: [{ type: 'SOA', name: 'example.com', ttl: 1, primary: 'ns1.example.net', serial: 9 - server, refresh: 7200, minimum: 1 }],
  });
  const first = next({ answer: half, soa });
  expect(first).toMatchObject({ unknownSince: NOW, unknownSweeps: 1 });
  expect(diagnose(evidence({ answer: half, soa, history: { ...first, unknownSince: hoursAgo(1.1) } })).kind).toBe('broken');
});
