import { createHash, hash } from 'node:crypto';
import { requireBytes, requireText, requireTextOrEmpty } from '../validation.ts';
import { UNKNOWN_MODEL } from './embedding-model.ts';

/**
 * Returns the SHA-256 under which a chunk's text and vector are stored once: of the text and the model that made the
 * vector. Where nobody knows the model, of the vector too, since two unknown models give one text two vectors.
 */
export function chunkContentHash(text: string, model: string, vector: Uint8Array): Uint8Array {
  const named = `${requireText(model, 'model')}\0${requireTextOrEmpty(text, 'text')}`;
  if (model !== UNKNOWN_MODEL) return hash('sha256', named, 'buffer');
  return createHash('sha256').update(named).update('\0').update(requireBytes(vector, 'vector')).digest();
}
