import { gzipSync } from 'node:zlib';
import { hashContent } from '../../codecs/contents.ts';
import type { Database } from '../../connection/driver.ts';
import { chunkContentHash } from '../../embedding-models/chunk-content.ts';
import { UNKNOWN_MODEL } from '../../embedding-models/embedding-model.ts';
import { identifierWords } from '../../full-text/identifiers.ts';

/** The SQL function that hashes a file's content while files of older programs are adopted. */
export const CONTENT_HASH = 'codebuddy_content_hash';

/** The SQL function that compresses a file's content while files of older programs are adopted. */
export const CONTENT_GZIP = 'codebuddy_content_gzip';

/** The SQL function that names the content of a chunk of code, for vectors whose model nobody wrote down. */
export const CHUNK_CONTENT_HASH = 'codebuddy_chunk_content_hash';

/** The SQL function that takes the compound names of a text apart. */
export const IDENTIFIERS = 'codebuddy_identifiers';

/** Registers the functions for this connection. */
export function registerContentFunctions(db: Database): void {
  db.function(CONTENT_HASH, { deterministic: true }, (content) => hashContent(toBytes(content)));
  db.function(IDENTIFIERS, { deterministic: true }, (text) => identifierWords(text === null ? null : String(text)));
  db.function(CHUNK_CONTENT_HASH, { deterministic: true }, (text, vector) =>
    chunkContentHash(String(text), UNKNOWN_MODEL, toBytes(vector)),
  );
  db.function(CONTENT_GZIP, { deterministic: true }, (content) => gzipSync(toBytes(content)));
}

function toBytes(content: unknown): Uint8Array {
  return content instanceof Uint8Array ? content : new TextEncoder().encode(String(content));
}
