import type { Condition } from '@codebuddy/db-core/internal';

/** Asks for entries that are alive, of one category or of all. */
export function vectorConditions(category: string | undefined, now: string): Condition[] {
  const conditions: Condition[] = [{ numeric: 'expires', above: Date.parse(now) / 1000 }];
  if (category !== undefined) conditions.push({ keyword: 'category', oneOf: [category] });
  return conditions;
}
