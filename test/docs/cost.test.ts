// docs/cost.md: it is current, it charges for what the template deploys and the sweeps send, and small estates are under a dollar.
import { readFileSync } from 'node:fs';
import { measuredEstate, readMeasured } from '../../bench/estate/measured.ts';
import { type Amounts, amountsOf, billOf, grown, totalOf } from '../../scripts/cost/bill.ts';
import { type Item, PRICES } from '../../scripts/cost/prices.ts';
import { costPage } from '../../scripts/generate-cost-doc.ts';
import { monitorStack, TemplateView } from '../lib/stacks.ts';

const measured = readMeasured();
const small = measuredEstate(measured, '20 in 1');
const thousand = measuredEstate(measured, '1000 in 1');

/** A month in which one thing is used so many times, and nothing else. */
const only = (item: Item, amount: number): Amounts => ({
  ...(Object.fromEntries(Object.keys(PRICES).map((name) => [name, 0])) as unknown as Amounts),
  [item]: amount,
});

test('the page is what the counts and the prices give', () => {
  expect(readFileSync('docs/cost.md', 'utf8')).toBe(costPage());
});

test('small estates stay small: under a dollar a month with what AWS gives for good', () => {
  expect(totalOf(billOf(amountsOf(small), { free: true }))).toBeLessThan(1);
});

test('it charges for every alarm and dashboard that is deployed', () => {
  const view = new TemplateView(monitorStack());
  const { alarms, dashboards } = amountsOf(small);
  expect(alarms).toBe(Object.keys(view.resources('AWS::CloudWatch::Alarm')).length);
  expect(dashboards).toBe(Object.keys(view.resources('AWS::CloudWatch::Dashboard')).length);
  expect(view.resources('AWS::StepFunctions::StateMachine')).toEqual({});
});

test('it charges for every metric that a quiet sweep sent', () => {
  expect(amountsOf(small).metrics).toBe(small.dns.metrics.length);
});

test('requests of a month: a sweep each five minutes, and SES read in each hour', () => {
  const { s3Writes, lambdaRequests } = amountsOf(small);
  expect(lambdaRequests).toBe(8640);
  expect(s3Writes).toBe(7920 * small.dns.s3Writes + 720 * small.refresh.s3Writes);
});

test.each([
  ['s3Writes', 1000, 0.005, 0.005],
  ['alarms', 11, 1.1, 0.1],
  ['metrics', 2, 0.6, 0],
  ['trafficOut', 150, 13.5, 4.5],
  ['dashboards', 1, 0, 0],
] as const)('%s: %d are %d USD, and %d with what is free', (item, amount, without, free) => {
  expect(totalOf(billOf(only(item, amount), { free: false }))).toBeCloseTo(without, 6);
  expect(totalOf(billOf(only(item, amount), { free: true }))).toBeCloseTo(free, 6);
});

test('an estate grown to the size of the larger measured one has its counts', () => {
  const large = { ...thousand, identities: 10_000, dns: { ...thousand.dns, dnsQuestions: 30_000 } };
  expect(grown(thousand, 10_000, { small: thousand, large }).dns.dnsQuestions).toBe(30_000);
});
