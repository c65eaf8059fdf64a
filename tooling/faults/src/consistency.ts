import type { Database } from '@codebuddy/db-core';
import { findWrongAnswers } from './full-text-answers.ts';
import { findWrongTotals } from './stored-totals.ts';
import { findWrongNeighbours } from './vector-answers.ts';

/** Returns everything that is wrong with a database of ours; empty if nothing is. */
export function findInconsistencies(db: Database): string[] {
  return [
    ...problems('foreign keys', list(db, 'SELECT "table" FROM pragma_foreign_key_check')),
    // First, so that this connection knows what others have written: SQLite's own check would take it for damage.
    ...list(db, "SELECT name FROM pragma_table_list WHERE type = 'virtual'").flatMap((index) =>
      fullTextProblems(db, index),
    ),
    ...problems(
      'integrity',
      list(db, 'PRAGMA integrity_check').filter((finding) => finding !== 'ok'),
    ),
    ...problems(
      'full-text bound',
      list(db, 'SELECT source FROM full_text_bounds WHERE indexed_to <> 0x7fffffffffffffff'),
    ),
    ...findWrongTotals(db),
    ...findWrongAnswers(db),
    ...findWrongNeighbours(db),
  ];
}

function fullTextProblems(db: Database, index: string): string[] {
  try {
    db.exec(`INSERT INTO ${index} (${index}, rank) VALUES ('integrity-check', 1)`);
    return [];
  } catch (error) {
    return [`${index}: ${error instanceof Error ? error.message : error}`];
  }
}

/** The first column of every row. */
export function list(db: Database, sql: string): string[] {
  return db
    .prepare(sql)
    .raw()
    .all()
    .map((row) => (Array.isArray(row) ? String(row[0]) : ''));
}

function problems(what: string, found: readonly string[]): string[] {
  return found.slice(0, 5).map((each) => `${what}: ${each}`);
}
