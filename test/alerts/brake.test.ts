import { broken, events, finding, healthy, input, introduced, POLICY, reasons, report, result, sweep, target } from './build.ts';

/** `bad` of `all` identities broken, each with its own zone and servers unless said otherwise. */
const estate = (bad: number, all: number, where: (i: number) => { zone?: string; nameServers?: readonly string[] } = () => ({})) =>
  report(
    [...Array(all).keys()].map((i) =>
      result(`d${i}.com`, i < bad ? broken() : healthy, { zone: `d${i}.com`, nameServers: [`ns.d${i}.com`], ...where(i) }),
    ),
  );

const held = (given: Parameters<typeof input>[0], more: Parameters<typeof input>[1] = {}): boolean =>
  sweep(input(given, more)).plan.brake.held;

describe('the run-wide brake', () => {
  test.each([
    ['five of a hundred', 5, 100, true],
    ['four of ten: too few', 4, 10, false],
    ['five of three hundred: under two per cent', 5, 300, false],
    ['all of ten', 10, 10, true],
  ])('%s', (_name, bad, all, expected) => {
    expect(held([estate(bad, all)])).toBe(expected);
  });

  test('an early check looks at what events named: that all of it is broken is no reason to doubt our own eyes, but a failed control name is', () => {
    expect(held([estate(10, 10)], { early: true })).toBe(false);
    expect(held([estate(1, 1)], { early: true, controlFailed: true })).toBe(true);
  });

  test('an early check takes no turn of the sweeps: it waits each time while the control name fails, and the next sweep still waits once', () => {
    const early = sweep(input([estate(1, 1)], { early: true, controlFailed: true }));
    expect(early.memory.brakedLastSweep).toBe(false);
    expect(held([estate(1, 1)], { early: true, controlFailed: true, memory: early.memory })).toBe(true);
    const whole = sweep(input([estate(1, 1)], { controlFailed: true, memory: early.memory }));
    expect(whole.plan.brake.held).toBe(true);
    expect(held([estate(1, 1)], { early: true, controlFailed: true, memory: whole.memory })).toBe(true);
    expect(held([estate(1, 1)], { controlFailed: true, memory: whole.memory })).toBe(false);
  });

  test('a common zone, name-server set or single name server explains', () => {
    expect(held([estate(8, 100, (i) => (i < 8 ? { zone: 'shared.com' } : {}))])).toBe(false);
    expect(held([estate(8, 100, (i) => (i < 8 ? { nameServers: ['ns1.host.net', `ns${i}.host.net`] } : {}))])).toBe(false);
  });

  test('a hoster that explains half of a random failure does not explain the rest', () => {
    expect(held([estate(20, 100, (i) => (i % 2 === 0 ? { nameServers: ['ns1.host.net'] } : {}))])).toBe(true);
  });

  test('an account explains only if others are well and most of it is not', () => {
    const other = (bad: number) => ({
      ...report(
        [...Array(40).keys()].map((i) => result(`o${i}.com`, i < bad ? broken() : healthy, { account: '222222222222', zone: `o${i}.com` })),
      ),
      ...target('us-east-1', '222222222222'),
    });
    expect(held([estate(0, 100), other(30)])).toBe(false);
    expect(held([estate(0, 100), other(10)])).toBe(true);
    expect(held([estate(80, 100)])).toBe(true);
  });

  test('holds new alerts for one sweep and never twice in a row', () => {
    const first = sweep(input([estate(5, 100)]));
    expect(events(first.plan)).toEqual([]);
    expect(new Set(reasons(first.plan))).toEqual(new Set(['held-by-brake']));
    expect(first.memory.brakedLastSweep).toBe(true);
    const second = sweep(input([estate(10, 100)], { memory: first.memory }));
    expect(second.plan.brake.held).toBe(false);
    expect(events(second.plan)).toEqual(Array(10).fill('opened'));
  });

  test('what was held and is well again was never told', () => {
    const first = sweep(input([estate(5, 100)]));
    const second = sweep(input([estate(0, 100)], { memory: first.memory }));
    expect(events(second.plan)).toEqual([]);
    expect(second.memory.alerts).toEqual({});
  });

  test('open, muted and too mild troubles do not count', () => {
    const { memory } = sweep(input([estate(4, 100)]));
    expect(held([estate(6, 100)], { memory })).toBe(false);
    expect(held([estate(6, 100)], { policy: { ...POLICY, mute: [{ identity: 'd0.com' }, { identity: 'd1.com' }] } })).toBe(false);
    const mild = report([...Array(9).keys()].map((i) => result(`d${i}.com`, broken(finding('record-missing', 'warning')))));
    expect(held([mild], { policy: { ...POLICY, minimumSeverity: 'critical' } })).toBe(false);
  });

  test('what is broken at first sight has not turned bad', () => {
    const given = estate(20, 100);
    const { plan } = sweep(input([given], { memory: introduced() }));
    expect(plan.brake.held).toBe(false);
    expect(events(plan)).toEqual(['first-sweep:opened']);
  });

  test('a failed control name holds even one new alert, and the first summary with it', () => {
    const one = estate(1, 100);
    expect(held([one], { controlFailed: true })).toBe(true);
    expect(held([estate(0, 100)], { controlFailed: true })).toBe(false);
    const fresh = sweep(input([one], { controlFailed: true, memory: introduced() }));
    expect(events(fresh.plan)).toEqual([]);
    expect(events(sweep(input([one], { controlFailed: true, memory: fresh.memory })).plan)).toEqual(['first-sweep:opened']);
  });

  test('a target that cannot be read is told all the same', () => {
    const targetFindings = [{ targets: [target('eu-west-1')], finding: finding('target-unreadable', 'warning') }];
    const given = [estate(9, 100), { ...report([]), ...target('eu-west-1') }];
    const { plan } = sweep(input(given, { targetFindings }));
    expect(plan.brake.held).toBe(true);
    expect(events(plan)).toEqual(['opened']);
  });
});
