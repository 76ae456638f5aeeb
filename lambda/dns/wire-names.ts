// Names as bytes in a message (RFC 1035 §3.1, §4.1.4): skipped or read, bounded whatever the bytes are.

// 255 bytes hold no more labels, and so no honest name has more pointers.
const MAX_LABELS = 127;

/** Offset behind the name at `at`; NaN if it is malformed. Pointers are not followed. */
export function skipName(bytes: Uint8Array, at: number): number {
  let offset = at;
  for (let labels = 0; labels <= MAX_LABELS; labels += 1) {
    const length = bytes[offset];
    if (length === undefined) return Number.NaN;
    if (length === 0) return offset + 1;
    if (length >= 0xc0) return offset + 2 <= bytes.length ? offset + 2 : Number.NaN;
    if (length > 63) return Number.NaN;
    offset += length + 1;
  }
  return Number.NaN;
}

// One place for all names: a name is put together and copied out in one go. 255 bytes, each of which may be written as four.
const written = Buffer.alloc(4 * 256);

const DOT = 0x2e;
const BACKSLASH = 0x5c;

/**
 * The name at `at` in presentation form, lower case, without final dot; undefined if malformed. Pointers must lead strictly backwards,
 * so a loop is impossible, and are as few as labels; 255 bytes in all (RFC 1035 §2.3.4). Dots and backslashes inside a label, and bytes that are not printable
 * ASCII, are escaped: `\.`, `\\`, `\000`.
 */
export function readName(bytes: Uint8Array, at: number): string | undefined {
  let offset = at;
  let before = at;
  let pointers = 0;
  let total = 1;
  let end = 0;
  for (;;) {
    const length = bytes[offset];
    if (length === undefined) return undefined;
    if (length === 0) return written.toString('latin1', 0, end);
    if (length >= 0xc0) {
      const low = bytes[offset + 1];
      const target = ((length & 0x3f) << 8) | (low ?? 0);
      pointers += 1;
      if (low === undefined || target >= before || pointers > MAX_LABELS) return undefined;
      before = target;
      offset = target;
      continue;
    }
    total += length + 1;
    const next = offset + 1 + length;
    if (length > 63 || total > 255 || next > bytes.length) return undefined;
    if (end > 0) {
      written[end] = DOT;
      end += 1;
    }
    for (let i = offset + 1; i < next; i += 1) end = writeByte(bytes[i] ?? 0, end);
    offset = next;
  }
}

/** Writes one byte of a label in presentation form; returns where the next goes. */
function writeByte(byte: number, end: number): number {
  if (byte > 0x20 && byte < 0x7f && byte !== DOT && byte !== BACKSLASH) {
    written[end] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    return end + 1;
  }
  written[end] = BACKSLASH;
  if (byte === DOT || byte === BACKSLASH) {
    written[end + 1] = byte;
    return end + 2;
  }
  written[end + 1] = 0x30 + Math.floor(byte / 100);
  written[end + 2] = 0x30 + (Math.floor(byte / 10) % 10);
  written[end + 3] = 0x30 + (byte % 10);
  return end + 4;
}
