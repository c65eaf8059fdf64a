import type { Migrations } from '../../table-kit/migrations.ts';

/**
 * The semantic index of code: a row for each chunk of a file, which points to its content. A string and its vector are
 * stored once, however many branches and worktrees have the chunk; triggers collect what no chunk points to any more.
 * The view shows both together, as one table of earlier releases did.
 */
export const migrations: Migrations = {
  4: `
CREATE TABLE code_contents (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  text TEXT NOT NULL,
  identifiers TEXT,
  embedding BLOB NOT NULL CHECK (length(embedding) > 0 AND length(embedding) % 4 = 0),
  embedding_model TEXT NOT NULL CHECK (embedding_model <> '')
) STRICT;
CREATE INDEX code_contents_model ON code_contents(embedding_model);

INSERT INTO full_text_bounds VALUES ('code_contents', 0x7fffffffffffffff);
CREATE VIRTUAL TABLE code_contents_fts USING fts5(
  text, identifiers, content = 'code_contents', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER code_contents_ai AFTER INSERT ON code_contents WHEN new.id <= (SELECT indexed_to FROM full_text_bounds WHERE source = 'code_contents') BEGIN INSERT INTO code_contents_fts(rowid, text, identifiers) VALUES (new.id, new.text, new.identifiers); END;
CREATE TRIGGER code_contents_ad AFTER DELETE ON code_contents WHEN old.id <= (SELECT indexed_to FROM full_text_bounds WHERE source = 'code_contents') BEGIN INSERT INTO code_contents_fts(code_contents_fts, rowid, text, identifiers)
    VALUES ('delete', old.id, old.text, old.identifiers); END;
CREATE TRIGGER code_contents_au AFTER UPDATE OF id, text, identifiers ON code_contents WHEN old.id <= (SELECT indexed_to FROM full_text_bounds WHERE source = 'code_contents') BEGIN
  INSERT INTO code_contents_fts(code_contents_fts, rowid, text, identifiers)
    VALUES ('delete', old.id, old.text, old.identifiers); INSERT INTO code_contents_fts(rowid, text, identifiers) VALUES (new.id, new.text, new.identifiers);
END;


CREATE TABLE code_chunks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL CHECK (project_id <> ''),
  file_path TEXT NOT NULL CHECK (file_path <> ''),
  chunk_index INTEGER NOT NULL CHECK (chunk_index >= 0),
  chunk_hash TEXT NOT NULL,
  content_id INTEGER NOT NULL REFERENCES code_contents(id),
  symbol_type TEXT,
  symbol_name TEXT,
  start_line INTEGER,
  end_line INTEGER,
  language TEXT,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  UNIQUE (project_id, file_path, chunk_index)
) STRICT;
CREATE INDEX code_chunks_content ON code_chunks(content_id);
CREATE INDEX code_chunks_symbol ON code_chunks(symbol_name) WHERE symbol_name IS NOT NULL;
CREATE TRIGGER code_contents_collected_ad AFTER DELETE ON code_chunks BEGIN
  DELETE FROM code_contents WHERE id = old.content_id
    AND NOT EXISTS (SELECT 1 FROM code_chunks WHERE content_id = old.content_id);
END;
CREATE TRIGGER code_contents_collected_au AFTER UPDATE OF content_id ON code_chunks
WHEN old.content_id <> new.content_id BEGIN
  DELETE FROM code_contents WHERE id = old.content_id
    AND NOT EXISTS (SELECT 1 FROM code_chunks WHERE content_id = old.content_id);
END;

CREATE TABLE code_chunks_vector_changes (
  position INTEGER PRIMARY KEY,
  key INTEGER NOT NULL,
  tag INTEGER NOT NULL DEFAULT (random() & 0xffffffff)
) STRICT;
CREATE TRIGGER code_chunks_vectors_ai AFTER INSERT ON code_chunks BEGIN
  INSERT INTO code_chunks_vector_changes (key) VALUES (new.id);
END;
CREATE TRIGGER code_chunks_vectors_ad AFTER DELETE ON code_chunks BEGIN
  INSERT INTO code_chunks_vector_changes (key) VALUES (old.id);
END;
CREATE TRIGGER code_chunks_vectors_au AFTER UPDATE OF id, content_id, project_id, symbol_type, language ON code_chunks
WHEN old.id IS NOT new.id OR old.content_id IS NOT new.content_id OR old.project_id IS NOT new.project_id OR old.symbol_type IS NOT new.symbol_type OR old.language IS NOT new.language BEGIN
  INSERT INTO code_chunks_vector_changes (key) VALUES (new.id);
  INSERT INTO code_chunks_vector_changes (key) SELECT old.id WHERE old.id <> new.id;
END;
CREATE TRIGGER code_contents_vectors_au AFTER UPDATE OF embedding, embedding_model ON code_contents
WHEN old.embedding IS NOT new.embedding OR old.embedding_model <> new.embedding_model BEGIN
  INSERT INTO code_chunks_vector_changes (key) SELECT id FROM code_chunks WHERE content_id = new.id;
END;

CREATE VIEW code_embeddings AS
SELECT k.id, k.project_id, k.file_path, k.chunk_index, c.text AS chunk_text, k.chunk_hash, c.embedding, c.embedding_model,
  k.symbol_type, k.symbol_name, k.start_line, k.end_line, k.language, k.created_at, k.updated_at
FROM code_chunks AS k JOIN code_contents AS c ON c.id = k.content_id;

CREATE TABLE indexed_files (
  project_id TEXT NOT NULL,
  file_path TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  indexed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (indexed_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  PRIMARY KEY (project_id, file_path)
) STRICT, WITHOUT ROWID;

CREATE TABLE embedding_cache (
  content_hash TEXT NOT NULL,
  model TEXT NOT NULL,
  embedding BLOB NOT NULL CHECK (length(embedding) > 0 AND length(embedding) % 4 = 0),
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  PRIMARY KEY (content_hash, model)
) STRICT;
`,
  5: `
CREATE TRIGGER code_contents_replaced_bi BEFORE INSERT ON code_contents
WHEN (SELECT NOT replaces FROM conflict_probe) AND EXISTS (
  SELECT 1 FROM code_contents WHERE id = nullif(new.id, -1)
    OR hash = new.hash
) BEGIN
  INSERT OR IGNORE INTO conflict_probe (id, replaces) VALUES (1, 1);
  DELETE FROM code_contents WHERE (SELECT replaces FROM conflict_probe) AND (
    id = nullif(new.id, -1)
    OR hash = new.hash);
  UPDATE conflict_probe SET replaces = 0 WHERE replaces;
END;
CREATE TRIGGER code_contents_replaced_bu BEFORE UPDATE OF id, hash ON code_contents
WHEN (SELECT NOT replaces FROM conflict_probe) AND EXISTS (
  SELECT 1 FROM code_contents WHERE id <> old.id AND (
    id = new.id
    OR hash = new.hash)
) BEGIN
  INSERT OR IGNORE INTO conflict_probe (id, replaces) VALUES (1, 1);
  DELETE FROM code_contents WHERE (SELECT replaces FROM conflict_probe) AND id <> old.id AND (
    id = new.id
    OR hash = new.hash);
  UPDATE conflict_probe SET replaces = 0 WHERE replaces;
END;

CREATE TRIGGER code_chunks_replaced_bi BEFORE INSERT ON code_chunks
WHEN (SELECT NOT replaces FROM conflict_probe) AND EXISTS (
  SELECT 1 FROM code_chunks WHERE id = nullif(new.id, -1)
    OR project_id = new.project_id AND file_path = new.file_path AND chunk_index = new.chunk_index
) BEGIN
  INSERT OR IGNORE INTO conflict_probe (id, replaces) VALUES (1, 1);
  DELETE FROM code_chunks WHERE (SELECT replaces FROM conflict_probe) AND (
    id = nullif(new.id, -1)
    OR project_id = new.project_id AND file_path = new.file_path AND chunk_index = new.chunk_index);
  UPDATE conflict_probe SET replaces = 0 WHERE replaces;
END;
CREATE TRIGGER code_chunks_replaced_bu BEFORE UPDATE OF id, project_id, file_path, chunk_index ON code_chunks
WHEN (SELECT NOT replaces FROM conflict_probe) AND EXISTS (
  SELECT 1 FROM code_chunks WHERE id <> old.id AND (
    id = new.id
    OR project_id = new.project_id AND file_path = new.file_path AND chunk_index = new.chunk_index)
) BEGIN
  INSERT OR IGNORE INTO conflict_probe (id, replaces) VALUES (1, 1);
  DELETE FROM code_chunks WHERE (SELECT replaces FROM conflict_probe) AND id <> old.id AND (
    id = new.id
    OR project_id = new.project_id AND file_path = new.file_path AND chunk_index = new.chunk_index);
  UPDATE conflict_probe SET replaces = 0 WHERE replaces;
END;

CREATE TRIGGER code_embeddings_ii INSTEAD OF INSERT ON code_embeddings BEGIN
  INSERT INTO code_contents (hash, text, embedding, embedding_model)
    VALUES (randomblob(32), new.chunk_text, new.embedding, ifnull(new.embedding_model, 'unknown'));
  INSERT INTO code_chunks (id, project_id, file_path, chunk_index, chunk_hash, content_id, symbol_type, symbol_name, start_line,
      end_line, language, created_at, updated_at)
    VALUES (new.id, new.project_id, new.file_path, new.chunk_index, new.chunk_hash, (SELECT max(id) FROM code_contents),
      new.symbol_type, new.symbol_name, new.start_line, new.end_line, new.language,
      strftime('%Y-%m-%dT%H:%M:%fZ', ifnull(new.created_at, 'now')), strftime('%Y-%m-%dT%H:%M:%fZ', ifnull(new.updated_at, 'now')));
  DELETE FROM code_contents WHERE id = (SELECT max(id) FROM code_contents)
    AND NOT EXISTS (SELECT 1 FROM code_chunks WHERE content_id = code_contents.id);
  DELETE FROM indexed_files WHERE project_id = new.project_id AND file_path = new.file_path;
END;
CREATE TRIGGER code_embeddings_iu INSTEAD OF UPDATE ON code_embeddings BEGIN
  INSERT INTO code_contents (hash, text, embedding, embedding_model)
    SELECT randomblob(32), new.chunk_text, new.embedding, ifnull(new.embedding_model, 'unknown')
    WHERE (new.chunk_text, new.embedding, new.embedding_model) IS NOT (old.chunk_text, old.embedding, old.embedding_model);
  UPDATE code_chunks SET id = new.id, project_id = new.project_id, file_path = new.file_path, chunk_index = new.chunk_index,
      chunk_hash = new.chunk_hash, symbol_type = new.symbol_type, symbol_name = new.symbol_name, start_line = new.start_line,
      end_line = new.end_line, language = new.language, created_at = strftime('%Y-%m-%dT%H:%M:%fZ', new.created_at),
      updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', new.updated_at),
      content_id = iif((new.chunk_text, new.embedding, new.embedding_model) IS (old.chunk_text, old.embedding, old.embedding_model),
        content_id, (SELECT max(id) FROM code_contents))
    WHERE id = old.id;
  DELETE FROM code_contents WHERE id = (SELECT max(id) FROM code_contents)
    AND NOT EXISTS (SELECT 1 FROM code_chunks WHERE content_id = code_contents.id);
  DELETE FROM indexed_files WHERE project_id IN (old.project_id, new.project_id) AND file_path IN (old.file_path, new.file_path);
END;
CREATE TRIGGER code_embeddings_id INSTEAD OF DELETE ON code_embeddings BEGIN
  DELETE FROM code_chunks WHERE id = old.id;
  DELETE FROM indexed_files WHERE project_id = old.project_id AND file_path = old.file_path;
END;
`,
};
