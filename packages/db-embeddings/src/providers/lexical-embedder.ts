import { requireArray, requireStringOrEmpty } from '@codebuddy/db-core/internal';
import type { Embedder, EmbedResult } from './embedder.ts';

const DIMENSIONS = 512;
const NGRAM = 3;
const WHOLE_WORD_WEIGHT = 1;
const NGRAM_WEIGHT = 0.2;
const LONG_WORD = 8;

/**
 * Makes vectors from the words of a string, without a model: for machines that have none, and no network to get one. It
 * knows spelling, not meaning: `retry` is close to `retries` and to `retryHelper`, not to "try again".
 *
 * Words and their character trigrams (Bojanowski and others 2017, "Enriching Word Vectors with Subword Information")
 * are hashed into signed buckets (Weinberger and others 2009, "Feature Hashing for Large Scale Multitask Learning");
 * identifiers are split by case and underscore first. The same text gives the same vector everywhere.
 */
export class LexicalEmbedder implements Embedder {
  readonly model = 'lexical:subword-hash-1';
  readonly dimensions = DIMENSIONS;
  readonly maxBatch = 1_000;

  async embed(texts: readonly string[]): Promise<EmbedResult> {
    return { embeddings: requireArray(texts, 'texts').map((text) => toVector(requireStringOrEmpty(text, 'texts'))) };
  }
}

function toVector(text: string): Float32Array {
  const features = new Map<string, { count: number; readonly weight: number }>();
  const add = (feature: string, weight: number) => {
    const known = features.get(feature);
    if (known === undefined) features.set(feature, { count: 1, weight });
    else known.count++;
  };
  for (const word of wordsOf(text)) {
    const weight = weightOf(word);
    add(`w:${word}`, WHOLE_WORD_WEIGHT * weight);
    const framed = `<${word}>`;
    for (let i = 0; i + NGRAM <= framed.length; i++) add(`n:${framed.slice(i, i + NGRAM)}`, NGRAM_WEIGHT * weight);
  }
  const vector = new Float32Array(DIMENSIONS);
  for (const [feature, { count, weight }] of features) {
    const hash = fnv1a(feature);
    const bucket = hash % DIMENSIONS;
    const sign = hash >>> 31 === 0 ? 1 : -1;
    // A word said ten times does not matter ten times as much.
    vector[bucket] = (vector[bucket] ?? 0) + sign * weight * (1 + Math.log(count));
  }
  return normalize(vector);
}

/** Frequent words are short (Zipf 1935): without a corpus to count them in, their length tells how little they say. */
function weightOf(word: string): number {
  return Math.min(word.length, LONG_WORD) / LONG_WORD;
}

/**
 * The words of a string, lower-case; `getUserById` and `get_user_by_id` have the same four, and count whole as well.
 */
function* wordsOf(text: string): Generator<string> {
  for (const [token] of text.toWellFormed().matchAll(/[\p{L}\p{N}_]+/gu)) {
    const parts = token.split(/_+|(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u).filter((part) => part !== '');
    for (const part of parts) yield part.toLowerCase();
    if (parts.length > 1) yield parts.join('').toLowerCase();
  }
}

/** FNV-1a, 32 bits, over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/). */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // The low bits of FNV are the weaker ones: the high half is mixed in.
  return (hash ^ (hash >>> 15)) >>> 0;
}

function normalize(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((number) => number / length);
}
