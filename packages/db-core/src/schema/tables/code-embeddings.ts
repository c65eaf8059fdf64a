import { optionalName, timestamp, wholeFloats } from './column-rules.ts';

/** The semantic index of code: one row a chunk of a file. */
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
CREATE INDEX code_embeddings_symbol ON code_embeddings(symbol_name) WHERE symbol_name IS NOT NULL;
`;
