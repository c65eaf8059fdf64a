import { isCalendarDateSql } from '../../table-kit/calendar.ts';
import { addUp, type LegacyTables, type TableUpgrade, weightedAverage } from '../../table-kit/legacy-tables.ts';

/** The words that version 4 has: rows are copied into its tables, and brought to later versions from there. */
const ERROR_TYPES = ['compile', 'runtime', 'test', 'lint', 'type'];
const CATEGORIES = ['naming', 'structure', 'style', 'testing', 'docs'];

/** Daily analytics: counts add up, averages weigh by requests. */
const analytics: TableUpgrade = {
  from: 'analytics',
  to: 'analytics',
  columns: (old) => ({
    id: old.rowid('id'),
    date: old.text('date'),
    project_id: old.name('project_id'),
    model: old.name('model'),
    tokens_in: old.count('tokens_in'),
    tokens_out: old.count('tokens_out'),
    cost_nanos: old.money('cost'),
    requests: old.count('requests'),
    tool_calls: old.count('tool_calls'),
    errors: old.count('errors'),
    avg_response_time_ms: old.amount('avg_response_time_ms'),
    cache_hit_rate: old.share('cache_hit_rate', 0),
    session_count: old.count('session_count'),
  }),
  rejects: (old) => ({ 'its date is not a day of the calendar': `NOT ${isCalendarDateSql(old.text('date'))}` }),
  identity: ['date', 'project_id', 'model'],
  merge: `ON CONFLICT (date, ifnull(project_id, ''), ifnull(model, '')) DO UPDATE SET
    ${weightedAverage('analytics', 'avg_response_time_ms', 'requests')},
    ${weightedAverage('analytics', 'cache_hit_rate', 'requests')},
    ${addUp('analytics', ['tokens_in', 'tokens_out', 'cost_nanos', 'requests', 'tool_calls', 'errors', 'session_count'])}`,
};

/** Tool statistics: counts and times add up. */
const toolStats: TableUpgrade = {
  from: 'tool_stats',
  to: 'tool_stats',
  derived: ['avg_time_ms'],
  columns: (old) => ({
    id: old.rowid('id'),
    tool_name: old.name('tool_name'),
    project_id: old.name('project_id'),
    success_count: old.count('success_count'),
    failure_count: old.count('failure_count'),
    total_time_ms: old.amount('total_time_ms'),
    cache_hits: old.count('cache_hits'),
    cache_misses: old.count('cache_misses'),
    last_used: old.firstInstant('last_used', 'updated_at'),
    updated_at: old.firstInstant('updated_at', 'last_used'),
  }),
  rejects: (old) => ({ 'it names no tool': `${old.name('tool_name')} IS NULL` }),
  identity: ['tool_name', 'project_id'],
  merge: `ON CONFLICT (tool_name, ifnull(project_id, '')) DO UPDATE SET
    ${addUp('tool_stats', ['success_count', 'failure_count', 'total_time_ms', 'cache_hits', 'cache_misses'])},
    last_used = max(tool_stats.last_used, excluded.last_used),
    updated_at = max(tool_stats.updated_at, excluded.updated_at)`,
};

/** Learned repairs: counts add up, attempts weigh by outcomes. */
const repairLearning: TableUpgrade = {
  from: 'repair_learning',
  to: 'repair_learning',
  derived: ['success_rate'],
  columns: (old) => ({
    id: old.rowid('id'),
    error_pattern: old.name('error_pattern'),
    error_type: old.oneOf('error_type', ERROR_TYPES, 'runtime'),
    strategy: old.name('strategy'),
    context_hash: old.name('context_hash'),
    language: old.text('language'),
    framework: old.text('framework'),
    success_count: old.count('success_count'),
    failure_count: old.count('failure_count'),
    avg_attempts: old.amount('avg_attempts', 1),
    last_used: old.firstInstant('last_used', 'created_at'),
    created_at: old.firstInstant('created_at', 'last_used'),
    examples: old.json('examples'),
  }),
  rejects: (old) => ({
    'it names no error or strategy': `${old.name('error_pattern')} IS NULL OR ${old.name('strategy')} IS NULL`,
  }),
  identity: ['error_pattern', 'strategy', 'context_hash'],
  merge: `ON CONFLICT (error_pattern, strategy, ifnull(context_hash, '')) DO UPDATE SET
    avg_attempts = CASE
      WHEN repair_learning.success_count + repair_learning.failure_count
        + excluded.success_count + excluded.failure_count > 0
      THEN (repair_learning.avg_attempts * (repair_learning.success_count + repair_learning.failure_count)
          + excluded.avg_attempts * (excluded.success_count + excluded.failure_count))
        / (repair_learning.success_count + repair_learning.failure_count
          + excluded.success_count + excluded.failure_count)
      ELSE max(repair_learning.avg_attempts, excluded.avg_attempts) END,
    ${addUp('repair_learning', ['success_count', 'failure_count'])},
    last_used = max(repair_learning.last_used, excluded.last_used),
    created_at = min(repair_learning.created_at, excluded.created_at),
    examples = coalesce(repair_learning.examples, excluded.examples)`,
};

/** Conventions: occurrences add up, the higher confidence wins. */
const conventions: TableUpgrade = {
  from: 'conventions',
  to: 'conventions',
  columns: (old) => ({
    id: old.rowid('id'),
    project_id: old.name('project_id'),
    category: old.raw('category'),
    pattern: old.name('pattern'),
    description: old.text('description'),
    confidence: old.share('confidence', 0.5),
    occurrences: old.count('occurrences', 1),
    examples: old.json('examples'),
    created_at: old.firstInstant('created_at', 'updated_at'),
    updated_at: old.firstInstant('updated_at', 'created_at'),
  }),
  rejects: (old) => ({
    'it names no project or pattern': `${old.name('project_id')} IS NULL OR ${old.name('pattern')} IS NULL`,
    'its category is unknown': `NOT ${old.isOneOf('category', CATEGORIES)}`,
  }),
  identity: ['project_id', 'category', 'pattern'],
  merge: `ON CONFLICT (project_id, category, pattern) DO UPDATE SET
    ${addUp('conventions', ['occurrences'])},
    confidence = max(conventions.confidence, excluded.confidence),
    updated_at = max(conventions.updated_at, excluded.updated_at)`,
};

/** The tables that earlier releases kept this subject in. */
export const legacy: LegacyTables = {
  required: {
    tool_stats: ['tool_name', 'success_count', 'failure_count'],
    repair_learning: ['error_pattern', 'strategy'],
    analytics: ['date', 'cost', 'requests'],
    conventions: ['project_id', 'category', 'pattern'],
  },
  upgrades: [toolStats, repairLearning, analytics, conventions],
};
