// First sight of an estate: sweep after sweep on a clock that leaps over waiting, until SES has been read completely.

import type { BenchEstate } from './estates.ts';
import { callsOf, count, duration, say } from './figures.ts';
import type { MeasuredFile } from './measured.ts';
import { openLeapingStage } from './stage.ts';

const EVERY_SECONDS = 300;
/** A day and a half of sweeps is no first sight any more. */
const MOST_SWEEPS = 432;

/** Sweeps every five minutes until the inventory is complete, and the details of each identity have been read. */
export async function firstSight(folder: string, node: string, estate: BenchEstate): Promise<NonNullable<MeasuredFile['firstSight']>> {
  const stage = await openLeapingStage(folder, estate, node);
  try {
    let elapsed = 0;
    let lastSeconds = 0;
    let sesCalls = 0;
    let usableSeconds: number | undefined;
    for (let sweeps = 1; sweeps <= MOST_SWEEPS; sweeps += 1) {
      const swept = await stage.sweep(sweeps === 1 ? 0 : Math.max(0, EVERY_SECONDS * 1000 - lastSeconds * 1000));
      lastSeconds = swept.seconds;
      sesCalls += callsOf(swept.calls, 'ses');
      elapsed = (sweeps - 1) * EVERY_SECONDS + swept.seconds;
      if (usableSeconds === undefined && swept.healthy === estate.identities) usableSeconds = elapsed;
      if (swept.complete === estate.accounts * estate.regions.length && swept.undetailed === 0) {
        say(
          `first sight, a sweep each five minutes, DNS always right\n  all judged by status, tokens and DNS after ${duration(usableSeconds ?? elapsed)}, all details read after ${duration(elapsed)} of simulated time · ${count(sesCalls)} SES calls in ${sweeps} sweeps`,
        );
        return { sesCalls, sweeps, usableSeconds: Math.round(usableSeconds ?? elapsed), completeSeconds: Math.round(elapsed) };
      }
    }
    throw new Error(`after ${MOST_SWEEPS} sweeps SES has not been read completely`);
  } finally {
    await stage.close();
  }
}
