// How an estate is cut into pieces, and that all that ask at once are together as polite as one.
import * as fc from 'fast-check';
import { targetKey } from '../../lambda/model/identity.ts';
import { STEPS_CUT } from '../../lambda/settings.ts';
import { makeItems } from '../../lambda/steps/make-items.ts';
import { targetsOf } from '../../lambda/steps/run.ts';
import { target } from './two-ways.ts';

const estate = (sizes: readonly number[]) => {
  const targets = sizes.map((_, i) => target(String(100_000_000_000 + i), 'eu-west-1'));
  return { targets, sizes: new Map(targets.map((one, i) => [targetKey(one), sizes[i] ?? 0])) };
};
const cut = (sizes: readonly number[], shared = false) => {
  const made = estate(sizes);
  return makeItems(made.targets, made.sizes, STEPS_CUT, shared);
};

test('small targets share a piece, up to its identities and its targets', () => {
  expect(cut([900, 900, 900, 10]).map((item) => targetsOf([item]).length)).toEqual([2, 2]);
  expect(cut(Array(120).fill(0)).map((item) => targetsOf([item]).length)).toEqual([50, 50, 20]);
});

test('a large target is a piece of its own, in parts; its neighbours keep their places', () => {
  const items = cut([5, 10_000, 5, 2_001, 2_000]);
  expect(items.map((item) => (item.kind === 'large' ? item.parts.length : `${item.targets.length} small`))).toEqual([
    '1 small',
    5,
    '1 small',
    2,
    '1 small',
  ]);
});

test('5,100 targets with a million identities: pieces that Step Functions can hold, each far below 256 KiB', () => {
  const items = cut(Array(5_100).fill(196));
  expect(items.length).toBeLessThan(600);
  expect(Math.max(...items.map((item) => JSON.stringify(item).length))).toBeLessThan(10_000);
});

test('whatever the estate: every target once, in order, no piece too large, and numbers in a row', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 150 }), (sizes) => {
      const made = estate(sizes);
      const items = makeItems(made.targets, made.sizes, STEPS_CUT, true);
      expect(targetsOf(items)).toEqual(made.targets);
      expect(items.map(({ n }) => n)).toEqual(items.map((_, i) => i));
      for (const item of items) {
        if (item.kind === 'large') {
          expect((made.sizes.get(targetKey(item.target)) ?? 0) / item.parts.length).toBeLessThanOrEqual(STEPS_CUT.partIdentities);
        } else {
          expect(item.targets.length).toBeLessThanOrEqual(STEPS_CUT.pieceTargets);
          expect(item.targets.reduce((sum, one) => sum + (made.sizes.get(targetKey(one)) ?? 0), 0)).toBeLessThanOrEqual(2_000);
        }
      }
    }),
  );
});

describe('politeness', () => {
  test('a piece alone asks as one function would', () => {
    expect(cut([3])[0]?.pace).toEqual({ askers: 1, perServerPerSecond: 50 });
  });

  test('whatever runs side by side: together no more than 50 packets a second to one server, and 400 to shared resolvers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 150 }), (sizes) => {
        const items = cut(sizes, true);
        // The worst moment: the widest pieces at once, each with as many parts as may run.
        const widths = items.map((item) => (item.kind === 'large' ? Math.min(item.parts.length, STEPS_CUT.partsAtOnce) : 1));
        const atOnce = widths
          .sort((a, b) => b - a)
          .slice(0, STEPS_CUT.itemsAtOnce)
          .reduce((sum, width) => sum + width, 0);
        for (const { pace } of items) {
          expect(pace.perServerPerSecond * atOnce).toBeCloseTo(50);
          expect((pace.resolverPerSecond ?? 0) * atOnce).toBeCloseTo(400);
        }
      }),
    );
  });

  test('resolvers of the place where each step runs are its own: their pace is not divided', () => {
    expect(cut(Array(40).fill(1_500), false)[0]?.pace).not.toHaveProperty('resolverPerSecond');
    expect(cut(Array(40).fill(1_500), true)[0]?.pace).toMatchObject({ askers: STEPS_CUT.itemsAtOnce });
  });
});
