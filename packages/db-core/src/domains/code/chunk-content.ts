import { createHash, hash } from 'node:crypto';
import type { Database } from '../../connection/driver.ts';
import { UNKNOWN_MODEL } from '../../embedding-models/embedding-model.ts';
import { toBytes } from '../../table-kit/content-functions.ts';
import { requireBytes, requireString, requireStringOrEmpty } from '../../validation.ts';

/**
 * Returns the SHA-256 under which a chunk's text and vector are stored once: of the text and the model that made the
 * vector. If nobody knows the model, of the vector too, since two unknown models give one text two vectors.
 */
export function chunkContentHash(text: string, model: string, vector: Uint8Array): Uint8Array {
  const named = `${requireString(model, 'model')}\0${requireStringOrEmpty(text, 'text')}`;
  if (model !== UNKNOWN_MODEL) return hash('sha256', named, 'buffer');
  return createHash('sha256').update(named).update('\0').update(requireBytes(vector, 'vector')).digest();
}

/** The SQL function that names the content of a chunk of code, for vectors whose model nobody wrote down. */
export const CHUNK_CONTENT_HASH = 'codebuddy_chunk_content_hash';

/** Registers {@link CHUNK_CONTENT_HASH} for this connection. */
export function registerChunkContentHash(db: Database): void {
  db.function(CHUNK_CONTENT_HASH, { deterministic: true }, (text, vector) =>
    chunkContentHash(String(text), UNKNOWN_MODEL, toBytes(vector)),
  );
}
