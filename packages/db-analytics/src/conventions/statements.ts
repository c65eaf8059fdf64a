import type { Database } from '@codebuddy/db-core';
import { contextOf } from '@codebuddy/db-core/internal';

const COLUMNS =
  'id, project_id, category, pattern, description, confidence, occurrences, examples, created_at, updated_at';

/** Prepares the statements on conventions. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `conventions.${operation}`);
  return {
    add: prepare(
      'record',
      `INSERT INTO conventions (project_id, category, pattern, description, confidence, occurrences, examples, created_at, updated_at)
       VALUES (@project_id, @category, @pattern, @description, @confidence, 1, @examples, @now, @now)
       ON CONFLICT (project_id, category, pattern) DO UPDATE SET
         description = coalesce(excluded.description, conventions.description),
         confidence = @confidence_after,
         occurrences = conventions.occurrences + 1,
         examples = coalesce(excluded.examples, conventions.examples),
         updated_at = max(conventions.updated_at, excluded.updated_at)
       RETURNING ${COLUMNS}`,
    ),
    read: prepare(
      'record',
      `SELECT ${COLUMNS} FROM conventions WHERE project_id = @project_id AND category = @category AND pattern = @pattern`,
    ),
    find: prepare(
      'find',
      `SELECT ${COLUMNS} FROM conventions
       WHERE project_id = @project_id AND (@category IS NULL OR category = @category) AND confidence >= @min_confidence
       ORDER BY confidence DESC, occurrences DESC, id`,
    ),
    count: prepare(
      'count',
      'SELECT count(*) AS conventions FROM conventions WHERE @project_id IS NULL OR project_id = @project_id',
    ),
  };
}
