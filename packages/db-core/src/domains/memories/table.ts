import type { Migrations } from '../../table-kit/migrations.ts';

/**
 * Long-term memories. A memory is current until `superseded_at` is set; only current ones are unique by content, so
 * that history may hold the same sentence twice. `ifnull` makes the rule hold if there is no project; a `user_id` of '' means
 * that nobody is told apart.
 */
export const migrations: Migrations = {
  4: `
CREATE TABLE memories (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (id <> ''),
  type TEXT NOT NULL CHECK (type IN ('fact', 'preference', 'pattern', 'decision', 'context', 'summary', 'instruction', 'error', 'definition', 'convention')),
  scope TEXT NOT NULL CHECK (scope IN ('user', 'project')),
  project_id TEXT CHECK (project_id <> ''),
  content TEXT NOT NULL CHECK (content <> ''),
  identifiers TEXT,
  embedding BLOB CHECK (length(embedding) > 0 AND length(embedding) % 4 = 0),
  embedding_model TEXT CHECK (embedding_model <> ''),
  embedding_owed INTEGER NOT NULL DEFAULT 0 CHECK (embedding_owed IN (0, 1)),
  importance REAL NOT NULL DEFAULT 0.5 CHECK (importance BETWEEN 0 AND 1),
  access_count INTEGER NOT NULL DEFAULT 0 CHECK (access_count >= 0),
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  last_accessed TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (last_accessed GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  expires_at TEXT CHECK (expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  superseded_by TEXT REFERENCES memories(id) ON DELETE SET NULL,
  superseded_at TEXT CHECK (superseded_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  metadata TEXT CHECK (json_valid(metadata))
) STRICT;
CREATE UNIQUE INDEX memories_identity ON memories(scope, ifnull(project_id, ''), content) WHERE superseded_at IS NULL;
CREATE INDEX memories_rank ON memories(importance DESC, created_at DESC, seq DESC) WHERE superseded_at IS NULL;
CREATE INDEX memories_expiry ON memories(expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX memories_successor ON memories(superseded_by) WHERE superseded_by IS NOT NULL;
CREATE INDEX memories_owed ON memories(seq) WHERE embedding_owed;
CREATE INDEX memories_vectors ON memories(embedding_model, seq) WHERE embedding IS NOT NULL;


CREATE VIRTUAL TABLE memories_fts USING fts5(
  content, identifiers, content = 'memories', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER memories_ai AFTER INSERT ON memories  BEGIN INSERT INTO memories_fts(rowid, content, identifiers) VALUES (new.seq, new.content, new.identifiers); END;
CREATE TRIGGER memories_ad AFTER DELETE ON memories  BEGIN INSERT INTO memories_fts(memories_fts, rowid, content, identifiers)
    VALUES ('delete', old.seq, old.content, old.identifiers); END;
CREATE TRIGGER memories_au AFTER UPDATE OF seq, content, identifiers ON memories  BEGIN
  INSERT INTO memories_fts(memories_fts, rowid, content, identifiers)
    VALUES ('delete', old.seq, old.content, old.identifiers); INSERT INTO memories_fts(rowid, content, identifiers) VALUES (new.seq, new.content, new.identifiers);
END;


CREATE TABLE memories_vector_changes (
  position INTEGER PRIMARY KEY,
  key INTEGER NOT NULL,
  tag INTEGER NOT NULL DEFAULT (random() & 0xffffffff)
) STRICT;
CREATE TRIGGER memories_vectors_ai AFTER INSERT ON memories WHEN new.embedding IS NOT NULL BEGIN
  INSERT INTO memories_vector_changes (key) VALUES (new.seq);
END;
CREATE TRIGGER memories_vectors_ad AFTER DELETE ON memories WHEN old.embedding IS NOT NULL BEGIN
  INSERT INTO memories_vector_changes (key) VALUES (old.seq);
END;
CREATE TRIGGER memories_vectors_au AFTER UPDATE OF seq, embedding, embedding_model, type, scope, project_id, importance, expires_at, superseded_at ON memories
WHEN (old.embedding IS NOT NULL OR new.embedding IS NOT NULL)
  AND (old.seq IS NOT new.seq OR old.embedding IS NOT new.embedding OR old.embedding_model IS NOT new.embedding_model OR old.type IS NOT new.type OR old.scope IS NOT new.scope OR old.project_id IS NOT new.project_id OR old.importance IS NOT new.importance OR old.expires_at IS NOT new.expires_at OR old.superseded_at IS NOT new.superseded_at) BEGIN
  INSERT INTO memories_vector_changes (key) VALUES (new.seq);
  INSERT INTO memories_vector_changes (key) SELECT old.seq WHERE old.seq <> new.seq;
END;

`,
  5: `
INSERT INTO adoption_rejects (source_table, reason, row)
  SELECT 'memories', 'no calendar has one of its instants', json_object('id', id, 'created_at', created_at, 'last_accessed', last_accessed, 'expires_at', expires_at, 'superseded_at', superseded_at) FROM memories WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at) AND last_accessed IS strftime('%Y-%m-%dT%H:%M:%fZ', last_accessed) AND expires_at IS strftime('%Y-%m-%dT%H:%M:%fZ', expires_at) AND superseded_at IS strftime('%Y-%m-%dT%H:%M:%fZ', superseded_at));
UPDATE memories SET
    created_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', created_at), substr(created_at, 1, 4) || '-12-31T23:59:59.999Z'),
    last_accessed = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', last_accessed), substr(last_accessed, 1, 4) || '-12-31T23:59:59.999Z'),
    expires_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', expires_at), substr(expires_at, 1, 4) || '-12-31T23:59:59.999Z'),
    superseded_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', superseded_at), substr(superseded_at, 1, 4) || '-12-31T23:59:59.999Z')
  WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at) AND last_accessed IS strftime('%Y-%m-%dT%H:%M:%fZ', last_accessed) AND expires_at IS strftime('%Y-%m-%dT%H:%M:%fZ', expires_at) AND superseded_at IS strftime('%Y-%m-%dT%H:%M:%fZ', superseded_at));

ALTER TABLE memories ADD COLUMN user_id TEXT NOT NULL DEFAULT '';
DROP INDEX memories_identity;
CREATE UNIQUE INDEX memories_identity ON memories(user_id, scope, ifnull(project_id, ''), content) WHERE superseded_at IS NULL;
CREATE TRIGGER memories_user_vectors_au AFTER UPDATE OF user_id ON memories
WHEN new.embedding IS NOT NULL AND old.user_id <> new.user_id BEGIN
  INSERT INTO memories_vector_changes (key) VALUES (new.seq);
END;

CREATE TRIGGER memories_replaced_bi BEFORE INSERT ON memories
WHEN (SELECT NOT replaces FROM conflict_probe) AND EXISTS (
  SELECT 1 FROM memories WHERE seq = nullif(new.seq, -1)
    OR id = new.id
    OR superseded_at IS NULL AND new.superseded_at IS NULL
      AND user_id = new.user_id AND scope = new.scope AND ifnull(project_id, '') = ifnull(new.project_id, '') AND content = new.content
) BEGIN
  INSERT OR IGNORE INTO conflict_probe (id, replaces) VALUES (1, 1);
  DELETE FROM memories WHERE (SELECT replaces FROM conflict_probe) AND (
    seq = nullif(new.seq, -1)
    OR id = new.id
    OR superseded_at IS NULL AND new.superseded_at IS NULL
      AND user_id = new.user_id AND scope = new.scope AND ifnull(project_id, '') = ifnull(new.project_id, '') AND content = new.content);
  UPDATE conflict_probe SET replaces = 0 WHERE replaces;
END;
CREATE TRIGGER memories_replaced_bu BEFORE UPDATE OF seq, id, user_id, scope, project_id, content, superseded_at ON memories
WHEN (SELECT NOT replaces FROM conflict_probe) AND EXISTS (
  SELECT 1 FROM memories WHERE seq <> old.seq AND (
    seq = new.seq
    OR id = new.id
    OR superseded_at IS NULL AND new.superseded_at IS NULL
      AND user_id = new.user_id AND scope = new.scope AND ifnull(project_id, '') = ifnull(new.project_id, '') AND content = new.content)
) BEGIN
  INSERT OR IGNORE INTO conflict_probe (id, replaces) VALUES (1, 1);
  DELETE FROM memories WHERE (SELECT replaces FROM conflict_probe) AND seq <> old.seq AND (
    seq = new.seq
    OR id = new.id
    OR superseded_at IS NULL AND new.superseded_at IS NULL
      AND user_id = new.user_id AND scope = new.scope AND ifnull(project_id, '') = ifnull(new.project_id, '') AND content = new.content);
  UPDATE conflict_probe SET replaces = 0 WHERE replaces;
END;

CREATE TRIGGER memories_instants_ai AFTER INSERT ON memories WHEN NOT (new.created_at GLOB '*Z' AND new.last_accessed GLOB '*Z' AND ifnull(new.expires_at GLOB '*Z', TRUE) AND ifnull(new.superseded_at GLOB '*Z', TRUE)) BEGIN
  UPDATE memories SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at),
      last_accessed = strftime('%Y-%m-%dT%H:%M:%fZ', last_accessed),
      expires_at = strftime('%Y-%m-%dT%H:%M:%fZ', expires_at),
      superseded_at = strftime('%Y-%m-%dT%H:%M:%fZ', superseded_at)
    WHERE seq = new.seq;
END;
CREATE TRIGGER memories_instants_au AFTER UPDATE OF created_at, last_accessed, expires_at, superseded_at ON memories WHEN NOT (new.created_at GLOB '*Z' AND new.last_accessed GLOB '*Z' AND ifnull(new.expires_at GLOB '*Z', TRUE) AND ifnull(new.superseded_at GLOB '*Z', TRUE)) BEGIN
  UPDATE memories SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at),
      last_accessed = strftime('%Y-%m-%dT%H:%M:%fZ', last_accessed),
      expires_at = strftime('%Y-%m-%dT%H:%M:%fZ', expires_at),
      superseded_at = strftime('%Y-%m-%dT%H:%M:%fZ', superseded_at)
    WHERE seq = new.seq;
END;
`,
};
