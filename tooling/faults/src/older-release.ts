import Database from 'better-sqlite3';

/** Writes a file as the release with schema version 2 left it, with a session of some messages. */
export function writeOlderFile(path: string, messages: number): void {
  const db = new Database(path);
  db.exec(`
    CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TEXT DEFAULT CURRENT_TIMESTAMP);
    INSERT INTO schema_version (version) VALUES (2);
    CREATE TABLE memories (
      id TEXT PRIMARY KEY, type TEXT NOT NULL, scope TEXT NOT NULL DEFAULT 'user', project_id TEXT,
      content TEXT NOT NULL, embedding BLOB, importance REAL DEFAULT 0.5, access_count INTEGER DEFAULT 0,
      created_at TEXT DEFAULT CURRENT_TIMESTAMP, last_accessed TEXT DEFAULT CURRENT_TIMESTAMP, expires_at TEXT,
      metadata TEXT, UNIQUE (scope, project_id, content)
    );
    CREATE TABLE sessions (
      id TEXT PRIMARY KEY, project_id TEXT, project_path TEXT, name TEXT, model TEXT,
      created_at TEXT DEFAULT CURRENT_TIMESTAMP, updated_at TEXT DEFAULT CURRENT_TIMESTAMP,
      total_tokens_in INTEGER DEFAULT 0, total_tokens_out INTEGER DEFAULT 0, total_cost REAL DEFAULT 0,
      message_count INTEGER DEFAULT 0, tool_calls_count INTEGER DEFAULT 0, is_archived INTEGER DEFAULT 0,
      metadata TEXT, parent_session_id TEXT REFERENCES sessions(id) ON DELETE SET NULL
    );
    CREATE TABLE messages (
      id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
      role TEXT NOT NULL, content TEXT, tool_calls TEXT, tool_call_id TEXT, tokens INTEGER DEFAULT 0,
      created_at TEXT DEFAULT CURRENT_TIMESTAMP, metadata TEXT
    );
    INSERT INTO sessions (id) VALUES ('s');
    INSERT INTO memories (id, type, content) VALUES ('m', 'fact', 'kept');
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${messages})
    INSERT INTO messages (session_id, role, content) SELECT 's', 'user', 'message ' || i FROM n;
  `);
  db.close();
}
