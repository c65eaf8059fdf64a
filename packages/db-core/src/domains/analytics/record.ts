import type { JsonValue } from '../../codecs/json.ts';

/** The kinds of error that a repair can be learned for. */
export const REPAIR_ERROR_TYPES = ['compile', 'runtime', 'test', 'lint', 'type'] as const;

/** A kind of error that a repair can be learned for. */
export type RepairErrorType = (typeof REPAIR_ERROR_TYPES)[number];

/** The parts of a code base that a convention can be about. */
export const CONVENTION_CATEGORIES = ['naming', 'structure', 'style', 'testing', 'docs'] as const;

/** The part of a code base that a convention is about. */
export type ConventionCategory = (typeof CONVENTION_CATEGORIES)[number];

/** The use of one model on one day, in one project. */
export interface Analytics {
  id: number;
  /** `YYYY-MM-DD`. */
  date: string;
  project_id?: string;
  model?: string;
  tokens_in: number;
  tokens_out: number;
  /** Tokens of the input that the model's provider read from its cache. */
  cache_read_tokens: number;
  /** Tokens of the input that the model's provider wrote to its cache. */
  cache_write_tokens: number;
  /** In US dollars. */
  cost: number;
  requests: number;
  tool_calls: number;
  errors: number;
  avg_response_time_ms: number;
  /** From 0 to 1. */
  cache_hit_rate: number;
  session_count: number;
}

/** The success and speed of one tool, in one project or outside any. */
export interface ToolStats {
  id: number;
  tool_name: string;
  project_id?: string;
  success_count: number;
  failure_count: number;
  total_time_ms: number;
  avg_time_ms: number;
  cache_hits: number;
  cache_misses: number;
  last_used: string;
  updated_at: string;
}

/** The success of one strategy against one pattern of error. */
export interface RepairLearning {
  id: number;
  error_pattern: string;
  error_type: RepairErrorType;
  strategy: string;
  context_hash?: string;
  language?: string;
  framework?: string;
  success_count: number;
  failure_count: number;
  /** From 0 to 1. */
  success_rate: number;
  avg_attempts: number;
  last_used: string;
  created_at: string;
  examples?: readonly JsonValue[];
}

/** A convention seen in a project. */
export interface Convention {
  id: number;
  project_id: string;
  category: ConventionCategory;
  pattern: string;
  description?: string;
  /** From 0 to 1. */
  confidence: number;
  occurrences: number;
  examples?: readonly JsonValue[];
  created_at: string;
  updated_at: string;
}
