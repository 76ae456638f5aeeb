// What the function takes for a step of a run, and what it refuses in one sentence.
import * as fc from 'fast-check';
import { parseStep } from '../../lambda/steps/parse-step.ts';

const RUN = { id: '7c1f-run_1', startedAt: '2026-03-01T00:00:00.000Z', until: 1_772_323_200_000 };
const PACE = { askers: 4, perServerPerSecond: 12.5, resolverPerSecond: 100 };
const SMALL = { n: 3, kind: 'targets', targets: [{ account: '111111111111', region: 'eu-west-1' }], pace: PACE };
const LARGE = { n: 4, kind: 'large', target: { account: '111111111111', region: 'eu-west-1' }, parts: [0, 1], pace: PACE };

test('every step that the state machine sends is read as it is', () => {
  for (const step of [
    { step: 'plan', run: 'run-1' },
    { step: 'release', run: 'run-1' },
    { step: 'conclude', run: RUN },
    { step: 'target', run: RUN, item: SMALL },
    { step: 'inventory', run: RUN, item: LARGE },
    { step: 'part', run: RUN, item: LARGE, part: 1 },
  ])
    expect(parseStep(step)).toEqual(step);
});

test('other events are no step', () => {
  for (const event of [{ source: 'aws.events' }, { Records: [] }, {}, null, undefined, 'plan', 7]) expect(parseStep(event)).toBeUndefined();
});

test.each([
  ['an unknown step', { step: 'explode', run: RUN }, 'This is no step of a run: explode.'],
  ['a step that is no text', { step: { toString: 'x' } }, 'This is no step of a run: object.'],
  ['a name that would lead out of the folder of runs', { step: 'plan', run: '../reports/latest' }, 'The name of a run has 1 to 80'],
  ['a run without times', { step: 'conclude', run: { id: 'a' } }, 'The run has no times.'],
  ['a large piece where small ones are swept', { step: 'target', run: RUN, item: LARGE }, 'This is no step of a run: target.'],
  ['a part that the piece does not have', { step: 'part', run: RUN, item: LARGE, part: 2 }, 'This is no step of a run: part.'],
  ['a piece without a number', { step: 'target', run: RUN, item: { ...SMALL, n: -1 } }, 'The piece of the run has no number.'],
  [
    'a target that is none',
    { step: 'target', run: RUN, item: { ...SMALL, targets: [{ account: '1', region: '/' }] } },
    'names a target that is none',
  ],
  [
    'no pace',
    { step: 'target', run: RUN, item: { ...SMALL, pace: { askers: 0, perServerPerSecond: 50 } } },
    'does not say how fast it may ask',
  ],
])('%s is refused in a sentence', (_what, event, sentence) => {
  expect(() => parseStep(event)).toThrow(sentence);
});

test('whatever comes: a step, none, or one short sentence', () => {
  fc.assert(
    fc.property(fc.record({ step: fc.anything(), run: fc.anything(), item: fc.anything(), part: fc.anything() }), (event) => {
      try {
        parseStep(event);
      } catch (error) {
        expect((error as Error).message.length).toBeLessThan(200);
        expect((error as Error).message).toMatch(/^(This is no step|The (name|run|piece))/);
      }
    }),
  );
});
