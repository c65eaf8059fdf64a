import { createHash } from 'node:crypto';
import { UNKNOWN_MODEL } from './embedding-model.ts';

/**
 * Returns the hash under which a chunk's text and vector are stored once: of the text and the model that made the vector.
 * Where nobody knows the model, of the vector too, since two unknown models give one text two vectors.
 */
export function chunkContentHash(text: string, model: string, vector: Uint8Array): string {
  const hash = createHash('sha256').update(model).update('\0').update(text);
  if (model === UNKNOWN_MODEL) hash.update('\0').update(vector);
  return hash.digest('hex');
}
