// Concludes over an estate that never was: reports of up to a million identities, in a process with a small heap. `npm run bench:conclude [IDENTITIES]`
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { concludeMade } from './conclude/made-estate.ts';

/** MiB of old space that the measured process may use: a sweep that held the estate would need gigabytes. */
const HEAP_MIB = 256;

const [size, inside] = process.argv.slice(2);
if (inside === 'inside') {
  console.log(JSON.stringify(await concludeMade(Number(size))));
} else {
  for (const identities of size === undefined ? [10_000, 100_000, 1_000_000] : [Number(size)]) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [`--max-old-space-size=${HEAP_MIB}`, '--import', 'tsx', fileURLToPath(import.meta.url), String(identities), 'inside'],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    if (status !== 0) throw new Error(`${identities} identities: ended with ${status}\n${stderr.slice(-3000)}`);
    const { targets, broken, reads, seconds, cpuSeconds, peakHeapMiB, peakRssMiB, parts } = JSON.parse(
      stdout.trim().split('\n').at(-1) ?? '',
    );
    console.log(
      `${identities} identities in ${targets} targets, ${broken} broken: ${cpuSeconds.toFixed(1)} s of the processor (${seconds.toFixed(1)} s with making the estate), peak heap ${peakHeapMiB} MiB of ${HEAP_MIB}, resident ${peakRssMiB} MiB, ${reads} reports read, report in ${parts} parts`,
    );
  }
}
