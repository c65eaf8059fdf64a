import type { Migrations } from '../../table-kit/migrations.ts';

/** The state of files before an edit. A content is stored once, under its SHA-256, however many files have it. */
export const migrations: Migrations = {
  4: `
CREATE TABLE checkpoints (
  id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  project_id TEXT NOT NULL,
  project_path TEXT,
  description TEXT,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  file_count INTEGER NOT NULL DEFAULT 0 CHECK (file_count >= 0),
  total_size INTEGER NOT NULL DEFAULT 0 CHECK (total_size >= 0),
  metadata TEXT CHECK (json_valid(metadata))
) STRICT;
CREATE INDEX checkpoints_project ON checkpoints(project_id, created_at DESC);

CREATE TABLE checkpoint_contents (
  hash TEXT NOT NULL PRIMARY KEY CHECK (length(hash) = 64),
  encoding TEXT NOT NULL CHECK (encoding IN ('raw', 'gzip')),
  size INTEGER NOT NULL DEFAULT 0 CHECK (size >= 0),
  data BLOB NOT NULL
) STRICT;

CREATE TABLE checkpoint_files (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  checkpoint_id TEXT NOT NULL REFERENCES checkpoints(id) ON DELETE CASCADE,
  file_path TEXT NOT NULL CHECK (file_path <> ''),
  content_hash TEXT REFERENCES checkpoint_contents(hash),
  existed INTEGER NOT NULL DEFAULT 1 CHECK (existed IN (0, 1)),
  mode INTEGER,
  UNIQUE (checkpoint_id, file_path)
) STRICT;
CREATE INDEX checkpoint_files_content ON checkpoint_files(content_hash) WHERE content_hash IS NOT NULL;
`,
  5: `
INSERT INTO adoption_rejects (source_table, reason, row)
  SELECT 'checkpoints', 'no calendar has one of its instants', json_object('id', id, 'created_at', created_at) FROM checkpoints WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at));
UPDATE checkpoints SET
    created_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', created_at), substr(created_at, 1, 4) || '-12-31T23:59:59.999Z')
  WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at));
CREATE TRIGGER checkpoints_instants_ai AFTER INSERT ON checkpoints WHEN NOT (new.created_at GLOB '*Z') BEGIN
  UPDATE checkpoints SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at)
    WHERE id = new.id;
END;
CREATE TRIGGER checkpoints_instants_au AFTER UPDATE OF created_at ON checkpoints WHEN NOT (new.created_at GLOB '*Z') BEGIN
  UPDATE checkpoints SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at)
    WHERE id = new.id;
END;
`,
};
