// A set of names that takes the same small memory for a thousand of them as for a million: it may say "seen" of a name that was not, never the other way.

/** 8 MiB: of a million names in it, every seventieth that is not there looks as if it were. Whoever asks must bear that, and ask again of those few. */
const BITS = 2 ** 26;

export interface NameBits {
  add(name: string): void;
  /** False: it was surely not added. */
  mayHave(name: string): boolean;
  /** Nothing was added. */
  isEmpty(): boolean;
}

export function nameBits(bits = BITS): NameBits {
  const words = new Uint32Array(bits / 32);
  let empty = true;
  return {
    add(name) {
      const at = placeOf(name) % bits;
      words[at >>> 5] = (words[at >>> 5] ?? 0) | (1 << (at & 31));
      empty = false;
    },
    mayHave(name) {
      const at = placeOf(name) % bits;
      return ((words[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0;
    },
    isEmpty: () => empty,
  };
}

/** FNV-1a of 32 bits over the UTF-16 units. Source: draft-eastlake-fnv, sections 2 and 5. */
function placeOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
