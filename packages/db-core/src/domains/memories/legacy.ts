import { IDENTIFIERS, MERGED_JSON } from '../../table-kit/content-functions.ts';
import { addUp, type LegacyTables, type TableUpgrade } from '../../table-kit/legacy-tables.ts';

/** The types that version 4 has: rows are copied into its tables, and brought to later versions from there. */
const TYPES = [
  'fact',
  'preference',
  'pattern',
  'decision',
  'context',
  'summary',
  'instruction',
  'error',
  'definition',
  'convention',
];

/** Memories: the copies that a NULL project let through become one, which keeps the highest importance. */
const memories: TableUpgrade = {
  from: 'memories',
  to: 'memories',
  columns: (old) => ({
    id: old.id('id'),
    type: old.oneOf('type', TYPES, 'fact'),
    scope: old.oneOf('scope', ['user', 'project'], 'user'),
    project_id: old.name('project_id'),
    content: old.text('content'),
    identifiers: `${IDENTIFIERS}(${old.text('content')})`,
    embedding: old.vector('embedding'),
    embedding_model: old.unknownModel('embedding'),
    importance: old.share('importance', 0.5),
    access_count: old.count('access_count'),
    created_at: old.firstInstant('created_at', 'last_accessed'),
    last_accessed: old.firstInstant('last_accessed', 'created_at'),
    expires_at: old.instant('expires_at'),
    metadata: `CASE WHEN ${old.isOneOf('type', TYPES)} THEN ${old.jsonObject('metadata')}
      ELSE json_insert(ifnull(${old.jsonObject('metadata')}, '{}'), '$.originalType', ${old.text('type')}) END`,
  }),
  rejects: (old) => ({ 'it has no content': `ifnull(${old.text('content')}, '') = ''` }),
  identity: ['scope', 'project_id', 'content'],
  merge: `ON CONFLICT (scope, ifnull(project_id, ''), content) WHERE superseded_at IS NULL DO UPDATE SET
    importance = max(memories.importance, excluded.importance),
    ${addUp('memories', ['access_count'])},
    created_at = min(memories.created_at, excluded.created_at),
    last_accessed = max(memories.last_accessed, excluded.last_accessed),
    expires_at = CASE WHEN memories.expires_at IS NULL OR excluded.expires_at IS NULL THEN NULL
      ELSE max(memories.expires_at, excluded.expires_at) END,
    embedding = coalesce(memories.embedding, excluded.embedding),
    embedding_model = CASE WHEN memories.embedding IS NULL THEN excluded.embedding_model ELSE memories.embedding_model END,
    metadata = CASE WHEN memories.metadata IS NULL THEN excluded.metadata
      WHEN excluded.metadata IS NULL THEN memories.metadata
      ELSE ${MERGED_JSON}(excluded.metadata, memories.metadata) END`,
};

/** The tables that earlier releases kept this subject in. */
export const legacy: LegacyTables = {
  required: {
    memories: ['id', 'content', 'importance'],
  },
  upgrades: [memories],
};
