import { describe, expect, it } from 'vitest';
import { DatabaseManager } from '../src/index.ts';
import {
  CONTENT_ENCODINGS,
  CONVENTION_CATEGORIES,
  MEMORY_SCOPES,
  MEMORY_TYPES,
  MESSAGE_ROLES,
  REPAIR_ERROR_TYPES,
} from '../src/internal.ts';
import { PARTS } from '../src/vector-index/block-format.ts';

/** The columns that hold one of a closed set of words, and the constant that says which. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'budget_alerts.threshold': ['warning', 'exceeded'],
  'checkpoint_contents.encoding': CONTENT_ENCODINGS,
  'conventions.category': CONVENTION_CATEGORIES,
  'memories.scope': MEMORY_SCOPES,
  'memories.type': MEMORY_TYPES,
  'messages.role': MESSAGE_ROLES,
  'repair_learning.error_type': REPAIR_ERROR_TYPES,
  'vector_blocks.part': PARTS.bits8,
};

describe('a column with a closed set of words', () => {
  it('accepts those that the code knows, and no others', async () => {
    using manager = new DatabaseManager({ inMemory: true });
    await manager.initialize();
    const tables = manager.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL");
    const accepted = tables
      .raw()
      .all()
      .filter(Array.isArray)
      .flatMap(([table, sql]) =>
        Array.from(String(sql).matchAll(/CHECK \((\w+) IN \(('[^)]*)\)/g), ([, column, words = '']) => [
          `${table}.${column}`,
          Array.from(words.matchAll(/'([^']*)'/g), ([, word]) => word),
        ]),
      );
    expect(
      Object.fromEntries(accepted),
      'The words of a released version stay: give the table new ones in the SQL of the next version.',
    ).toEqual(WORDS);
  });
});
