// Plays batches of estates in a process of its own, so that two cores do twice the work.
import { chosen } from './choice.ts';
import { summaryOf } from './matrix.ts';
import { plan, play } from './play.ts';

/** One batch to play. */
export interface Order {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  readonly only: string | undefined;
}

/** Plays one batch. */
export async function playBatch({ seed, from, count, only }: Order): Promise<ReturnType<typeof summaryOf>> {
  const plots = Array.from({ length: count }, (_, i) => plan(seed, from + i, (random) => chosen(random, only)));
  return summaryOf(await play(plots, seed));
}

if (process.send !== undefined)
  process.on('message', (order: Order) => {
    playBatch(order).then(
      (summary) => process.send?.(summary),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  });
