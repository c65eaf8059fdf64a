import { optionalName, timestamp, wholeFloats } from './column-rules.ts';

/**
 * The semantic index of code: one row a chunk of a file, the content under which each file was indexed, and every vector
 * that was ever paid for, by the content it stands for and the model that made it.
 */
export const codeEmbeddings = `
CREATE TABLE code_embeddings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL CHECK (project_id <> ''),
  file_path TEXT NOT NULL CHECK (file_path <> ''),
  chunk_index INTEGER NOT NULL CHECK (chunk_index >= 0),
  chunk_text TEXT NOT NULL,
  chunk_hash TEXT NOT NULL,
  embedding BLOB NOT NULL ${wholeFloats('embedding')},
  ${optionalName('embedding_model')},
  symbol_type TEXT,
  symbol_name TEXT,
  start_line INTEGER,
  end_line INTEGER,
  language TEXT,
  ${timestamp('created_at')},
  ${timestamp('updated_at')},
  UNIQUE (project_id, file_path, chunk_index)
) STRICT;
CREATE INDEX code_embeddings_model ON code_embeddings(embedding_model);
CREATE INDEX code_embeddings_symbol ON code_embeddings(symbol_name) WHERE symbol_name IS NOT NULL;

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
