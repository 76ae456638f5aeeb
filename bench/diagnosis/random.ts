// Chance that can be repeated: the same seed gives the same estates on every machine.

export interface Random {
  /** At least 0, less than `below`. */
  int(below: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
}

/** A stream of its own for each number under a seed, so that one estate can be made again without those before it (sfc32). */
export function randomFrom(seed: number, stream: number): Random {
  let [a, b, c, d] = [0x9e3779b9 ^ seed, 0x243f6a88 ^ stream, 0xb7e15162 + seed * 31, 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 15; i += 1) next();
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    chance: (probability) => next() < probability,
    pick: (list) => {
      const found = list[int(list.length)];
      if (found === undefined) throw new Error('nothing to pick from');
      return found;
    },
    shuffled: (list) => {
      const left = [...list];
      for (let i = left.length - 1; i > 0; i -= 1) {
        const j = int(i + 1);
        [left[i], left[j]] = [left[j] as (typeof left)[number], left[i] as (typeof left)[number]];
      }
      return left;
    },
  };
}
