// What an alert keeps of its findings, and what of them is news.
import { pointsOf } from '../../lambda/alerts/facts.ts';
import { broken, finding, input, report, result, sweep } from './build.ts';

test('what is remembered of an alert is small, however much was asked', () => {
  const [lookup] = finding().evidence;
  const lost = {
    ...finding('record-missing', 'critical', ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)]),
    evidence: Array(20).fill(lookup),
  };
  const { memory } = sweep(input([report([result('a.com', broken(lost))])]));
  const [remembered] = Object.values(memory.alerts);
  expect(JSON.stringify(remembered)).not.toContain('192.0.2.1');
  expect(JSON.stringify(remembered).length).toBeLessThan(2500);
});

test('each record of a trouble is a fact, but not which of them cannot be judged', () => {
  const subject = { account: '1', region: 'r', identity: 'a.com', type: 'domain', method: 'easy', status: 'SUCCESS', readAt: '' } as const;
  const points = (...findings: readonly ReturnType<typeof finding>[]) => pointsOf({ affected: [{ subject, findings }] });
  expect(points(finding('record-missing', 'critical', ['a', 'b']))).toEqual([
    '1/r/a.com record-missing a._domainkey.example.com',
    '1/r/a.com record-missing b._domainkey.example.com',
  ]);
  expect(points(finding('identity-unknown', 'warning', ['a', 'b']))).toEqual(['1/r/a.com identity-unknown']);
});
