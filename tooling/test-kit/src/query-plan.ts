import type { Database } from '@codebuddy/db-core';

/** Returns the steps of a query's plan that read a whole table or index: a query that stays fast has none. */
export function scans(db: Database, sql: string): string[] {
  return db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map((step) => String(Reflect.get(Object(step), 'detail')))
    .filter((detail) => detail.startsWith('SCAN'));
}
