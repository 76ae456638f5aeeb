// Properties of the alerts over random histories of sweeps, with lost publishes and crashes.
import fc from 'fast-check';
import { planAlerts } from '../../lambda/alerts/plan.ts';
import { applyTold } from '../../lambda/alerts/told.ts';
import { type AlertMemory, isUnjudgedKey } from '../../lambda/model/alert.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { IdentityResult, TargetReport } from '../../lambda/model/report.ts';
import type { Telling } from '../../lambda/model/telling.ts';
import { at, blind, broken, finding, HOUR, healthy, input, POLICY, report, result, START, target, unknown } from './build.ts';

const STATES = ['well', 'well-quick', 'missing', 'mild', 'other', 'doomed', 'unknown', 'blind', 'absent', 'unread'] as const;
type State = (typeof STATES)[number];
type Fault = 'none' | 'publish-fails' | 'crash-before-remembering' | 'crash-before-publishing';

interface Step {
  readonly minutes: number;
  readonly states: readonly [State, State];
  readonly complete: boolean;
  readonly listening: boolean;
  readonly fault: Fault;
}

const diagnoses: Readonly<Record<string, Diagnosis>> = {
  missing: broken(finding('record-missing', 'critical', ['a'])),
  mild: broken(finding('record-missing', 'warning', ['a'])),
  other: broken(finding('record-missing', 'critical', ['a', 'b']), finding('signing-disabled', 'warning')),
  // With deadlines within the reach of a history.
  doomed: broken({
    ...finding('record-missing', 'critical', ['a']),
    deadlines: [
      { name: 'sending-lost', at: at(30 * HOUR), estimated: true },
      { name: 'signing-lost', at: at(80 * HOUR), estimated: true },
    ],
  }),
  unknown: unknown(),
  // Longer than any history steps back.
  blind: blind(at(-1e9)),
};

function reportOf({ states, complete }: Pick<Step, 'states' | 'complete'>): TargetReport {
  const results: IdentityResult[] = [];
  const unread: TargetReport['unread'][number][] = [];
  states.forEach((state, i) => {
    const name = `d${i}.com`;
    if (state === 'unread') unread.push({ identity: name, type: 'domain', reason: 'throttled', detail: '' });
    else if (state !== 'absent') results.push(result(name, diagnoses[state] ?? healthy, { panel: state !== 'well-quick' }));
  });
  return report(results, { unread, inventoryComplete: complete });
}

interface Heard {
  readonly step: number;
  readonly telling: Extract<Telling, { kind: 'alert' }>;
  /** False if it was published and then forgotten by a crash. */
  readonly remembered: boolean;
}

/** Plays a history as the story does: memory first, then publish and remember one by one, faults included. */
function play(steps: readonly Step[]): { readonly heard: readonly Heard[]; readonly memories: readonly AlertMemory[] } {
  let { memory } = input([report([])]);
  const heard: Heard[] = [];
  const memories: AlertMemory[] = [memory];
  let now = 0;
  steps.forEach((step, index) => {
    now += step.minutes * 60_000;
    const plan = planAlerts(
      input([reportOf(step)], {
        memory,
        configuredTargets: [target()],
        now: at(now),
        audience: { kind: 'known', confirmed: step.listening ? 1 : 0 },
      }),
    );
    memory = plan.memoryBefore;
    for (const telling of step.fault === 'crash-before-publishing' ? [] : plan.tellings) {
      if (step.fault === 'publish-fails') continue;
      if (telling.kind !== 'alert') throw new Error('two identities of a known target make no summary');
      const crashed = step.fault === 'crash-before-remembering';
      heard.push({ step: index, telling, remembered: !crashed });
      if (crashed) break;
      memory = applyTold(memory, telling, telling, at(now));
    }
    memories.push(memory);
  });
  return { heard, memories };
}

const state = fc.constantFrom(...STATES);
const stepWith = (fault: fc.Arbitrary<Fault>): fc.Arbitrary<Step> =>
  fc.record({
    minutes: fc.oneof({ arbitrary: fc.constantFrom(5, 5, 60, 1500), weight: 8 }, { arbitrary: fc.constant(-600), weight: 1 }),
    states: fc.tuple(state, state),
    complete: fc.boolean(),
    listening: fc.oneof({ arbitrary: fc.constant(true), weight: 5 }, { arbitrary: fc.constant(false), weight: 1 }),
    fault,
  });
