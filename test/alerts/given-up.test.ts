// SES stops looking for records that are still missing: the same finding, but something else to do.
import { renderTelling } from '../../lambda/messages/render.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import type { IdentityResult } from '../../lambda/model/report.ts';
import { at, broken, events, finding, HOUR, input, report, result, sweep } from './build.ts';

const missing = finding('record-missing', 'warning', ['a']);
const withStatus = (status: IdentityResult['identity']['ses']['status'], ...more: readonly Finding[]) => {
  const one = result('a.com', broken(missing, ...more));
  return report([{ ...one, identity: { ...one.identity, ses: { ...one.identity.ses, status } } }]);
};

test('PENDING to FAILED while a record is missing is told as a change, once', () => {
  const opened = sweep(input([withStatus('PENDING')]));
  const failed = sweep(input([withStatus('FAILED')], { memory: opened.memory, now: at(HOUR) }));
  expect(events(failed.plan)).toEqual(['changed']);
  const [telling] = failed.plan.tellings;
  if (telling === undefined) throw new Error('a change was expected');
  expect(renderTelling(telling, at(HOUR)).email).toContain('Changed      SES has given up looking for the records (FAILED)');
  const again = sweep(input([withStatus('FAILED')], { memory: failed.memory, now: at(2 * HOUR) }));
  const started = sweep(input([withStatus('PENDING')], { memory: again.memory, now: at(3 * HOUR) }));
  expect([events(again.plan), events(started.plan)]).toEqual([[], []]);
});

test('a finding that says so is news enough', () => {
  const opened = sweep(input([withStatus('FAILED', finding('revoked'))]));
  expect(Object.values(opened.memory.alerts)[0]?.told?.points?.filter((point) => point.includes('given up'))).toEqual([]);
});
