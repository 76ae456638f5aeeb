import type { GapReason } from '../../lambda/model/identity.ts';
import { at, DAY, events, finding, HOUR, input, introduced, report, result, sweep, target } from './build.ts';

const REGIONS = ['us-east-1', 'eu-west-1', 'us-west-2'];

interface Refused {
  readonly account: string;
  readonly region: string;
  readonly reason?: GapReason;
  readonly detail?: string;
}

const refusedIn = (account: string, regions = REGIONS, reason: GapReason = 'role-refused'): readonly Refused[] =>
  regions.map((region) => ({ account, region, reason }));

/** A sweep in which these could not be read; everybody had a first summary long ago. */
function refused(all: readonly Refused[], more: Parameters<typeof input>[1] = {}) {
  const reports = all.map(({ account, region, reason = 'role-refused', detail = 'No.' }) => ({
    ...report([], { inventoryComplete: false, gap: { reason, detail } }),
    ...target(region, account),
  }));
  const targetFindings = all.map(({ account, region, reason = 'role-refused', detail = 'No.' }) => ({
    targets: [target(region, account)],
    finding: {
      ...finding('target-unreadable', 'warning'),
      facts: { reason, detail, since: at(0), identities: 0 },
    } as ReturnType<typeof finding>,
  }));
  return input(reports, { targetFindings, memory: introduced(...reports), ...more });
}

const sizes = (given: ReturnType<typeof sweep>): readonly number[] =>
  given.plan.tellings.map((t) => (t.kind === 'summary' ? t.alerts.length : 1));

describe('one account is one cause', () => {
  const all = refusedIn('222222222222');

  test('three regions that refuse alike are one message, from the first word to the last', () => {
    const opened = sweep(refused(all));
    expect(events(opened.plan)).toEqual(['many-at-once:opened']);
    expect(Object.values(opened.memory.alerts).every((a) => a.told !== undefined)).toBe(true);
    const quiet = sweep(refused(all, { memory: opened.memory, now: at(HOUR) }));
    expect(events(quiet.plan)).toEqual([]);
    const reminded = sweep(refused(all, { memory: quiet.memory, now: at(DAY) }));
    expect(events(reminded.plan)).toEqual(['many-at-once:reminder']);
    const readable = all.map(({ account, region }) => ({
      ...report([result('a.com', undefined, { region, account })]),
      ...target(region, account),
    }));
    const well = sweep(input(readable, { memory: reminded.memory, now: at(DAY + HOUR) }));
    expect(events(well.plan)).toEqual(['many-at-once:recovered']);
    expect(well.memory.alerts).toEqual({});
  });

  test('the same message is tried again under the same id', () => {
    const first = sweep(refused(all));
    const again = sweep(refused(all, { memory: first.plan.memoryBefore, now: at(HOUR) }));
    expect(again.plan.tellings[0]?.messageId).toBe(first.plan.tellings[0]?.messageId);
  });

  test.each<readonly [string, readonly Refused[], readonly number[]]>([
    ['one region of one account', refusedIn('222222222222', ['us-east-1']), [1]],
    [
      'one account for two reasons',
      [...refusedIn('222222222222', ['us-east-1', 'eu-west-1']), ...refusedIn('222222222222', ['us-west-2'], 'throttled')],
      [2, 1],
    ],
    [
      'our own damaged memory beside a failure of SES',
      [
        { account: '2', region: 'us-east-1', reason: 'error', detail: 'What the monitor remembers of this target is damaged: x' },
        { account: '2', region: 'eu-west-1', reason: 'error', detail: 'SES answered 500.' },
      ],
      [1, 1],
    ],
    ['three accounts', ['2', '3', '4'].flatMap((a) => refusedIn(a)), [3, 3, 3]],
    ['four accounts, for one reason', ['2', '3', '4', '5'].flatMap((a) => refusedIn(a)), [12]],
    ['four accounts with one region each', ['2', '3', '4', '5'].flatMap((a) => refusedIn(a, ['us-east-1'])), [4]],
    [
      'four accounts for two reasons',
      ['2', '3', '4', '5'].flatMap((a, i) => refusedIn(a, REGIONS, i < 2 ? 'denied' : 'error')),
      [3, 3, 3, 3],
    ],
    ['an organisation of 300 accounts', [...Array(300).keys()].flatMap((i) => refusedIn(`${i}`)), [900]],
  ])('%s', (_, given, expected) => {
    expect(sizes(sweep(refused(given)))).toEqual(expected);
  });

  test('what is broken is told apart from what cannot be read', () => {
    const broken = { ...report([result('a.com', { kind: 'broken', findings: [finding()] })]), ...target('us-east-1', '333333333333') };
    const given = refused(all);
    const plan = sweep({
      ...given,
      reports: [...given.reports, broken],
      configuredTargets: [...given.configuredTargets, broken],
      memory: introduced(...given.reports, broken),
    });
    expect(events(plan.plan)).toEqual(['opened', 'many-at-once:opened']);
  });
});
