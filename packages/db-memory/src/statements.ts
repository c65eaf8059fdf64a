import type { Database } from '@codebuddy/db-core';
import { contextOf, MEMORY_COLUMNS } from '@codebuddy/db-core/internal';

const COLUMNS = MEMORY_COLUMNS.join(', ');
const WRITTEN = [
  ...MEMORY_COLUMNS.filter((column) => column !== 'superseded_by' && column !== 'superseded_at'),
  'embedding_owed',
  'identifiers',
];
const INSERT = `INSERT INTO memories (${WRITTEN.join(', ')}) VALUES (${WRITTEN.map((column) => `@${column}`).join(', ')})`;
const IDENTITY = "scope = @scope AND ifnull(project_id, '') = ifnull(@project_id, '') AND content = @content";
const LIVE = 'superseded_at IS NULL AND (expires_at IS NULL OR expires_at > @now)';

/** Prepares every fixed statement on memories. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `memories.${operation}`);
  return {
    insertIfNew: prepare('import', `${INSERT} ON CONFLICT DO NOTHING`),

    // Said again: the higher importance wins, the memory counts as used, and it lives as long as the longer of both.
    upsert: prepare(
      'create',
      `${INSERT}
       ON CONFLICT (scope, ifnull(project_id, ''), content) WHERE superseded_at IS NULL DO UPDATE SET
         importance = max(memories.importance, excluded.importance),
         access_count = memories.access_count + 1,
         last_accessed = max(memories.last_accessed, excluded.last_accessed),
         expires_at = CASE WHEN memories.expires_at IS NULL OR excluded.expires_at IS NULL THEN NULL
           ELSE max(memories.expires_at, excluded.expires_at) END,
         embedding = coalesce(excluded.embedding, memories.embedding),
         embedding_model = CASE WHEN excluded.embedding IS NULL THEN memories.embedding_model
           ELSE excluded.embedding_model END,
         embedding_owed = coalesce(excluded.embedding, memories.embedding) IS NULL
           AND max(memories.embedding_owed, excluded.embedding_owed),
         metadata = CASE WHEN memories.metadata IS NULL THEN excluded.metadata
           WHEN excluded.metadata IS NULL THEN memories.metadata
           ELSE json_patch(memories.metadata, excluded.metadata) END
       RETURNING ${COLUMNS}`,
    ),

    read: prepare('read', `SELECT ${COLUMNS} FROM memories WHERE id = @id`),

    readUnexpired: prepare(
      'getById',
      `SELECT ${COLUMNS} FROM memories WHERE id = @id AND (expires_at IS NULL OR expires_at > @now)`,
    ),

    addUses: prepare(
      'countUses',
      `UPDATE memories SET access_count = access_count + @uses, last_accessed = max(last_accessed, @usedAt)
       WHERE id = @id`,
    ),

    locate: prepare('locate', `SELECT ${COLUMNS} FROM memories WHERE ${IDENTITY} AND superseded_at IS NULL`),

    supersede: prepare(
      'supersede',
      'UPDATE memories SET superseded_at = @now WHERE id = @id AND superseded_at IS NULL',
    ),

    linkSuccessor: prepare('supersede', 'UPDATE memories SET superseded_by = @successor WHERE id = @id'),

    // From the memory to its newest successor, and from there to all that it replaced.
    history: prepare(
      'getHistory',
      `WITH RECURSIVE
         later(id, successor) AS (
           SELECT id, superseded_by FROM memories WHERE id = @id
           UNION SELECT m.id, m.superseded_by FROM memories AS m JOIN later ON m.id = later.successor
         ),
         family(id) AS (
           SELECT id FROM later
           UNION SELECT m.id FROM memories AS m JOIN family ON m.superseded_by = family.id
         )
       SELECT ${COLUMNS} FROM memories WHERE id IN (SELECT id FROM family)
       ORDER BY superseded_at IS NULL, superseded_at, seq`,
    ),

    delete: prepare('delete', 'DELETE FROM memories WHERE id = @id'),

    deleteExpired: prepare('deleteExpired', 'DELETE FROM memories WHERE expires_at <= @now'),

    statistics: prepare(
      'getStats',
      `SELECT type, scope, count(*) AS memories, sum(importance) AS importance FROM memories WHERE ${LIVE}
       GROUP BY type, scope ORDER BY type, scope`,
    ),

    pendingEmbedding: prepare(
      'findPendingEmbedding',
      `SELECT ${COLUMNS} FROM memories WHERE embedding_owed AND ${LIVE} ORDER BY seq LIMIT @limit`,
    ),

    countOutdated: prepare(
      'reembed',
      'SELECT count(*) AS memories FROM memories WHERE embedding IS NOT NULL AND embedding_model <> @model',
    ),

    outdated: prepare(
      'reembed',
      `SELECT seq, content FROM memories WHERE embedding IS NOT NULL AND embedding_model <> @model AND seq > @after
       ORDER BY seq LIMIT @limit`,
    ),

    replaceVector: prepare(
      'reembed',
      'UPDATE memories SET embedding = @embedding, embedding_model = @model WHERE seq = @seq AND content = @content',
    ),
  };
}

/** The fixed statements on memories, prepared for one connection. */
export type MemoryStatements = ReturnType<typeof prepareStatements>;
