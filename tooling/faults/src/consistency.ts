import type { Database } from '@codebuddy/db-core';
import { DOMAINS, type VectorIndex, vectorIndexOf } from '@codebuddy/db-core/internal';
import { seededRandom } from '@codebuddy/db-core/testing';
import { findWrongAnswers } from './full-text-answers.ts';
import { randomVector } from './random-vector.ts';
import { findWrongTotals } from './stored-totals.ts';

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
    ...SOURCES.flatMap((source) => vectorProblems(vectorIndexOf(db, source), source.name)),
  ];
}

const SOURCES = DOMAINS.flatMap(({ vectors = [] }) => vectors);

/** What a search finds must be what it finds when everything derived was made anew. */
function vectorProblems(index: VectorIndex, name: string): string[] {
  const next = seededRandom(7);
  const queries = Array.from({ length: 3 }, () => ({
    vector: randomVector(next),
    model: 'm',
    topK: 20,
    mode: 'exact' as const,
  }));
  const search = () => JSON.stringify(queries.map((query) => index.search(query)));
  const found = search();
  index.rebuild();
  return found === search() ? [] : [`vectors of ${name}: a rebuild finds something else`];
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
