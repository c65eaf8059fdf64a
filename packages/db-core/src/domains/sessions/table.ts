import type { Migrations } from '../../table-kit/migrations.ts';

/**
 * Conversations and their messages. Triggers keep `message_count` equal to the rows, and link a session to a parent that
 * arrives after it, whoever writes them. `message_rows` is the same count for the triggers alone: if both differ, somebody
 * has written `message_count`, and the rows are counted anew. A message makes its session the newest; an `updated_at` that lies in
 * the future by more than a day comes from a clock that was wrong, and does not hold on.
 *
 * `session_lineage` says who descends from whom, and goes on saying it after sessions are deleted: what they spent stays on the
 * account of their family. Foreign keys empty `parent_session_id` when a parent is gone; who takes a parent away that is there is
 * taken at their word.
 */
export const migrations: Migrations = {
  4: `
CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  project_id TEXT CHECK (project_id <> ''),
  project_path TEXT,
  name TEXT,
  model TEXT CHECK (model <> ''),
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  total_tokens_in INTEGER NOT NULL DEFAULT 0 CHECK (total_tokens_in >= 0),
  total_tokens_out INTEGER NOT NULL DEFAULT 0 CHECK (total_tokens_out >= 0),
  total_cost_nanos INTEGER NOT NULL DEFAULT 0 CHECK (total_cost_nanos >= 0),
  total_cost REAL GENERATED ALWAYS AS (total_cost_nanos / 1e9) STORED,
  message_count INTEGER NOT NULL DEFAULT 0 CHECK (message_count >= 0),
  tool_calls_count INTEGER NOT NULL DEFAULT 0 CHECK (tool_calls_count >= 0),
  is_archived INTEGER NOT NULL DEFAULT 0 CHECK (is_archived IN (0, 1)),
  parent_session_id TEXT REFERENCES sessions(id) ON DELETE SET NULL,
  metadata TEXT CHECK (json_valid(metadata))
) STRICT;
CREATE INDEX sessions_updated ON sessions(updated_at DESC, id);
CREATE INDEX sessions_created ON sessions(created_at DESC, id);
CREATE INDEX sessions_project ON sessions(project_id, updated_at DESC) WHERE project_id IS NOT NULL;
CREATE INDEX sessions_parent ON sessions(parent_session_id) WHERE parent_session_id IS NOT NULL;

CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'system', 'tool')),
  content TEXT,
  identifiers TEXT,
  tool_calls TEXT CHECK (json_valid(tool_calls)),
  tool_call_id TEXT,
  tokens INTEGER NOT NULL DEFAULT 0 CHECK (tokens >= 0),
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  operation_id TEXT CHECK (operation_id <> ''),
  metadata TEXT CHECK (json_valid(metadata))
) STRICT;
CREATE INDEX messages_session ON messages(session_id, id);
CREATE UNIQUE INDEX messages_operation ON messages(session_id, operation_id) WHERE operation_id IS NOT NULL;


CREATE VIRTUAL TABLE messages_fts USING fts5(
  content, identifiers, content = 'messages', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER messages_ai AFTER INSERT ON messages  BEGIN INSERT INTO messages_fts(rowid, content, identifiers) VALUES (new.id, new.content, new.identifiers); END;
CREATE TRIGGER messages_ad AFTER DELETE ON messages  BEGIN INSERT INTO messages_fts(messages_fts, rowid, content, identifiers)
    VALUES ('delete', old.id, old.content, old.identifiers); END;
CREATE TRIGGER messages_au AFTER UPDATE OF id, content, identifiers ON messages  BEGIN
  INSERT INTO messages_fts(messages_fts, rowid, content, identifiers)
    VALUES ('delete', old.id, old.content, old.identifiers); INSERT INTO messages_fts(rowid, content, identifiers) VALUES (new.id, new.content, new.identifiers);
END;

CREATE TRIGGER messages_counted_ai AFTER INSERT ON messages BEGIN
  UPDATE sessions SET message_count = message_count + 1, updated_at = max(updated_at, new.created_at)
  WHERE id = new.session_id;
END;
CREATE TRIGGER messages_counted_ad AFTER DELETE ON messages BEGIN
  UPDATE sessions SET message_count = message_count - 1 WHERE id = old.session_id;
END;
CREATE TRIGGER messages_counted_au AFTER UPDATE OF session_id ON messages BEGIN
  UPDATE sessions SET message_count = message_count - 1 WHERE id = old.session_id;
  UPDATE sessions SET message_count = message_count + 1 WHERE id = new.session_id;
END;
`,
  5: `
INSERT INTO adoption_rejects (source_table, reason, row)
  SELECT 'sessions', 'no calendar has one of its instants', json_object('id', id, 'created_at', created_at, 'updated_at', updated_at) FROM sessions WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at) AND updated_at IS strftime('%Y-%m-%dT%H:%M:%fZ', updated_at));
UPDATE sessions SET
    created_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', created_at), substr(created_at, 1, 4) || '-12-31T23:59:59.999Z'),
    updated_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at), substr(updated_at, 1, 4) || '-12-31T23:59:59.999Z')
  WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at) AND updated_at IS strftime('%Y-%m-%dT%H:%M:%fZ', updated_at));

CREATE INDEX sessions_missing_parent ON sessions(metadata ->> 'missingParentSessionId')
  WHERE metadata ->> 'missingParentSessionId' IS NOT NULL;
UPDATE sessions SET parent_session_id = metadata ->> 'missingParentSessionId',
    metadata = nullif(json_remove(metadata, '$.missingParentSessionId'), '{}')
  WHERE metadata ->> 'missingParentSessionId' IN (SELECT id FROM sessions) AND metadata ->> 'missingParentSessionId' <> id;
CREATE TRIGGER sessions_parent_ai AFTER INSERT ON sessions BEGIN
  UPDATE sessions SET parent_session_id = new.id,
      metadata = nullif(json_remove(metadata, '$.missingParentSessionId'), '{}')
    WHERE metadata ->> 'missingParentSessionId' = new.id AND id <> new.id;
END;
CREATE TRIGGER sessions_child_ai AFTER INSERT ON sessions WHEN new.metadata ->> 'missingParentSessionId' IS NOT NULL BEGIN
  UPDATE sessions SET parent_session_id = metadata ->> 'missingParentSessionId',
      metadata = nullif(json_remove(metadata, '$.missingParentSessionId'), '{}')
    WHERE id = new.id AND metadata ->> 'missingParentSessionId' <> id
      AND metadata ->> 'missingParentSessionId' IN (SELECT id FROM sessions);
END;

ALTER TABLE sessions ADD COLUMN message_rows INTEGER NOT NULL DEFAULT 0 CHECK (message_rows >= 0);
UPDATE sessions SET message_rows = (SELECT count(*) FROM messages WHERE session_id = sessions.id);
UPDATE sessions SET message_count = message_rows WHERE message_count <> message_rows;
DROP TRIGGER messages_counted_ai;
DROP TRIGGER messages_counted_ad;
DROP TRIGGER messages_counted_au;
CREATE TRIGGER messages_counted_ai AFTER INSERT ON messages BEGIN
  UPDATE sessions SET message_rows = message_rows + 1, message_count = message_rows + 1,
      updated_at = CASE WHEN updated_at <= new.created_at THEN new.created_at
        WHEN updated_at > strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+1 day') THEN new.created_at ELSE updated_at END
    WHERE id = new.session_id;
END;
CREATE TRIGGER messages_counted_ad AFTER DELETE ON messages BEGIN
  UPDATE sessions SET message_rows = message_rows - 1, message_count = message_rows - 1 WHERE id = old.session_id;
END;
CREATE TRIGGER messages_counted_au AFTER UPDATE OF session_id ON messages WHEN old.session_id <> new.session_id BEGIN
  UPDATE sessions SET message_rows = message_rows - 1, message_count = message_rows - 1 WHERE id = old.session_id;
  UPDATE sessions SET message_rows = message_rows + 1, message_count = message_rows + 1 WHERE id = new.session_id;
END;
CREATE TRIGGER sessions_counted_ai AFTER INSERT ON sessions
WHEN new.message_count <> 0 OR new.message_rows <> 0 OR EXISTS (SELECT 1 FROM messages WHERE session_id = new.id) BEGIN
  UPDATE sessions SET (message_rows, message_count) = (SELECT count(*), count(*) FROM messages WHERE session_id = new.id)
    WHERE id = new.id;
END;
CREATE TRIGGER sessions_counted_au AFTER UPDATE OF id, message_count ON sessions
WHEN old.id <> new.id OR new.message_count <> new.message_rows BEGIN
  UPDATE sessions SET (message_rows, message_count) = (SELECT count(*), count(*) FROM messages WHERE session_id = new.id)
    WHERE id = new.id;
END;

CREATE TRIGGER messages_replaced_bi BEFORE INSERT ON messages
WHEN (SELECT NOT replaces FROM conflict_probe) AND EXISTS (
  SELECT 1 FROM messages WHERE id = nullif(new.id, -1)
    OR session_id = new.session_id AND operation_id = new.operation_id
) BEGIN
  INSERT OR IGNORE INTO conflict_probe (id, replaces) VALUES (1, 1);
  DELETE FROM messages WHERE (SELECT replaces FROM conflict_probe) AND (
    id = nullif(new.id, -1)
    OR session_id = new.session_id AND operation_id = new.operation_id);
  UPDATE conflict_probe SET replaces = 0 WHERE replaces;
END;
CREATE TRIGGER messages_replaced_bu BEFORE UPDATE OF id, session_id, operation_id ON messages
WHEN (SELECT NOT replaces FROM conflict_probe) AND EXISTS (
  SELECT 1 FROM messages WHERE id <> old.id AND (
    id = new.id
    OR session_id = new.session_id AND operation_id = new.operation_id)
) BEGIN
  INSERT OR IGNORE INTO conflict_probe (id, replaces) VALUES (1, 1);
  DELETE FROM messages WHERE (SELECT replaces FROM conflict_probe) AND id <> old.id AND (
    id = new.id
    OR session_id = new.session_id AND operation_id = new.operation_id);
  UPDATE conflict_probe SET replaces = 0 WHERE replaces;
END;

CREATE TRIGGER sessions_instants_ai AFTER INSERT ON sessions WHEN NOT (new.created_at GLOB '*Z' AND new.updated_at GLOB '*Z') BEGIN
  UPDATE sessions SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at),
      updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', updated_at)
    WHERE id = new.id;
END;
CREATE TRIGGER sessions_instants_au AFTER UPDATE OF created_at, updated_at ON sessions WHEN NOT (new.created_at GLOB '*Z' AND new.updated_at GLOB '*Z') BEGIN
  UPDATE sessions SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at),
      updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', updated_at)
    WHERE id = new.id;
END;

INSERT INTO adoption_rejects (source_table, reason, row)
  SELECT 'messages', 'no calendar has one of its instants', json_object('id', id, 'created_at', created_at) FROM messages WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at));
UPDATE messages SET
    created_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', created_at), substr(created_at, 1, 4) || '-12-31T23:59:59.999Z')
  WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at));
CREATE TRIGGER messages_instants_ai AFTER INSERT ON messages WHEN NOT (new.created_at GLOB '*Z') BEGIN
  UPDATE messages SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at)
    WHERE id = new.id;
  UPDATE sessions SET updated_at = max(updated_at, strftime('%Y-%m-%dT%H:%M:%fZ', new.created_at)) WHERE id = new.session_id;
END;
CREATE TRIGGER messages_instants_au AFTER UPDATE OF created_at ON messages WHEN NOT (new.created_at GLOB '*Z') BEGIN
  UPDATE messages SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at)
    WHERE id = new.id;
END;

CREATE TABLE session_lineage (
  session_id TEXT NOT NULL PRIMARY KEY,
  parent_session_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_lineage_parent ON session_lineage(parent_session_id);
INSERT INTO session_lineage (session_id, parent_session_id)
  SELECT id, coalesce(parent_session_id, metadata ->> 'missingParentSessionId') AS parent FROM sessions WHERE parent <> id;
CREATE TRIGGER sessions_lineage_ai AFTER INSERT ON sessions BEGIN
  DELETE FROM session_lineage WHERE session_id = new.id;
  INSERT INTO session_lineage (session_id, parent_session_id)
    SELECT new.id, parent FROM (SELECT coalesce(new.parent_session_id, new.metadata ->> 'missingParentSessionId') AS parent)
    WHERE parent <> new.id;
END;
CREATE TRIGGER sessions_lineage_au AFTER UPDATE OF parent_session_id ON sessions
WHEN new.parent_session_id IS NOT NULL OR EXISTS (SELECT 1 FROM sessions WHERE id = old.parent_session_id) BEGIN
  DELETE FROM session_lineage WHERE session_id = new.id;
  INSERT INTO session_lineage (session_id, parent_session_id)
    SELECT new.id, new.parent_session_id WHERE new.parent_session_id <> new.id;
END;
`,
};
