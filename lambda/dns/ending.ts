// The end of the time, or of the room: whatever waits is told at once, and nothing new begins.

export interface Ending {
  over(): boolean;
  /** Runs `then` when the end comes; returns a function that calls this off. */
  onEnd(then: () => void): () => void;
  end(): void;
}

/** Ends when `signal` aborts, or by `end()`. One listener on the signal, however many wait. */
export function createEnding(signal?: AbortSignal): Ending {
  const waiting = new Set<() => void>();
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    signal?.removeEventListener('abort', end);
    for (const then of [...waiting]) then();
    waiting.clear();
  };
  if (signal?.aborted === true) over = true;
  else signal?.addEventListener('abort', end);
  return {
    over: () => over,
    onEnd(then) {
      waiting.add(then);
      return () => void waiting.delete(then);
    },
    end,
  };
}
