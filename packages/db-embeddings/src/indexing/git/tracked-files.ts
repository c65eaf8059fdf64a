import { isErrorNamed } from '@codebuddy/db-core/internal';

const SIGNATURE = 'DIRC';
const HEADER_BYTES = 12;
const STAT_BYTES = 40;
const EXTENDED = 0x4000;
const FILE = 0o100000;
const KIND = 0o170000;

/**
 * Reads the paths of the regular files that git tracks from its index (https://git-scm.com/docs/index-format, versions 2 to 4).
 * Returns `undefined` for an index of another form, such as one that is split over two files.
 *
 * @param hashBytes - the length of the repository's object names: 20 for SHA-1, 32 for SHA-256
 */
export function readTrackedFiles(index: Buffer, hashBytes: 20 | 32): string[] | undefined {
  if (index.toString('latin1', 0, 4) !== SIGNATURE || index.length < HEADER_BYTES) return undefined;
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) return undefined;
  const paths: string[] = [];
  let path = Buffer.alloc(0);
  let at = HEADER_BYTES;
  try {
    for (let left = index.readUInt32BE(8); left > 0; left--) {
      const start = at;
      const mode = index.readUInt32BE(at + 24);
      at += STAT_BYTES + hashBytes;
      at += (index.readUInt16BE(at) & EXTENDED) === 0 ? 2 : 4;
      let kept = 0;
      if (version === 4) [kept, at] = readLength(index, at);
      const end = index.indexOf(0, at);
      if (end === -1) return undefined;
      path = Buffer.concat([path.subarray(0, version === 4 ? path.length - kept : 0), index.subarray(at, end)]);
      // Before version 4 an entry is filled up with one to eight zeros.
      at = version === 4 ? end + 1 : end + 8 - ((end - start) % 8);
      if ((mode & KIND) === FILE) paths.push(path.toString('utf8'));
    }
  } catch (error) {
    // The file is cut off.
    if (isErrorNamed(error, 'RangeError')) return undefined;
    throw error;
  }
  return hasExtension(index, at, hashBytes, 'link') ? undefined : paths;
}

/** Reads how much of the path before is left away: git's variable-length number, seven bits a byte. */
function readLength(index: Buffer, start: number): [length: number, next: number] {
  let at = start;
  let byte = index.readUInt8(at++);
  let length = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = index.readUInt8(at++);
    length = (length + 1) * 128 + (byte & 0x7f);
  }
  return [length, at];
}

function hasExtension(index: Buffer, start: number, hashBytes: number, name: string): boolean {
  for (let at = start; at + 8 + hashBytes <= index.length; at += 8 + index.readUInt32BE(at + 4)) {
    if (index.toString('latin1', at, at + 4) === name) return true;
  }
  return false;
}
