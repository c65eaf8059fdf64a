import { read } from '@codebuddy/db-core/internal';
import { toValue } from './cache-rows.ts';
import type { CacheStatements } from './statements.ts';

const ENTRIES_PER_READ = 100;

/** Reads the entries whose keys begin with a string, in the order of their keys, some at a time. */
export function* iterateEntries(
  statements: CacheStatements,
  prefix: string,
  now: () => string,
): Generator<[key: string, value: unknown], void, undefined> {
  let from = prefix;
  for (;;) {
    const rows = statements.entriesFrom.all({ from, prefix, limit: ENTRIES_PER_READ, now: now() });
    for (const row of rows) {
      const key = read.text(row, 'key');
      yield [key, toValue(row)];
      // No key comes between this one and itself with a zero character.
      from = `${key}\0`;
    }
    if (rows.length < ENTRIES_PER_READ) return;
  }
}
