/** A number as SQLite stores it in one to nine bytes, and where the next one begins. */
export interface Varint {
  readonly value: bigint;
  readonly end: number;
}

/** Reads a number of one to nine bytes; nothing if the bytes end before it does. */
export function readVarint(bytes: Buffer, start: number): Varint | undefined {
  let value = 0n;
  for (let index = 0; index < 9; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    if (index === 8) return { value: BigInt.asIntN(64, (value << 8n) | BigInt(byte)), end: start + 9 };
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return undefined;
}
