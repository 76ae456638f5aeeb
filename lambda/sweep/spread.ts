// Numbers that are always the same for a name, and differ from name to name: they spread work over time and over servers.

/** A number below a million or so. */
export function hashOf(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i += 1) hash = (hash * 31 + name.charCodeAt(i)) % 1_000_003;
  return hash;
}

/** A part of `ms`, below it: the hash alone reaches only a million milliseconds. */
export const partOf = (ms: number, name: string): number => (hashOf(name) * 8_191) % ms;