const smooth = fc.array(stepWith(fc.constant('none')), { maxLength: 30 });
const rough = fc.array(stepWith(fc.constantFrom('none', 'none', 'publish-fails', 'crash-before-remembering', 'crash-before-publishing')), {
  maxLength: 30,
});
const runs = { numRuns: 300 };

const times = (steps: readonly Step[]): readonly number[] => {
  let now = 0;
  return steps.map((step) => {
    now += step.minutes * 60_000;
    return now;
  });
};

describe('over any history', () => {
  test('an end is told once, and only of what was told to have begun', () => {
    fc.assert(
      fc.property(smooth, (steps) => {
        const lives = new Map<string, string[]>();
        for (const { telling } of play(steps).heard) lives.set(telling.alert.id, [...(lives.get(telling.alert.id) ?? []), telling.event]);
        for (const events of lives.values()) {
          expect(events[0]).toBe('opened');
          expect(events.filter((e) => e === 'opened')).toHaveLength(1);
          // Nothing follows an end but its coming back, and nothing comes back that had no end.
          expect(events.slice(0, -1)).not.toContain('expired');
          events.forEach((event, i) => {
            expect([event, events[i - 1] === 'recovered']).toEqual([event, event === 'reopened']);
          });
        }
      }),
      runs,
    );
  });

  test('nothing is told twice within the reminder interval unless a fact is new', () => {
    fc.assert(
      fc.property(smooth, (steps) => {
        const when = times(steps);
        const last = new Map<string, number>();
        for (const { step, telling } of play(steps).heard) {
          const now = when[step] ?? 0;
          const before = last.get(telling.alert.id);
          if (telling.event === 'reminder') expect(now - (before ?? 0)).toBeGreaterThanOrEqual(POLICY.remindEveryMs);
          last.set(telling.alert.id, now);
        }
        // At most opened, three changes (severity, record, kind) and one end between two reminders, for each life.
        const changes = new Map<string, number>();
        for (const { telling } of play(steps).heard) {
          const known = telling.event === 'reminder' ? 0 : (changes.get(telling.alert.id) ?? 0) + (telling.event === 'changed' ? 1 : 0);
          changes.set(telling.alert.id, known);
          expect(known).toBeLessThanOrEqual(3);
        }
      }),
      runs,
    );
  });

  test('an escalation is about the nearest deadline, and is told once at each threshold', () => {
    let met = 0;
    fc.assert(
      fc.property(smooth, (steps) => {
        const seen = new Set<string>();
        const when = times(steps);
        // A clock that steps back may pass a threshold twice; the message before it is then of the future.
        fc.pre(steps.every(({ minutes }) => minutes > 0));
        for (const { step, telling } of play(steps).heard) {
          if (telling.event !== 'escalated') continue;
          met += 1;
          const { clock, alert } = telling;
          expect(clock).toBeDefined();
          const left = Date.parse(clock?.at ?? '') - Date.parse(at(when[step] ?? 0));
          expect(left).toBeLessThanOrEqual((clock?.within ?? 0) * HOUR);
          const name = `${alert.id} ${alert.reopened} ${clock?.name} ${clock?.within}`;
          expect(seen).not.toContain(name);
          seen.add(name);
        }
      }),
      { numRuns: 1000 },
    );
    expect(met).toBeGreaterThan(20);
  });

  test('one that came back is told to be over only after it stayed well', () => {
    let met = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(5, 30, 90), fc.constantFrom<State>('well', 'missing')), { maxLength: 40 }), (days) => {
        const steps = days.map(
          ([minutes, given]): Step => ({ minutes, states: [given, 'absent'], complete: false, listening: true, fault: 'none' }),
        );
        const when = times(steps);
        for (const { step, telling } of play(steps).heard) {
          if (telling.event !== 'recovered' || telling.alert.reopened === undefined) continue;
          met += 1;
          const since =
            steps
              .slice(0, step)
              .map(({ states }) => states[0])
              .lastIndexOf('missing') + 1;
          expect((when[step] ?? 0) - (when[since] ?? 0)).toBeGreaterThanOrEqual(HOUR);
        }
      }),
      { numRuns: 1500 },
    );
    expect(met).toBeGreaterThan(20);
  });

  test('unknown opens and closes nothing; it escalates what was told and has deadlines', () => {
    let met = 0;
    fc.assert(
      fc.property(rough, fc.boolean(), fc.constantFrom<State>('unknown', 'unread', 'absent'), (steps, listening, blind) => {
        const before = play(steps).memories.at(-1);
        const step: Step = { minutes: 3000, states: [blind, blind], complete: blind !== 'absent', listening, fault: 'none' };
        const plan = planAlerts(
          input([reportOf(step)], { memory: before ?? input([]).memory, configuredTargets: [target()], now: at(1e10) }),
        );
        const told = plan.tellings.flatMap((telling) => (telling.kind === 'alert' ? [telling] : []));
        expect(told).toHaveLength(plan.tellings.length);
        expect(told.map(({ event }) => event)).toEqual(told.map(() => 'escalated'));
        met += told.length;
        const escalated = new Set(told.map(({ alert }) => alert.key));
        for (const { alert } of told)
          expect([alert.told === undefined, alert.closing, alert.wellSince]).toEqual([false, undefined, undefined]);
        const others = (alerts: AlertMemory['alerts'] = {}) => Object.entries(alerts).filter(([key]) => !escalated.has(key));
        expect(Object.keys(plan.memoryBefore.alerts)).toEqual(Object.keys(before?.alerts ?? {}));
        expect(others(plan.memoryBefore.alerts)).toEqual(others(before?.alerts));
        for (const key of escalated) expect(plan.memoryBefore.alerts[key]).toEqual({ ...before?.alerts[key], unseen: expect.anything() });
      }),
      runs,
    );
    expect(met).toBeGreaterThan(5);
  });

  test('what cannot be judged changes nothing about what is broken', () => {
    fc.assert(
      fc.property(smooth, (steps) => {
        const without = steps.map((step) => ({
          ...step,
          states: step.states.map((s) => (s === 'blind' ? 'unknown' : s)) as [State, State],
        }));
        const told = (given: readonly Step[]) =>
          play(given).heard.flatMap(({ step, telling }) => (isUnjudgedKey(telling.alert.key) ? [] : [[step, telling.messageId]]));
        expect(told(steps)).toEqual(told(without));
      }),
      runs,
    );
  });

  test('a sweep played again tells nothing new', () => {
    fc.assert(
      fc.property(smooth, fc.tuple(state, state), fc.boolean(), (steps, states, complete) => {
        const extra: Step = { minutes: 5, states, complete, listening: true, fault: 'none' };
        const again: Step = { ...extra, minutes: 0 };
        const once = play([...steps, extra]).heard.length;
        expect(play([...steps, extra, again]).heard.length).toBe(once);
      }),
      runs,
    );
  });

  test('what is gone from a complete listing closes once and leaves nothing', () => {
    fc.assert(
      fc.property(rough, (steps) => {
        const gone: Step = { minutes: 5, states: ['absent', 'absent'], complete: true, listening: true, fault: 'none' };
        const { heard, memories } = play([...steps, gone, gone]);
        expect(memories.at(-1)?.alerts).toEqual({});
        expect(heard.filter((h) => h.step > steps.length)).toEqual([]);
      }),
      runs,
    );
  });

  test('a crash repeats at most the one message it interrupted, under the same id; nothing is lost', () => {
    fc.assert(
      fc.property(rough, (steps) => {
        const { heard } = play(steps);
        const remembered = heard.filter((h) => h.remembered).map((h) => h.telling.messageId);
        expect(new Set(remembered).size).toBe(remembered.length);
      }),
      runs,
    );
    // The same trouble, seen again after each kind of fault, is told under the id that it had before.
    for (const fault of ['publish-fails', 'crash-before-remembering', 'crash-before-publishing'] as const) {
      const step: Step = { minutes: 5, states: ['missing', 'well'], complete: true, listening: true, fault: 'none' };
      const { heard } = play([{ ...step, fault }, step, step]);
      const ids = new Set(heard.map((h) => h.telling.messageId));
      expect([fault, heard.length, ids.size]).toEqual([fault, fault === 'crash-before-remembering' ? 2 : 1, 1]);
    }
    expect(START).toBe(at(0));
  });

  test('whatever was broken in the last two sweeps has been told if anybody listens', () => {
    fc.assert(
      fc.property(rough, (steps) => {
        const last: Step = { minutes: 5, states: ['missing', 'other'], complete: true, listening: true, fault: 'none' };
        const alerts = Object.values(play([...steps, last, last]).memories.at(-1)?.alerts ?? {});
        expect(alerts.map((a) => [a.key.split('/')[2], a.told !== undefined])).toEqual(
          expect.arrayContaining([
            ['d0.com', true],
            ['d1.com', true],
          ]),
        );
      }),
      runs,
    );
  });
});
