import { types } from 'node:util';
import { gzipSync } from 'node:zlib';
import { hashContent } from '../codecs/contents.ts';
import { decodeJsonObject, encodeJson, mergeJsonObjects } from '../codecs/json.ts';
import type { Database } from '../connection/driver.ts';
import { identifierWords } from '../full-text/identifiers.ts';

/** The SQL function that hashes a file's content while files of older programs are upgraded. */
export const CONTENT_HASH = 'codebuddy_content_hash';

/** The SQL function that compresses a file's content while files of older programs are upgraded. */
export const CONTENT_GZIP = 'codebuddy_content_gzip';

/** The SQL function that takes the compound names of a string apart. */
export const IDENTIFIERS = 'codebuddy_identifiers';

/** The SQL function that merges two JSON objects: the second one counts. */
export const MERGED_JSON = 'codebuddy_merged_json';

/** Registers the functions for this connection. */
export function registerContentFunctions(db: Database): void {
  db.function(CONTENT_HASH, { deterministic: true }, (content) => hashContent(toBytes(content)));
  db.function(IDENTIFIERS, { deterministic: true }, (text) => identifierWords(text === null ? null : String(text)));
  db.function(MERGED_JSON, { deterministic: true }, (kept, over) =>
    encodeJson(mergeJsonObjects(decodeJsonObject(String(kept)), decodeJsonObject(String(over))), 'metadata'),
  );
  db.function(CONTENT_GZIP, { deterministic: true }, (content) => gzipSync(toBytes(content)));
}

/** Takes what SQL gives a function as bytes. */
export function toBytes(content: unknown): Uint8Array {
  return types.isUint8Array(content) ? content : new TextEncoder().encode(String(content));
}
