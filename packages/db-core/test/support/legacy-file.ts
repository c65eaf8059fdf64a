import { connect } from '../../src/connection/connect.ts';
import type { Database } from '../../src/connection/driver.ts';

/** The tables that releases with schema version 1 wrote: unique rules that NULL slips through, two timestamp formats. */
const VERSION_1 = `
CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE memories (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, scope TEXT NOT NULL DEFAULT 'user', project_id TEXT, content TEXT NOT NULL,
  embedding BLOB, importance REAL DEFAULT 0.5, access_count INTEGER DEFAULT 0, created_at TEXT DEFAULT CURRENT_TIMESTAMP,
  last_accessed TEXT DEFAULT CURRENT_TIMESTAMP, expires_at TEXT, metadata TEXT, UNIQUE (scope, project_id, content)
);
CREATE INDEX idx_memories_type ON memories(type);
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, project_id TEXT, project_path TEXT, name TEXT, model TEXT,
  created_at TEXT DEFAULT CURRENT_TIMESTAMP, updated_at TEXT DEFAULT CURRENT_TIMESTAMP,
  total_tokens_in INTEGER DEFAULT 0, total_tokens_out INTEGER DEFAULT 0, total_cost REAL DEFAULT 0,
  message_count INTEGER DEFAULT 0, tool_calls_count INTEGER DEFAULT 0, is_archived INTEGER DEFAULT 0, metadata TEXT
);
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  role TEXT NOT NULL, content TEXT, tool_calls TEXT, tool_call_id TEXT, tokens INTEGER DEFAULT 0,
  created_at TEXT DEFAULT CURRENT_TIMESTAMP, metadata TEXT
);
CREATE INDEX messages_session ON messages(session_id);
CREATE TABLE code_embeddings (
  id INTEGER PRIMARY KEY AUTOINCREMENT, project_id TEXT NOT NULL, file_path TEXT NOT NULL, chunk_index INTEGER NOT NULL,
  chunk_text TEXT NOT NULL, chunk_hash TEXT NOT NULL, embedding BLOB NOT NULL, symbol_type TEXT, symbol_name TEXT,
  start_line INTEGER, end_line INTEGER, language TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP,
  updated_at TEXT DEFAULT CURRENT_TIMESTAMP, UNIQUE (project_id, file_path, chunk_index)
);
CREATE TABLE tool_stats (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tool_name TEXT NOT NULL, project_id TEXT, success_count INTEGER DEFAULT 0,
  failure_count INTEGER DEFAULT 0, total_time_ms INTEGER DEFAULT 0,
  avg_time_ms REAL GENERATED ALWAYS AS (CASE WHEN success_count + failure_count > 0
    THEN CAST(total_time_ms AS REAL) / (success_count + failure_count) ELSE 0 END) STORED,
  cache_hits INTEGER DEFAULT 0, cache_misses INTEGER DEFAULT 0, last_used TEXT, updated_at TEXT,
  UNIQUE (tool_name, project_id)
);
CREATE TABLE repair_learning (
  id INTEGER PRIMARY KEY AUTOINCREMENT, error_pattern TEXT NOT NULL, error_type TEXT NOT NULL, strategy TEXT NOT NULL,
  context_hash TEXT, language TEXT, framework TEXT, success_count INTEGER DEFAULT 0, failure_count INTEGER DEFAULT 0,
  success_rate REAL GENERATED ALWAYS AS (CASE WHEN success_count + failure_count > 0
    THEN CAST(success_count AS REAL) / (success_count + failure_count) ELSE 0 END) STORED,
  avg_attempts REAL DEFAULT 1, last_used TEXT, created_at TEXT, examples TEXT,
  UNIQUE (error_pattern, strategy, context_hash)
);
CREATE TABLE analytics (
  id INTEGER PRIMARY KEY AUTOINCREMENT, date TEXT NOT NULL, project_id TEXT, model TEXT, tokens_in INTEGER DEFAULT 0,
  tokens_out INTEGER DEFAULT 0, cost REAL DEFAULT 0, requests INTEGER DEFAULT 0, tool_calls INTEGER DEFAULT 0,
  errors INTEGER DEFAULT 0, avg_response_time_ms REAL DEFAULT 0, cache_hit_rate REAL DEFAULT 0,
  session_count INTEGER DEFAULT 0, UNIQUE (date, project_id, model)
);
CREATE TABLE conventions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, project_id TEXT NOT NULL, category TEXT NOT NULL, pattern TEXT NOT NULL,
  description TEXT, confidence REAL DEFAULT 0.5, occurrences INTEGER DEFAULT 1, examples TEXT, created_at TEXT,
  updated_at TEXT, UNIQUE (project_id, category, pattern)
);
CREATE TABLE checkpoints (
  id TEXT PRIMARY KEY, project_id TEXT NOT NULL, description TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP,
  file_count INTEGER DEFAULT 0, total_size INTEGER DEFAULT 0, metadata TEXT
);
CREATE TABLE checkpoint_files (
  id INTEGER PRIMARY KEY AUTOINCREMENT, checkpoint_id TEXT NOT NULL REFERENCES checkpoints(id) ON DELETE CASCADE,
  file_path TEXT NOT NULL, content TEXT, content_hash TEXT, existed INTEGER DEFAULT 1, UNIQUE (checkpoint_id, file_path)
);
CREATE TABLE cache (
  key TEXT PRIMARY KEY, value TEXT NOT NULL, embedding BLOB, created_at TEXT DEFAULT CURRENT_TIMESTAMP, expires_at TEXT,
  hits INTEGER DEFAULT 0, category TEXT
);
INSERT INTO schema_version (version, applied_at) VALUES (1, '2025-01-01 00:00:00');
`;

const VERSION_2 = `
ALTER TABLE sessions ADD COLUMN parent_session_id TEXT REFERENCES sessions(id) ON DELETE SET NULL;
CREATE VIRTUAL TABLE messages_fts USING fts5(content, content = 'messages', content_rowid = 'id');
INSERT INTO messages_fts(messages_fts) VALUES ('rebuild');
CREATE TRIGGER messages_ai AFTER INSERT ON messages BEGIN
  INSERT INTO messages_fts(rowid, content) VALUES (new.id, new.content);
END;
CREATE TRIGGER messages_ad AFTER DELETE ON messages BEGIN
  INSERT INTO messages_fts(messages_fts, rowid, content) VALUES ('delete', old.id, old.content);
END;
CREATE TRIGGER messages_au AFTER UPDATE ON messages BEGIN
  INSERT INTO messages_fts(messages_fts, rowid, content) VALUES ('delete', old.id, old.content);
  INSERT INTO messages_fts(rowid, content) VALUES (new.id, new.content);
END;
INSERT INTO schema_version (version, applied_at) VALUES (2, '2025-06-01T00:00:00.000Z');
`;

/** Writes a file as an earlier Code-Buddy left it, and fills it. */
export function writeLegacyFile(
  path: string,
  version: 1 | 2 | 3,
  fill: (db: Database) => void = () => undefined,
): void {
  const db = connect(path);
  db.exec(VERSION_1);
  if (version >= 2) db.exec(VERSION_2);
  if (version === 3) db.exec("INSERT INTO schema_version VALUES (3, '2025-09-01T00:00:00.000Z')");
  fill(db);
  db.close();
}
