// Works through a list with a bounded number of items in progress.

/** Calls `work` for each item, at most `limit` at once. Rejects with the first error that `work` throws: our own bug, for errors of the world are values. */
export async function inParallel<T>(items: readonly T[], limit: number, work: (item: T, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
