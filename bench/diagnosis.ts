// `npm run bench:diagnosis`: random estates with known faults, played to the monitor; exactly those must be told, and nothing else.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { faultsNamed } from './diagnosis/faults.ts';
import { added, EMPTY, matrixText, mistakesIn, type Summary, totalsText } from './diagnosis/matrix.ts';
import type { Order } from './diagnosis/worker.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    estates: { type: 'string', default: '1000' },
    /** Number of the first estate: `--from 42 --estates 1` plays estate 42 again. */
    from: { type: 'string', default: '0' },
    /** One kind of fault, or one variant of it, in each estate. */
    only: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    /** Mistakes shown in full. */
    show: { type: 'string', default: '10' },
  },
});
/** Estates in one world: few enough for the sockets of their name servers. */
const BATCH = 100;

const [seed, estates, from, jobs, show] = [values.seed, values.estates, values.from, values.jobs, values.show].map((text) => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`"${text}" is not a whole number.`);
  return number;
}) as [number, number, number, number, number];
if (values.only !== undefined) faultsNamed(values.only);

const orders: Order[] = [];
for (let at = 0; at < estates; at += BATCH) orders.push({ seed, from: from + at, count: Math.min(BATCH, estates - at), only: values.only });

const began = performance.now();
let sum: Summary = EMPTY;
let shown = 0;

/** Gives one worker a batch after the other until none is left. */
async function employ(worker: ChildProcess): Promise<void> {
  for (let order = orders.shift(); order !== undefined; order = orders.shift()) {
    const current = order;
    const summary = await new Promise<Summary>((resolve, reject) => {
      worker.once('message', (message) => resolve(message as Summary));
      worker.once('exit', () => reject(new Error(`The batch from estate ${current.from} failed.`)));
      worker.send(current);
    });
    worker.removeAllListeners('exit');
    sum = added(sum, summary);
    for (const text of summary.texts) if (shown++ < show) process.stdout.write(`${text}\n\n`);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    process.stderr.write(`${sum.estates} of ${estates} estates, ${mistakesIn(sum)} mistakes, ${seconds} s\n`);
  }
  worker.disconnect();
}

const path = fileURLToPath(new URL('./diagnosis/worker.ts', import.meta.url));
await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, orders.length)) }, () => employ(fork(path))));
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
const run = `seed ${seed}, from number ${from}${values.only === undefined ? '' : `, only ${values.only}`}, ${minutes} minutes`;
process.stdout.write(`${matrixText(sum)}\n\n${totalsText(sum, run)}\n`);
process.exitCode = mistakesIn(sum) === 0 ? 0 : 1;
