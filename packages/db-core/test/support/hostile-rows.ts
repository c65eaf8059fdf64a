import fc from 'fast-check';

/** What may stand in any column: SQLite kept what it was given. */
const HOSTILE = [
  '',
  0,
  -1,
  1.5,
  7,
  1e300,
  Number.POSITIVE_INFINITY,
  9_007_199_254_740_993n,
  'tomorrow',
  'now',
  '12',
  '2026',
  '2025-02-30 00:00:00',
  '2026-01-02T03:04:05.678901Z',
  '2026-01-02T03:04:05+02:00',
  '2451545.5',
  -99_999_999_999_999n,
  1_767_323_045_678n,
  '{broken',
  '[1]',
  'a\0b',
  "it's",
  Buffer.from([0]),
  Buffer.from('user'),
];
const PLAUSIBLE: Readonly<Record<string, readonly unknown[]>> = {
  name: ['a', 'b', null],
  instant: ['2026-01-02 03:04:05', '2026-01-02T03:04:05.678Z', '2031-05-06', 1_767_323_045n, null],
  count: [0, 1, 3n, null],
  amount: [0, 0.1 + 0.2, 12.5, null],
  json: ['{"a":1,"b":null}', '{"originalType":"x"}', null],
  vector: [Buffer.from(new Float32Array([1, 2]).buffer), null],
};

/** Which value each column of a table is made to hold, and the query that shows the rows after adoption. */
export const TABLES: Readonly<
  Record<string, { columns: Readonly<Record<string, string | readonly unknown[]>>; now: string }>
> = {
  memories: {
    columns: {
      id: ['m1', 'm2', 'm3', 'm4'],
      type: ['fact', 'insight'],
      scope: ['user', 'project'],
      project_id: 'name',
      content: ['x', 'y'],
      embedding: 'vector',
      importance: 'amount',
      access_count: 'count',
      created_at: 'instant',
      last_accessed: 'instant',
      expires_at: 'instant',
      metadata: 'json',
    },
    now: 'SELECT * FROM memories',
  },
  sessions: {
    columns: {
      id: ['s1', 's2', 's3'],
      project_id: 'name',
      name: 'name',
      model: 'name',
      created_at: 'instant',
      updated_at: 'instant',
      total_tokens_in: 'count',
      total_cost: 'amount',
      is_archived: 'count',
      parent_session_id: ['s1', 's2', 'gone', null],
      metadata: 'json',
    },
    now: 'SELECT * FROM sessions',
  },
  messages: {
    columns: {
      session_id: ['s1', 's2'],
      role: ['user', 'tool', 'robot'],
      content: 'name',
      tool_calls: 'json',
      tool_call_id: 'name',
      tokens: 'count',
      created_at: 'instant',
      metadata: 'json',
    },
    now: 'SELECT * FROM messages',
  },
  code_embeddings: {
    columns: {
      project_id: ['p'],
      file_path: ['a.ts', 'b.ts'],
      chunk_index: [0, 1, 2],
      chunk_text: ['x', 'y'],
      chunk_hash: ['h'],
      embedding: [Buffer.from(new Float32Array([1, 2]).buffer)],
      symbol_name: 'name',
      start_line: 'count',
      created_at: 'instant',
    },
    now: 'SELECT * FROM code_embeddings',
  },
  tool_stats: {
    columns: {
      tool_name: ['bash', 'view'],
      project_id: 'name',
      success_count: 'count',
      total_time_ms: 'amount',
      last_used: 'instant',
    },
    now: 'SELECT * FROM tool_stats',
  },
  repair_learning: {
    columns: {
      error_pattern: ['e', 'f'],
      error_type: ['type', 'security'],
      strategy: ['s'],
      context_hash: 'name',
      success_count: 'count',
      avg_attempts: 'amount',
      last_used: 'instant',
      examples: 'json',
    },
    now: 'SELECT * FROM repair_learning',
  },
  analytics: {
    columns: {
      date: ['2026-01-02', '2026-01-03'],
      model: 'name',
      tokens_in: 'count',
      cost: 'amount',
      requests: 'count',
      avg_response_time_ms: 'amount',
      cache_hit_rate: 'amount',
    },
    now: 'SELECT * FROM analytics',
  },
  conventions: {
    columns: {
      project_id: ['p'],
      category: ['naming', 'naps'],
      pattern: ['a', 'b', 'c'],
      description: 'name',
      confidence: 'amount',
      occurrences: 'count',
      updated_at: 'instant',
      examples: 'json',
    },
    now: 'SELECT * FROM conventions',
  },
  checkpoints: {
    columns: { id: ['c1', 'c2'], project_id: ['p'], file_count: 'count', created_at: 'instant', metadata: 'json' },
    now: 'SELECT * FROM checkpoints',
  },
  checkpoint_files: {
    columns: {
      checkpoint_id: ['c1', 'c2'],
      file_path: ['a', 'b'],
      content: ['text', null],
      content_hash: ['old', null],
      existed: 'count',
    },
    now: 'SELECT f.*, c.data AS content FROM checkpoint_files AS f LEFT JOIN checkpoint_contents AS c ON c.hash = f.content_hash',
  },
  cache: {
    columns: {
      key: ['k1', 'k2', 'k3'],
      value: ['1', '{"a":1}'],
      embedding: 'vector',
      created_at: 'instant',
      expires_at: 'instant',
      hits: 'count',
      category: 'name',
    },
    now: 'SELECT * FROM cache',
  },
};

/** The rows of a table, as a release may have left them. */
export interface HostileRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Rows for every table, most of whose values are as releases wrote them. */
export const hostileRows: fc.Arbitrary<HostileRows[]> = fc.tuple(
  ...Object.entries(TABLES).map(([table, { columns }]) =>
    fc
      .array(fc.tuple(...Object.values(columns).map(valuesOf)), { maxLength: 6 })
      .map((rows) => ({ table, columns: Object.keys(columns), rows })),
  ),
);

function valuesOf(kind: string | readonly unknown[]): fc.Arbitrary<unknown> {
  const plausible = typeof kind === 'string' ? (PLAUSIBLE[kind] ?? []) : kind;
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<unknown>(...plausible) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(...HOSTILE) },
  );
}
