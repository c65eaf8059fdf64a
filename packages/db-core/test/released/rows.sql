-- Rows for every table and every column: what a file of this version holds when `lock-version.ts` writes it.

INSERT INTO module_versions (module, version, applied_at) VALUES ('reminders', 1, '2026-01-02T03:04:05.678Z');
INSERT INTO adoption_rejects (source_table, reason, row, rejected_at)
VALUES ('memories', 'it has no content', '{"id":"empty"}', '2026-01-02T03:04:05.678Z');

INSERT INTO memories (id, type, scope, project_id, content, identifiers, embedding, embedding_model, importance,
  access_count, created_at, last_accessed, expires_at, metadata)
VALUES ('m1', 'fact', 'project', 'p', 'getUserById retries with full jitter', 'get User By Id', x'0000803f00000000', 'test:model',
  0.8, 3, '2026-01-02T03:04:05.678Z', '2026-01-03T00:00:00.000Z', '2099-01-01T00:00:00.000Z', '{"from":"review"}'),
('m2', 'preference', 'user', NULL, 'prefers pnpm to npm', NULL, x'000000000000803f', 'test:model',
  0.5, 0, '2026-01-02T03:04:06.000Z', '2026-01-02T03:04:06.000Z', NULL, NULL);
INSERT INTO memories (id, type, scope, content, embedding_owed) VALUES ('m3', 'decision', 'user', 'SQLite, since it is one file', 1);
UPDATE memories SET user_id = 'ada' WHERE id = 'm1';
UPDATE memories SET superseded_by = 'm1', superseded_at = '2026-01-04T00:00:00.000Z' WHERE id = 'm2';

INSERT INTO sessions (id, project_id, project_path, name, model, created_at, updated_at, total_tokens_in, total_tokens_out,
  total_cost_nanos, tool_calls_count, is_archived, metadata)
VALUES ('s1', 'p', '/home/ada/p', 'the retry helper', 'a-model', '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z', 1200,
  340, 1250000000, 2, 1, '{"branch":"main"}');
INSERT INTO sessions (id, parent_session_id, created_at, updated_at)
VALUES ('s2', 's1', '2026-01-03T00:00:00.000Z', '2026-01-03T00:00:00.000Z');
INSERT INTO messages (session_id, role, content, identifiers, tool_calls, tool_call_id, tokens, created_at, operation_id, metadata)
VALUES ('s1', 'user', 'Why does fetchWithRetry wait?', 'fetch With Retry', NULL, NULL, 9, '2026-01-02T03:04:05.678Z', 'op-1', NULL),
('s1', 'assistant', NULL, NULL, '[{"id":"c1","name":"bash"}]', NULL, 20, '2026-01-02T03:04:06.000Z', NULL, '{"streamed":true}'),
('s1', 'tool', 'exit 0', NULL, NULL, 'c1', 3, '2026-01-02T03:04:07.000Z', NULL, NULL);

INSERT INTO checkpoints (id, project_id, project_path, description, created_at, file_count, total_size, metadata)
VALUES ('c1', 'p', '/home/ada/p', 'before the rename', '2026-01-02T03:04:05.678Z', 2, 5, '{"tool":"edit"}');
INSERT INTO checkpoint_contents (hash, encoding, size, data)
VALUES ('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', 'raw', 5, x'68656c6c6f');
INSERT INTO checkpoint_files (checkpoint_id, file_path, content_hash, existed, mode)
VALUES ('c1', 'src/a.ts', '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', 1, 420),
('c1', 'src/new.ts', NULL, 0, NULL);

INSERT INTO code_contents (hash, text, identifiers, embedding, embedding_model)
VALUES (x'0101010101010101010101010101010101010101010101010101010101010101', 'export function parseRetryAfter() {}',
  'parse Retry After', x'0000803f000000400000404000008040', 'test:code');
INSERT INTO code_chunks (project_id, file_path, chunk_index, chunk_hash, content_id, symbol_type, symbol_name, start_line, end_line,
  language, created_at, updated_at)
SELECT 'p', 'src/retry.ts', 0, 'h1', id, 'function', 'parseRetryAfter', 1, 3, 'typescript', '2026-01-02T03:04:05.678Z',
  '2026-01-02T03:04:05.678Z' FROM code_contents;
INSERT INTO indexed_files (project_id, file_path, content_hash, indexed_at) VALUES ('p', 'src/retry.ts', 'h', '2026-01-02T03:04:05.678Z');
INSERT INTO embedding_cache (content_hash, model, embedding, created_at)
VALUES ('h', 'test:code', x'0000803f', '2026-01-02T03:04:05.678Z');

INSERT INTO analytics (date, project_id, model, tokens_in, tokens_out, cache_read_tokens, cache_write_tokens, cost_nanos, requests,
  tool_calls, errors, avg_response_time_ms, cache_hit_rate, session_count)
VALUES ('2026-01-02', 'p', 'a-model', 1200, 340, 100, 50, 1250000000, 4, 2, 1, 812.5, 0.25, 1);
INSERT INTO usage_requests (request_id, requested_at, date, session_id, project_id, model, tokens_in, tokens_out,
  cache_read_tokens, cache_write_tokens, cost_nanos, price)
VALUES ('r1', '2026-01-02T03:04:05.678Z', '2026-01-02', 's1', 'p', 'a-model', 1200, 340, 100, 50, 1250000000, '{"input":1}');
INSERT INTO budget_reservations (id, session_id, date, amount_nanos, expires_at)
VALUES ('b1', 's1', '2026-01-02', 5000000, '2026-01-02T03:14:05.678Z');
INSERT INTO budget_alerts (period, threshold, limit_nanos) VALUES ('daily 2026-01-02', 'warning', 1000000000);
INSERT INTO imported_costs (key, cost_nanos, tokens_in, tokens_out) VALUES ('cost-history 1', 7, 8, 9);
INSERT INTO tool_stats (tool_name, project_id, success_count, failure_count, total_time_ms, cache_hits, cache_misses, last_used,
  updated_at)
VALUES ('bash', 'p', 3, 1, 200.5, 1, 2, '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z');
INSERT INTO repair_learning (error_pattern, error_type, strategy, context_hash, language, framework, success_count, failure_count,
  avg_attempts, last_used, created_at, examples)
VALUES ('TS2322', 'type', 'narrow the type', 'ctx', 'typescript', 'react', 3, 1, 1.5, '2026-01-02T03:04:05.678Z',
  '2026-01-02T03:04:05.678Z', '["fix"]');
INSERT INTO conventions (project_id, category, pattern, description, confidence, occurrences, examples, created_at, updated_at)
VALUES ('p', 'naming', 'kebab-case', 'file names', 0.9, 12, '["user-id.ts"]', '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z');

INSERT INTO cache (key, value, embedding, embedding_model, created_at, expires_at, stale_until, last_used, hits, category)
VALUES ('k1', '{"answer":42}', x'0000803f00000000', 'test:model', '2026-01-02T03:04:05.678Z', '2099-01-01T00:00:00.000Z',
  '2099-01-02T00:00:00.000Z', '2026-01-02T03:04:05.678Z', 4, 'answers');
INSERT INTO cache_tags (tag, key) VALUES ('project:p', 'k1');

INSERT INTO imported_files (path, size, modified_ms, entries, failed, imported_at)
VALUES ('/home/ada/.codebuddy/memories.json', 120, 1767323045678.5, 3, 1, '2026-01-02T03:04:05.678Z');
