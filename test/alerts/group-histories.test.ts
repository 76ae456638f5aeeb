// Random histories of groups: they grow, shrink, are muted, deleted, unseen, replayed, and the clock steps back; what always holds.
import fc from 'fast-check';
import { MAX_BYTES, payloadBytes } from '../../lambda/messages/limits.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import type { Alert } from '../../lambda/model/alert.ts';
import { at, DAY, finding } from './build.ts';
import { Estate, name, type State } from './estate.ts';

const MIN = 60_000;
const N = 16;
const HOSTS = [
  ['ns1.a.example', 'ns2.a.example'],
  ['ns1.b.example', 'ns2.b.example'],
  ['ns3.a.example', 'ns4.a.example'],
] as const;
interface Step {
  readonly minutes: number;
  readonly seen: readonly State[];
  readonly muted: readonly number[];
  readonly crash: 'none' | 'before' | 'after';
  readonly control: boolean;
}
const stateOf = fc.constantFrom<State>(
  'broken',
  'broken',
  'broken',
  'broken',
  'well',
  'well',
  'quick',
  'deleted',
  'unknown',
  'waiting',
  'worse',
);
const stepWith = (mutes: boolean, crash: readonly Step['crash'][], back: boolean): fc.Arbitrary<Step> =>
  fc.record({
    minutes: back ? fc.constantFrom(5, 5, 30, 90, 600, -200) : fc.constantFrom(5, 5, 30, 90, 600),
    seen: fc.oneof(
      fc.array(stateOf, { minLength: N, maxLength: N }),
      stateOf.map((s) => Array<State>(N).fill(s)),
    ),
    muted: mutes ? fc.subarray(Array.from({ length: N }, (_, i) => i)) : fc.constant([]),
    crash: fc.constantFrom(...crash),
    control: fc.boolean(),
  });
const pattern = fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: N, maxLength: N });
const runs = { numRuns: 40, seed: 4711 };

interface Played {
  readonly host: Estate;
  readonly ms: number;
  readonly times: readonly number[];
}
function play(
  hosts: readonly number[],
  steps: readonly Step[],
  each: (host: Estate, told: ReturnType<Estate['look']>, step: Step, ms: number) => void = () => {},
): Played {
  const host = Estate.introduced(
    () => finding(),
    (i) => HOSTS[hosts[i] ?? 0] ?? [],
    20,
  );
  let ms = 0;
  const times: number[] = [];
  for (const step of steps) {
    ms += step.minutes * MIN;
    times.push(ms);
    host.mute(...step.muted);
    host.controlFailed = step.control;
    const told = host.look(ms, step.seen, step.crash === 'none' ? undefined : step.crash);
    each(host, told, step, ms);
  }
  return { host, ms, times };
}
const factsOf = (alert: Alert): readonly string[] =>
  alert.affected.map(({ subject, findings }) => `${subject.identity} ${findings.map(({ kind }) => kind).join(' ')}`).sort();
const namesOf = (alert: Alert): readonly string[] => alert.affected.map(({ subject }) => subject.identity);

test('nothing lost: after the dust settles each loud broken identity is in an open alert whose told facts hold it', () => {
  fc.assert(
    fc.property(
      pattern,
      fc.array(stepWith(true, ['none', 'none', 'before', 'after'], true), { minLength: 1, maxLength: 12 }),
      (hosts, steps) => {
        const { host, ms } = play(hosts, steps);
        const last = steps.at(-1);
        if (last === undefined) return;
        host.controlFailed = false;
        for (const more of [5, 10, 75, 140]) host.look(Math.max(ms, 0) + 300 * MIN + more * MIN, last.seen);
        const told = Object.values(host.memory.alerts).filter((a) => a.told !== undefined && a.closing === undefined);
        last.seen.forEach((state, i) => {
          if ((state !== 'broken' && state !== 'worse') || last.muted.includes(i)) return;
          const holding = told.filter((a) => namesOf(a).includes(name(i)));
          expect([name(i), holding.length]).toEqual([name(i), 1]);
          expect(holding[0]?.told?.points?.some((point) => point.includes(`${name(i)} `))).toBe(true);
        });
      },
    ),
    runs,
  );
});

test('lives: told to have begun once, an end only after a beginning, nothing after an end but its return', () => {
  fc.assert(
    fc.property(pattern, fc.array(stepWith(false, ['none'], true), { minLength: 1, maxLength: 14 }), (hosts, steps) => {
      const { host } = play(hosts, steps);
      const lives = new Map<string, string[]>();
      for (const { telling } of host.heard) {
        const ids =
          telling.kind === 'alert' ? [telling.alert.id] : telling.group ? [telling.group.alert.id] : telling.alerts.map((a) => a.id);
        for (const id of new Set(ids)) lives.set(id, [...(lives.get(id) ?? []), telling.event]);
      }
      for (const list of lives.values()) {
        expect(list[0]).toBe('opened');
        list.forEach((event, i) => {
          if (i === 0) return;
          expect([list, event === 'reopened']).toEqual([list, list[i - 1] === 'recovered']);
          expect(list[i - 1]).not.toBe('expired');
        });
      }
    }),
    runs,
  );
});

