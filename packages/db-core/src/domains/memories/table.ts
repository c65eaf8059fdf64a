import {
  counter,
  json,
  oneOf,
  optionalName,
  optionalTimestamp,
  share,
  timestamp,
  wholeFloats,
} from '../../table-kit/columns.ts';
import { fullTextIndex } from '../../table-kit/full-text-index.ts';
import { vectorChanges } from '../../table-kit/vector-log.ts';
import { MEMORY_SCOPES, MEMORY_TYPES } from './record.ts';

/**
 * Long-term memories. A memory is current until `superseded_at` is set; only current ones are unique by content, so
 * that history may hold the same sentence twice. `ifnull` makes the rule hold where there is no project.
 */
export const memories = `
CREATE TABLE memories (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (id <> ''),
  ${oneOf('type', MEMORY_TYPES)},
  ${oneOf('scope', MEMORY_SCOPES)},
  ${optionalName('project_id')},
  content TEXT NOT NULL CHECK (content <> ''),
  identifiers TEXT,
  embedding BLOB ${wholeFloats('embedding')},
  ${optionalName('embedding_model')},
  embedding_owed INTEGER NOT NULL DEFAULT 0 CHECK (embedding_owed IN (0, 1)),
  ${share('importance', 0.5)},
  ${counter('access_count')},
  ${timestamp('created_at')},
  ${timestamp('last_accessed')},
  ${optionalTimestamp('expires_at')},
  superseded_by TEXT REFERENCES memories(id) ON DELETE SET NULL,
  ${optionalTimestamp('superseded_at')},
  ${json('metadata')}
) STRICT;
CREATE UNIQUE INDEX memories_identity ON memories(scope, ifnull(project_id, ''), content) WHERE superseded_at IS NULL;
CREATE INDEX memories_rank ON memories(importance DESC, created_at DESC, seq DESC) WHERE superseded_at IS NULL;
CREATE INDEX memories_expiry ON memories(expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX memories_successor ON memories(superseded_by) WHERE superseded_by IS NOT NULL;
CREATE INDEX memories_owed ON memories(seq) WHERE embedding_owed;
CREATE INDEX memories_vectors ON memories(embedding_model, seq) WHERE embedding IS NOT NULL;
${fullTextIndex({ table: 'memories', key: 'seq', column: 'content' })}
${vectorChanges({
  table: 'memories',
  key: 'seq',
  attributes: ['type', 'scope', 'project_id', 'importance', 'expires_at', 'superseded_at'],
})}
`;
