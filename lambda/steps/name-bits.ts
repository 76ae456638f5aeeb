// A set of names that takes the same small memory for a thousand of them as for a million: it may say "seen" of a name that was not, never the other way.

/** 16 MiB, outside of the heap. Of a million names in it, one in a hundred thousand that is not there looks as if it were: whoever asks must bear that. */
const BITS = 2 ** 27;

export interface NameBits {
  add(name: string): void;
  /** False: it was surely not added. */
  mayHave(name: string): boolean;
}

/** A Bloom filter with three places for each name. Source: Bloom, "Space/time trade-offs in hash coding with allowable errors" (1970). */
export function nameBits(bits = BITS): NameBits {
  const words = new Uint32Array(bits / 32);
  // Two hashes give all three places. Source: Kirsch and Mitzenmacher, "Less hashing, same performance" (2006).
  const placesOf = (name: string): readonly number[] => {
    const [first, step] = [hash(name, 0x811c9dc5), (hash(name, 0x9747b28c) | 1) >>> 0];
    return [first % bits, (first + step) % bits, (first + 2 * step) % bits];
  };
  return {
    add(name) {
      for (const at of placesOf(name)) words[at >>> 5] = (words[at >>> 5] ?? 0) | (1 << (at & 31));
    },
    mayHave: (name) => placesOf(name).every((at) => ((words[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0),
  };
}

/** FNV-1a of 32 bits over the UTF-16 units, mixed once more: alone its upper bits hang together for names that differ in their last letter. Source: draft-eastlake-fnv, sections 2 and 5. */
function hash(name: string, basis: number): number {
  let value = basis;
  for (let i = 0; i < name.length; i += 1) value = Math.imul(value ^ name.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