test('ids: no two messages have one id unless a crash repeats one (returns after the first left out)', () => {
  fc.assert(
    fc.property(pattern, fc.array(stepWith(true, ['none', 'none', 'after'], false), { minLength: 1, maxLength: 12 }), (hosts, steps) => {
      const seen = new Map<string, number>();
      play(hosts, steps, (_h, told, step, ms) => {
        for (const telling of told.slice(0, step.crash === 'after' ? 1 : undefined)) {
          const again =
            telling.kind === 'summary' ? telling.group?.alert.reopened : telling.kind === 'alert' ? telling.alert.reopened : undefined;
          if (again !== undefined) continue;
          if (step.crash === 'none') expect([telling.event, ms, seen.has(telling.messageId)]).toEqual([telling.event, ms, false]);
          if (step.crash === 'none') seen.set(telling.messageId, ms);
        }
      });
    }),
    runs,
  );
});

test('whoever a group’s message drops was seen well since it was last broken, is aside, or has an alert of its own; whoever it holds was not seen well now', () => {
  let met = 0;
  fc.assert(
    fc.property(pattern, fc.array(stepWith(true, ['none', 'none', 'before'], true), { minLength: 1, maxLength: 14 }), (hosts, steps) => {
      const wellAfterBroken = new Map<string, boolean>();
      const members = new Map<string, Set<string>>();
      play(hosts, steps, (host, told, step) => {
        step.seen.forEach((s, i) => {
          if (s === 'well') wellAfterBroken.set(name(i), true);
          // What the brake holds is no matter of this sweep's messages.
          else if ((s === 'broken' || s === 'worse') && !step.control) wellAfterBroken.set(name(i), false);
        });
        for (const telling of told) {
          if (telling.kind !== 'summary' || telling.group === undefined) continue;
          const { alert } = telling.group;
          const over = telling.event === 'recovered';
          const now = new Set(namesOf(alert));
          const aside = new Set((alert.aside ?? []).map(({ identity }) => identity));
          if (!over && telling.event !== 'expired')
            for (const who of now) {
              const i = Number(/^c0*(\d+)\./.exec(who)?.[1] ?? 0);
              expect([who, step.seen[i] === 'well']).toEqual([who, false]);
              expect([who, aside.has(who)]).toEqual([who, false]);
              expect([who, step.muted.includes(i) && step.seen[i] === 'broken']).toEqual([who, false]);
            }
          // One that broke while it was muted has an alert of its own since.
          const elsewhere = new Set(Object.values(host.memory.alerts).flatMap((one) => (one.id === alert.id ? [] : namesOf(one))));
          for (const who of members.get(alert.id) ?? []) {
            if ((now.has(who) && !over) || aside.has(who) || elsewhere.has(who) || telling.event === 'expired') continue;
            met += 1;
            expect([who, wellAfterBroken.get(who)]).toEqual([who, true]);
          }
          if (over || telling.event === 'expired') members.delete(alert.id);
          else members.set(alert.id, new Set([...(members.get(alert.id) ?? []), ...now].filter((w) => !aside.has(w))));
        }
      });
    }),
    runs,
  );
  expect(met).toBeGreaterThan(20);
});

test('nothing without news: the same group is not told twice as the same within the reminder interval', () => {
  fc.assert(
    fc.property(pattern, fc.array(stepWith(true, ['none'], false), { minLength: 1, maxLength: 14 }), (hosts, steps) => {
      const last = new Map<string, { readonly ms: number; readonly what: string }>();
      play(hosts, steps, (_h, told, _s, ms) => {
        for (const telling of told) {
          const id = telling.kind === 'alert' ? telling.alert.id : (telling.group?.alert.id ?? telling.alertId);
          const trouble = telling.kind === 'alert' ? telling.alert : telling.group?.alert;
          const what = JSON.stringify([telling.event === 'reminder' ? 'changed' : telling.event, trouble && factsOf(trouble)]);
          const before = last.get(id);
          if (before?.what === what) expect([telling.event, ms - before.ms >= DAY]).toEqual([telling.event, true]);
          last.set(id, { ms, what });
        }
      });
    }),
    runs,
  );
});

test('a replay of the last sweep tells nothing; sizes hold', () => {
  fc.assert(
    fc.property(pattern, fc.array(stepWith(true, ['none'], true), { minLength: 1, maxLength: 10 }), (hosts, steps) => {
      const { host, ms } = play(hosts, steps, (_h, told, _s, now) => {
        for (const telling of told) expect(payloadBytes(renderTelling(telling, at(now)))).toBeLessThanOrEqual(MAX_BYTES);
      });
      const last = steps.at(-1);
      if (last === undefined || host.memory.brakedLastSweep) return;
      expect(host.look(ms, last.seen).map(({ event }) => event)).toEqual([]);
    }),
    runs,
  );
});

test('every open alert has its own id; every identity is in one alert', () => {
  fc.assert(
    fc.property(pattern, fc.array(stepWith(true, ['none', 'before', 'after'], true), { minLength: 1, maxLength: 14 }), (hosts, steps) => {
      play(hosts, steps, (host) => {
        const open = Object.values(host.memory.alerts);
        const who = open.flatMap(namesOf);
        expect(new Set(who).size).toBe(who.length);
        const ids = open.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      });
    }),
    runs,
  );
});
