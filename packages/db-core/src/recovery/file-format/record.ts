import type { SqlValue } from '../../connection/driver.ts';
import { readVarint } from './varint.ts';

/** The bytes of the values of each serial type below 12. */
const BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

/**
 * Decodes a record (https://www.sqlite.org/fileformat2.html, section 2.1). Integers are bigint, so that none is rounded.
 *
 * @returns nothing if it is damaged
 */
export function decodeRecord(bytes: Buffer, encoding: string): SqlValue[] | undefined {
  const header = readVarint(bytes, 0);
  if (header === undefined || header.value > BigInt(bytes.length)) return undefined;
  const values: SqlValue[] = [];
  let content = Number(header.value);
  for (let at = header.end; at < Number(header.value); ) {
    const type = readVarint(bytes, at);
    if (type === undefined) return undefined;
    at = type.end;
    const serial = Number(type.value);
    const size = serial >= 12 ? Math.floor((serial - 12) / 2) : BYTES[serial];
    if (size === undefined || content + size > bytes.length) return undefined;
    values.push(decodeValue(bytes.subarray(content, content + size), serial, encoding));
    content += size;
  }
  return content === bytes.length ? values : undefined;
}

function decodeValue(bytes: Buffer, serial: number, encoding: string): SqlValue {
  if (serial === 0) return null;
  if (serial === 7) return bytes.readDoubleBE(0);
  if (serial === 8) return 0n;
  if (serial === 9) return 1n;
  if (serial < 8) return readInteger(bytes);
  // A copy: the page that these bytes are part of is large.
  return serial % 2 === 0 ? Buffer.from(bytes) : new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}

function readInteger(bytes: Buffer): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}
