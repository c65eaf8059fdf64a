import type { Database } from '@codebuddy/db-core';
import { contextOf, laterInstant } from '@codebuddy/db-core/internal';

const COLUMNS =
  'id, error_pattern, error_type, strategy, context_hash, language, framework, success_count, failure_count, success_rate, avg_attempts, last_used, created_at, examples';

/** Prepares the statements on learned repairs. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `analytics.${operation}`);
  return {
    examples: prepare(
      'recordRepairAttempt',
      `SELECT examples FROM repair_learning
       WHERE error_pattern = @pattern AND strategy = @strategy AND ifnull(context_hash, '') = ifnull(@context_hash, '')`,
    ),
    add: prepare(
      'recordRepairAttempt',
      `INSERT INTO repair_learning (error_pattern, error_type, strategy, context_hash, language, framework,
         success_count, failure_count, avg_attempts, last_used, created_at, examples)
       VALUES (@pattern, @type, @strategy, @context_hash, @language, @framework, @success, @failure, @attempts, @now, @now, @examples)
       ON CONFLICT (error_pattern, strategy, ifnull(context_hash, '')) DO UPDATE SET
         avg_attempts = (repair_learning.avg_attempts * (repair_learning.success_count + repair_learning.failure_count)
           + excluded.avg_attempts) / (repair_learning.success_count + repair_learning.failure_count + 1),
         success_count = repair_learning.success_count + excluded.success_count,
         failure_count = repair_learning.failure_count + excluded.failure_count,
         language = coalesce(excluded.language, repair_learning.language),
         framework = coalesce(excluded.framework, repair_learning.framework),
         last_used = ${laterInstant('repair_learning.last_used', 'excluded.last_used')},
         examples = coalesce(excluded.examples, repair_learning.examples)`,
    ),
    candidates: prepare(
      'getBestStrategies',
      `SELECT ${COLUMNS} FROM repair_learning WHERE error_pattern IN (SELECT value FROM json_each(@patterns))
         AND (@type IS NULL OR error_type = @type)
         AND (@language IS NULL OR language IS NULL OR language = @language)
         AND (@framework IS NULL OR framework IS NULL OR framework = @framework)
       ORDER BY id`,
    ),
    statistics: prepare(
      'getRepairStats',
      `SELECT error_type, count(DISTINCT error_pattern) AS patterns, count(*) AS strategies, sum(success_rate) AS success_rates,
         (SELECT count(DISTINCT error_pattern) FROM repair_learning) AS all_patterns
       FROM repair_learning GROUP BY error_type ORDER BY error_type`,
    ),
    patternsSince: prepare(
      'getBestRepairStrategies',
      'SELECT id, error_pattern FROM repair_learning WHERE id > @lastId ORDER BY id',
    ),
  };
}
