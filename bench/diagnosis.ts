// `npm run bench:diagnosis`: random estates with known faults, played to the monitor; exactly those must be told, and nothing else.
import { parseArgs } from 'node:util';
import type { FaultKind } from './diagnosis/fault.ts';
import { FAULTS, faultsNamed } from './diagnosis/faults.ts';
import { describeMistake, Matrix } from './diagnosis/matrix.ts';
import { plan, play } from './diagnosis/play.ts';
import type { Random } from './diagnosis/random.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    estates: { type: 'string', default: '2000' },
    from: { type: 'string', default: '0' },
    only: { type: 'string' },
    batch: { type: 'string', default: '40' },
    mistakes: { type: 'string', default: '10' },
  },
});
const [seed, count, from, batch, shown] = [values.seed, values.estates, values.from, values.batch, values.mistakes].map(Number) as [
  number,
  number,
  number,
  number,
  number,
];
const choice: readonly FaultKind[] = values.only === undefined ? FAULTS : faultsNamed(values.only);

function choose(random: Random): readonly FaultKind[] {
  const howMany = values.only !== undefined ? 1 : random.pick([0, 1, 1, 1, 2, 2, 3]);
  return Array.from({ length: howMany }, () => random.pick(choice));
}

const began = performance.now();
const matrix = new Matrix();
for (let at = 0; at < count; at += batch) {
  const plots = Array.from({ length: Math.min(batch, count - at) }, (_, i) => plan(seed, from + at + i, choose));
  const played = await play(plots, seed);
  for (const one of played) {
    matrix.add(one);
    for (const mistake of one.mistakes) if (matrix.shown++ < shown) process.stdout.write(`${describeMistake(one, mistake)}\n\n`);
  }
  process.stderr.write(
    `${at + plots.length} of ${count} estates, ${matrix.mistakes()} mistakes, ${((performance.now() - began) / 1000).toFixed(0)} s\n`,
  );
}
process.stdout.write(matrix.print({ seed, count, from, only: values.only, seconds: (performance.now() - began) / 1000 }));
process.exitCode = matrix.mistakes() === 0 ? 0 : 1;
