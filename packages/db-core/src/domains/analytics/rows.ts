import type { Row } from '../../sql/prepared-statement.ts';
import * as read from '../../sql/row-readers.ts';
import {
  type Analytics,
  CONVENTION_CATEGORIES,
  type Convention,
  REPAIR_ERROR_TYPES,
  type RepairLearning,
  type ToolStats,
} from './record.ts';

/** Turns a row into what one model was used for on one day; what is NULL in the row is absent in the record. */
export function toAnalytics(row: Row): Analytics {
  const projectId = read.optionalText(row, 'project_id');
  const model = read.optionalText(row, 'model');
  return {
    id: read.number(row, 'id'),
    date: read.text(row, 'date'),
    ...(projectId === undefined ? {} : { project_id: projectId }),
    ...(model === undefined ? {} : { model }),
    tokens_in: read.number(row, 'tokens_in'),
    tokens_out: read.number(row, 'tokens_out'),
    cache_read_tokens: read.number(row, 'cache_read_tokens'),
    cache_write_tokens: read.number(row, 'cache_write_tokens'),
    cost: read.number(row, 'cost'),
    requests: read.number(row, 'requests'),
    tool_calls: read.number(row, 'tool_calls'),
    errors: read.number(row, 'errors'),
    avg_response_time_ms: read.number(row, 'avg_response_time_ms'),
    cache_hit_rate: read.number(row, 'cache_hit_rate'),
    session_count: read.number(row, 'session_count'),
  };
}

/** Turns a row into the statistics of a tool; what is NULL in the row is absent in the record. */
export function toToolStats(row: Row): ToolStats {
  const projectId = read.optionalText(row, 'project_id');
  return {
    id: read.number(row, 'id'),
    tool_name: read.text(row, 'tool_name'),
    ...(projectId === undefined ? {} : { project_id: projectId }),
    success_count: read.number(row, 'success_count'),
    failure_count: read.number(row, 'failure_count'),
    total_time_ms: read.number(row, 'total_time_ms'),
    avg_time_ms: read.number(row, 'avg_time_ms'),
    cache_hits: read.number(row, 'cache_hits'),
    cache_misses: read.number(row, 'cache_misses'),
    last_used: read.text(row, 'last_used'),
    updated_at: read.text(row, 'updated_at'),
  };
}

/** Turns a row into what was learned of a repair; what is NULL in the row is absent in the record. */
export function toRepairLearning(row: Row): RepairLearning {
  const repair: RepairLearning = {
    id: read.number(row, 'id'),
    error_pattern: read.text(row, 'error_pattern'),
    error_type: read.oneOf(row, 'error_type', REPAIR_ERROR_TYPES),
    strategy: read.text(row, 'strategy'),
    success_count: read.number(row, 'success_count'),
    failure_count: read.number(row, 'failure_count'),
    success_rate: read.number(row, 'success_rate'),
    avg_attempts: read.number(row, 'avg_attempts'),
    last_used: read.text(row, 'last_used'),
    created_at: read.text(row, 'created_at'),
  };
  for (const column of ['context_hash', 'language', 'framework'] as const) {
    const value = read.optionalText(row, column);
    if (value !== undefined) repair[column] = value;
  }
  const examples = read.optionalJson(row, 'examples');
  if (Array.isArray(examples)) repair.examples = examples;
  return repair;
}

/** Turns a row into a convention; what is NULL in the row is absent in the record. */
export function toConvention(row: Row): Convention {
  const description = read.optionalText(row, 'description');
  const examples = read.optionalJson(row, 'examples');
  return {
    id: read.number(row, 'id'),
    project_id: read.text(row, 'project_id'),
    category: read.oneOf(row, 'category', CONVENTION_CATEGORIES),
    pattern: read.text(row, 'pattern'),
    ...(description === undefined ? {} : { description }),
    confidence: read.number(row, 'confidence'),
    occurrences: read.number(row, 'occurrences'),
    ...(Array.isArray(examples) ? { examples } : {}),
    created_at: read.text(row, 'created_at'),
    updated_at: read.text(row, 'updated_at'),
  };
}
