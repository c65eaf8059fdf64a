import type { Condition, VectorSource } from '@codebuddy/db-core';

/** Where the vectors of entries are, and what searches ask of them. */
export const CACHE_VECTORS: VectorSource = {
  name: 'cache',
  table: 'cache',
  from: 'cache',
  key: 'id',
  vector: 'embedding',
  model: 'embedding_model',
  words: { category: 'category' },
  // A number that is above every instant stands for "never".
  numbers: { expires: "ifnull(unixepoch(expires_at, 'subsec'), 9e99)" },
};

/** Asks for entries that are alive, of one category or of all. */
export function vectorConditions(category: string | undefined, now: string): Condition[] {
  const conditions: Condition[] = [{ number: 'expires', above: Date.parse(now) / 1000 }];
  if (category !== undefined) conditions.push({ word: 'category', oneOf: [category] });
  return conditions;
}
