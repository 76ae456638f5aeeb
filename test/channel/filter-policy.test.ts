// Filter policies as SNS documents them: judged where they are simple, and left alone where they are not.
import { passesFilter } from '../../lambda/channel/filter-policy.ts';

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const ATTRIBUTES = {
  severity: text('critical'),
  event: text('opened'),
  account: text('111111111111'),
  region: { DataType: 'String.Array', StringValue: '["eu-west-1","us-east-1"]' },
};

const CASES: readonly [string, object, string][] = [
  ['a text', { severity: ['critical'] }, 'passes'],
  ['one of several texts', { severity: ['warning', 'critical'] }, 'passes'],
  ['another text', { severity: ['warning'] }, 'stopped by severity'],
  ['all names must match', { severity: ['critical'], event: ['recovered'] }, 'stopped by event'],
  ['an attribute that is not there', { team: ['web'] }, 'stopped by team'],
  ['a name of every object', { constructor: ['web'] }, 'stopped by constructor'],
  ['an array, by any of its values', { region: ['us-east-1'] }, 'passes'],
  ['an array, by none', { region: ['ap-south-1'] }, 'stopped by region'],
  ['prefix', { region: [{ prefix: 'eu-' }] }, 'passes'],
  ['another prefix', { region: [{ prefix: 'ap-' }] }, 'stopped by region'],
  ['suffix', { account: [{ suffix: '111' }] }, 'passes'],
  ['whatever the case', { severity: [{ 'equals-ignore-case': 'CRITICAL' }] }, 'passes'],
  ['anything but a text', { event: [{ 'anything-but': 'reminder' }] }, 'passes'],
  ['anything but this text', { event: [{ 'anything-but': ['opened', 'reminder'] }] }, 'stopped by event'],
  ['anything but one of an array', { region: [{ 'anything-but': ['eu-west-1'] }] }, 'passes'],
  ['anything but all of an array', { region: [{ 'anything-but': ['eu-west-1', 'us-east-1'] }] }, 'stopped by region'],
  ['anything but a prefix', { event: [{ 'anything-but': { prefix: 're' } }] }, 'passes'],
  ['anything but, of what is not there', { team: [{ 'anything-but': ['web'] }] }, 'stopped by team'],
  ['exists', { severity: [{ exists: true }] }, 'passes'],
  ['exists not', { severity: [{ exists: false }] }, 'stopped by severity'],
  ['exists not, and is not', { team: [{ exists: false }] }, 'passes'],
  ['a number', { account: [{ numeric: ['=', 1] }] }, 'not-simple'],
  ['a number, and what stops it anyway', { account: [{ numeric: ['=', 1] }], severity: ['warning'] }, 'stopped by severity'],
  ['a number or a text that fits', { account: [{ numeric: ['=', 1] }, '111111111111'] }, 'passes'],
  ['a network', { account: [{ cidr: '10.0.0.0/8' }] }, 'not-simple'],
  ['either, or', { $or: [{ severity: ['critical'] }, { event: ['opened'] }] }, 'not-simple'],
  ['nested', { detail: { severity: ['critical'] } }, 'not-simple'],
  ['a rule of two', { event: [{ prefix: 'o', suffix: 'd' }] }, 'not-simple'],
  ['anything but something odd', { event: [{ 'anything-but': { suffix: 'd' } }] }, 'not-simple'],
  ['nothing', {}, 'passes'],
];
test.each(CASES)('%s', (_title, policy, wanted) => {
  const passing = passesFilter(JSON.stringify(policy), ATTRIBUTES);
  expect(passing.kind === 'stopped' ? `stopped by ${passing.by}` : passing.kind).toBe(wanted);
});

test.each(['', '{', '[]', 'null', '"x"'])('what is no policy is not judged: %j', (policy) => {
  expect(passesFilter(policy, ATTRIBUTES)).toEqual({ kind: 'not-simple' });
});
