// One cause over many identities is one alert: it opens once, grows and shrinks in one thread, and ends once.
import { planAlerts } from '../../lambda/alerts/plan.ts';
import type { AlertMemory } from '../../lambda/model/alert.ts';
import type { IdentityResult } from '../../lambda/model/report.ts';
import type { Telling } from '../../lambda/model/telling.ts';
import { at, broken, DAY, events, finding, HOUR, healthy, input, introduced, report, result, sweep, target } from './build.ts';

const SERVERS = ['ns1.host.net', 'ns2.host.net'];
const MINUTE = 60_000;

/** `n` domains at one DNS host, of which those chosen have lost their records. */
function hosted(n: number, isLost: (i: number) => boolean, servers = (_: number): readonly string[] => SERVERS): readonly IdentityResult[] {
  return [...Array(n).keys()].map((i) =>
    result(`d${i}.com`, isLost(i) ? broken() : healthy, { zone: `d${i}.com`, nameServers: servers(i) }),
  );
}

const all = (): boolean => true;
const one = (results: readonly IdentityResult[], memory: AlertMemory, ms: number) =>
  sweep(input([report(results)], { memory, now: at(ms) }));
const start = introduced(target());
const groupOf = (telling: Telling | undefined) => (telling?.kind === 'summary' ? telling.group?.alert : undefined);

describe('a DNS host loses 3,000 domains', () => {
  const opened = one(
    hosted(3000, (i) => i < 2996),
    start,
    0,
  );

  test('one message, one alert', () => {
    expect(events(opened.plan)).toEqual(['one-cause:opened']);
    expect(groupOf(opened.plan.tellings[0])?.cause).toEqual({ by: 'servers', names: SERVERS, kind: 'record-missing' });
    expect(Object.values(opened.memory.alerts).map((a) => [a.affected.length, a.most])).toEqual([[2996, 2996]]);
    const decided = opened.plan.decisions.map(({ tell, reason }) => `${tell} ${reason}`);
    expect([new Set(decided).size, decided.filter((d) => d === 'true new').length]).toEqual([2, 1]);
    expect(new Set(decided)).toEqual(new Set(['false told-with-its-group', 'true new']));
  });

  test('it stays one through partial recovery, growth, a reminder and the end, in one thread', () => {
    const id = groupOf(opened.plan.tellings[0])?.id;
    const steps: readonly (readonly [number, (i: number) => boolean, readonly string[]])[] = [
      [5 * MINUTE, (i) => i < 2996, []],
      [10 * MINUTE, all, ['one-cause:changed']],
      [20 * MINUTE, (i) => i < 2000, []],
      [2 * HOUR, (i) => i < 40, ['one-cause:changed']],
      [3 * HOUR, (i) => i < 30, []],
      [4 * HOUR, (i) => i < 15, ['one-cause:changed']],
      [4 * HOUR + DAY, (i) => i < 15, ['one-cause:reminder']],
      [5 * HOUR + DAY, () => false, ['one-cause:recovered']],
      [6 * HOUR + DAY, () => false, []],
    ];
    let { memory } = opened;
    const ids = new Set<string>();
    for (const [ms, isLost, expected] of steps) {
      const done = one(hosted(3000, isLost), memory, ms);
      expect([ms / MINUTE, events(done.plan)]).toEqual([ms / MINUTE, expected]);
      memory = done.memory;
      for (const telling of done.plan.tellings) {
        expect(telling.kind === 'summary' && telling.alertId).toBe(id);
        ids.add(telling.messageId);
      }
    }
    expect(ids.size).toBe(5);
    expect(memory.alerts).toEqual({});
  });

  test('the same cause within a day is the same story', () => {
    const over = one(
      hosted(3000, () => false),
      opened.memory,
      HOUR,
    );
    const again = one(
      hosted(3000, (i) => i < 100),
      over.memory,
      2 * HOUR,
    );
    expect(events(again.plan)).toEqual(['one-cause:reopened']);
    expect(groupOf(again.plan.tellings[0])?.id).toBe(groupOf(opened.plan.tellings[0])?.id);
    const later = one(
      hosted(3000, (i) => i < 100),
      over.memory,
      HOUR + DAY + 1,
    );
    expect(groupOf(later.plan.tellings[0])?.id).not.toBe(groupOf(opened.plan.tellings[0])?.id);
  });

  test('what cannot be judged keeps it open, and one that is deleted leaves it quietly', () => {
    const silent = hosted(3000, () => false).map((r, i) => (i === 7 ? { ...r, panel: false } : r));
    const waits = one(silent, opened.memory, 2 * HOUR);
    expect(events(waits.plan)).toEqual([]);
    expect(Object.values(waits.memory.alerts)).toHaveLength(1);
    const without = one(
      hosted(3000, () => false).filter((_, i) => i !== 7),
      opened.memory,
      2 * HOUR,
    );
    expect(events(without.plan)).toEqual(['one-cause:recovered']);
  });

  test('a message that could not be published is tried again under the same id, with all of them', () => {
    const first = planAlerts(input([report(hosted(3000, all))], { memory: start }));
    const second = planAlerts(input([report(hosted(3000, all))], { memory: first.memoryBefore, now: at(5 * MINUTE) }));
    expect(events(second)).toEqual(['one-cause:opened']);
    expect(second.tellings[0]?.messageId).toBe(first.tellings[0]?.messageId);
  });

  test('a trickle is told once an hour after the first messages', () => {
    let { memory } = one(
      hosted(400, (i) => i < 100),
      start,
      0,
    );
    const told: number[] = [];
    for (let k = 1; k <= 36; k++) {
      const done = one(
        hosted(400, (i) => i < 100 + k),
        memory,
        k * 5 * MINUTE,
      );
      memory = done.memory;
      if (done.plan.tellings.length > 0) told.push(k * 5);
    }
    expect(told).toEqual([5, 10, 70, 130]);
  });
});

