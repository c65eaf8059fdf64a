import { timestamp, wholeFloats } from '../../table-kit/columns.ts';
import { fullTextIndex } from '../../table-kit/full-text-index.ts';
import { vectorLog } from '../../table-kit/vector-log.ts';

/** The columns of a chunk that vector searches ask for. */
const WATCHED = ['id', 'content_id', 'project_id', 'symbol_type', 'language'];

const LOG = 'INSERT INTO code_chunks_vector_changes (key)';

/**
 * The semantic index of code: a row for each chunk of a file, which points to its content. A text and its vector are
 * stored once, however many branches and worktrees have the chunk; triggers collect what no chunk points to any more. The
 * view shows both together, as one table of earlier releases did.
 */
export const codeEmbeddings = `
CREATE TABLE code_contents (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  text TEXT NOT NULL,
  identifiers TEXT,
  embedding BLOB NOT NULL ${wholeFloats('embedding')},
  embedding_model TEXT NOT NULL CHECK (embedding_model <> '')
) STRICT;
CREATE INDEX code_contents_model ON code_contents(embedding_model);
${fullTextIndex({ table: 'code_contents', key: 'id', column: 'text', deferrable: true })}

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
  ${timestamp('created_at')},
  ${timestamp('updated_at')},
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

${vectorLog('code_chunks')}
CREATE TRIGGER code_chunks_vectors_ai AFTER INSERT ON code_chunks BEGIN
  ${LOG} VALUES (new.id);
END;
CREATE TRIGGER code_chunks_vectors_ad AFTER DELETE ON code_chunks BEGIN
  ${LOG} VALUES (old.id);
END;
CREATE TRIGGER code_chunks_vectors_au AFTER UPDATE OF ${WATCHED.join(', ')} ON code_chunks
WHEN ${WATCHED.map((column) => `old.${column} IS NOT new.${column}`).join(' OR ')} BEGIN
  ${LOG} VALUES (new.id);
  ${LOG} SELECT old.id WHERE old.id <> new.id;
END;
CREATE TRIGGER code_contents_vectors_au AFTER UPDATE OF embedding, embedding_model ON code_contents
WHEN old.embedding IS NOT new.embedding OR old.embedding_model <> new.embedding_model BEGIN
  ${LOG} SELECT id FROM code_chunks WHERE content_id = new.id;
END;

CREATE VIEW code_embeddings AS
SELECT k.id, k.project_id, k.file_path, k.chunk_index, c.text AS chunk_text, k.chunk_hash, c.embedding, c.embedding_model,
  k.symbol_type, k.symbol_name, k.start_line, k.end_line, k.language, k.created_at, k.updated_at
FROM code_chunks AS k JOIN code_contents AS c ON c.id = k.content_id;

CREATE TABLE indexed_files (
  project_id TEXT NOT NULL,
  file_path TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  ${timestamp('indexed_at')},
  PRIMARY KEY (project_id, file_path)
) STRICT, WITHOUT ROWID;

CREATE TABLE embedding_cache (
  content_hash TEXT NOT NULL,
  model TEXT NOT NULL,
  embedding BLOB NOT NULL ${wholeFloats('embedding')},
  ${timestamp('created_at')},
  PRIMARY KEY (content_hash, model)
) STRICT;
`;
