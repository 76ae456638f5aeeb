// The little that must be known of DER (X.690) to say what some bytes are before the key library is asked.

export const SEQUENCE = 0x30;
export const INTEGER = 0x02;

/** How many bytes a DER SEQUENCE says it has in all; undefined if the bytes are no SEQUENCE of a plausible length. */
export function sequenceLength(der: Buffer): number | undefined {
  if (der[0] !== SEQUENCE || der.length < 4) return undefined;
  const first = der.readUInt8(1);
  if (first < 0x80) return 2 + first;
  if (first === 0x81) return 3 + der.readUInt8(2);
  return first === 0x82 ? 4 + der.readUInt16BE(2) : undefined;
}

/** The tag of the first element inside a DER SEQUENCE that is exactly as long as the bytes (X.690 §8.1). */
export function insideOf(der: Buffer): number | undefined {
  if (sequenceLength(der) !== der.length) return undefined;
  const first = der.readUInt8(1);
  return der[first < 0x80 ? 2 : 2 + (first & 0x7f)];
}