describe('what makes a group', () => {
  const apart = (i: number): readonly string[] => [`ns.h${i}.net`];
  const unbraked: AlertMemory = { ...start, brakedLastSweep: true };
  const opened = (results: readonly IdentityResult[]): readonly string[] =>
    one(results, unbraked, 0).plan.tellings.map((telling) => {
      const group = groupOf(telling);
      return group === undefined ? telling.event : `${group.cause?.by} ${group.affected.length}`;
    });
  const numbered = (n: number, make: (i: number) => IdentityResult) => [...Array(n).keys()].map(make);

  test.each<readonly [string, readonly IdentityResult[], readonly string[]]>([
    ['four domains on the same servers are four', hosted(4, all), Array(4).fill('opened')],
    ['five are one', hosted(5, all), ['servers 5']],
    ['two in one zone are two', numbered(2, (i) => result(`d${i}.a.com`, broken(), { zone: 'a.com' })), Array(2).fill('opened')],
    ['three in one zone are one', numbered(3, (i) => result(`d${i}.a.com`, broken(), { zone: 'a.com', nameServers: SERVERS })), ['zone 3']],
    [
      'a family of replicas is one alert already',
      ['us-east-1', 'eu-west-1', 'us-west-2'].map((region) =>
        result('a.com', broken(), { zone: 'a.com', region, method: region === 'us-east-1' ? 'easy' : 'deed' }),
      ),
      ['opened'],
    ],
    [
      'Route 53 gives every zone servers of its own',
      hosted(6, all, (i) => [`ns-${i}.awsdns-0${i}.com`, `ns-1${i}.awsdns-1${i}.co.uk`]),
      ['provider 6'],
    ],
    [
      'DMARC, which differs from domain to domain, does not split them',
      numbered(6, (i) =>
        result(`d${i}.com`, i % 2 ? broken() : broken(finding(), finding('dmarc-at-risk')), { zone: `d${i}.com`, nameServers: SERVERS }),
      ),
      ['servers 6'],
    ],
    [
      'different troubles on the same servers are different causes',
      numbered(10, (i) =>
        result(`d${i}.com`, broken(finding(i < 5 ? 'record-missing' : 'key-malformed')), { zone: `d${i}.com`, nameServers: SERVERS }),
      ),
      ['servers 5', 'servers 5'],
    ],
    [
      'what SES alone says belongs to the account, wherever the DNS is',
      numbered(6, (i) => result(`d${i}.com`, broken(finding('signing-disabled')), { zone: `d${i}.com`, nameServers: apart(i) })),
      ['account 6'],
    ],
    ['six at six hosts are six', hosted(6, all, apart), Array(6).fill('opened')],
    ['eleven at eleven hosts are one message', hosted(11, all, apart), ['several 11']],
    ['a host and ten others are a group and a rest', hosted(16, all, (i) => (i < 6 ? SERVERS : apart(i))), ['servers 6', 'several 10']],
    [
      '3,000 at 300 hosts are three messages',
      hosted(3000, all, (i) => [`ns.h${i < 1000 ? 0 : i < 1500 ? 1 : i % 300}.net`]),
      ['several 1490', 'servers 1005', 'servers 505'].sort(),
    ],
  ])('%s', (_, results, expected) => {
    expect([...opened(results)].sort()).toEqual([...expected].sort());
  });

  test('a domain that breaks for the same reason within a day joins; a day later, or for another reason, it has its own alert', () => {
    const { memory } = one(
      hosted(20, (i) => i < 10),
      start,
      0,
    );
    const joins = one(
      hosted(20, (i) => i < 11),
      memory,
      HOUR,
    );
    expect(events(joins.plan)).toEqual(['one-cause:changed']);
    expect(
      events(
        one(
          hosted(20, (i) => i < 11),
          joins.memory,
          2 * HOUR,
        ).plan,
      ),
    ).toEqual([]);
    const other = hosted(20, (i) => i < 10).map((r, i) => (i === 15 ? { ...r, diagnosis: broken(finding('key-malformed')) } : r));
    expect(events(one(other, memory, HOUR).plan)).toEqual(['opened']);
    const late = one(
      hosted(20, (i) => i < 11),
      memory,
      DAY + HOUR,
    );
    expect([...events(late.plan)].sort()).toEqual(['one-cause:reminder', 'opened']);
  });

  test('a member that is muted meanwhile leaves; if all are muted it is quiet, and ends quietly', () => {
    const { memory } = one(hosted(10, all), start, 0);
    const mute = (identity: string) => ({ policy: { ...input([]).policy, mute: [{ identity }] } });
    const some = sweep(input([report(hosted(10, all))], { memory, now: at(DAY), ...mute('d3.com') }));
    expect(Object.values(some.memory.alerts).map((a) => a.affected.length)).toEqual([9]);
    const quiet = sweep(input([report(hosted(10, all))], { memory, now: at(DAY), ...mute('*.com') }));
    expect(events(quiet.plan)).toEqual([]);
    const over = sweep(input([report(hosted(10, () => false))], { memory: quiet.memory, now: at(2 * DAY), ...mute('*.com') }));
    expect([events(over.plan), over.memory.alerts]).toEqual([[], {}]);
  });
});
