// Chance, fetched in bulk: ids, ports and letters' case need a few bits each, and one call to the source costs more than a whole question.

export interface Dice {
  /** 0 to 65,535, each as likely as any other. */
  u16(): number;
}

const BULK = 4096;

/** Every number is made of bytes of `random` that are used once. */
export function createDice(random: (bytes: number) => Uint8Array): Dice {
  let bytes: Uint8Array = new Uint8Array(0);
  let at = 0;
  return {
    u16() {
      if (at + 2 > bytes.length) {
        bytes = random(BULK);
        at = 0;
      }
      const number = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      at += 2;
      return number;
    },
  };
}
