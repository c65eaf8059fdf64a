import { hash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CorruptError } from '../errors/index.ts';
import { requireBytes, requireOneOf } from '../validation.ts';

/** The encodings of a file's content in the database. */
export type ContentEncoding = 'raw' | 'gzip';

/** The encodings that {@link unpackContent} reads. */
export const CONTENT_ENCODINGS = ['raw', 'gzip'] as const;

/** Returns the SHA-256 of a content, in hexadecimal: the key under which it is stored once. */
export function hashContent(content: Uint8Array): string {
  return hash('sha256', requireBytes(content, 'content'));
}

/** Compresses a content, if that makes it smaller. */
export function packContent(content: Uint8Array): { encoding: ContentEncoding; data: Uint8Array } {
  const data = gzipSync(requireBytes(content, 'content'));
  return data.byteLength < content.byteLength ? { encoding: 'gzip', data } : { encoding: 'raw', data: content };
}

/** Restores a content that {@link packContent} compressed. */
export function unpackContent(encoding: ContentEncoding, data: Uint8Array): Uint8Array {
  requireBytes(data, 'data');
  if (requireOneOf(encoding, 'encoding', CONTENT_ENCODINGS) === 'raw') return data;
  try {
    return gunzipSync(data);
  } catch (cause) {
    throw new CorruptError('A stored content is damaged. Restore the database from a backup.', { cause });
  }
}
