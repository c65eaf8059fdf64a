import type { Database } from '@codebuddy/db-core';
import { contextOf, laterInstant, MEMORY_COLUMNS } from '@codebuddy/db-core/internal';

const COLUMNS = MEMORY_COLUMNS.join(', ');
const WRITTEN = [
  ...MEMORY_COLUMNS.filter((column) => column !== 'superseded_by' && column !== 'superseded_at'),
  'embedding_owed',
  'identifiers',
];
const INSERT = `INSERT INTO memories (${WRITTEN.join(', ')}) VALUES (${WRITTEN.map((column) => `@${column}`).join(', ')})`;
const IDENTITY =
  "user_id = @user_id AND scope = @scope AND ifnull(project_id, '') = ifnull(@project_id, '') AND content = @content";
const LIVE = 'superseded_at IS NULL AND (expires_at IS NULL OR expires_at > @now)';

/** Prepares every fixed statement on memories. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `memories.${operation}`);
  return {
    insertIfNew: prepare('import', `${INSERT} ON CONFLICT DO NOTHING`),

    create: prepare(
      'create',
      `${INSERT} ON CONFLICT (user_id, scope, ifnull(project_id, ''), content) WHERE superseded_at IS NULL DO NOTHING
       RETURNING ${COLUMNS}`,
    ),

    // Said again: the newer type and the higher importance win, the memory counts as used, and lives as long as the longer of both.
    sayAgain: prepare(
      'create',
      `UPDATE memories SET
         type = @type,
         importance = max(importance, @importance),
         access_count = access_count + 1,
         last_accessed = ${laterInstant('last_accessed', '@last_accessed')},
         expires_at = CASE WHEN expires_at IS NOT NULL AND @expires_at IS NOT NULL THEN max(expires_at, @expires_at) END,
         embedding = coalesce(@embedding, embedding),
         embedding_model = iif(@embedding IS NULL, embedding_model, @embedding_model),
         embedding_owed = coalesce(@embedding, embedding) IS NULL AND max(embedding_owed, @embedding_owed),
         metadata = @metadata
       WHERE id = @id RETURNING ${COLUMNS}`,
    ),

    // What has expired is in nobody's way.
    deleteOutlived: prepare(
      'create',
      `DELETE FROM memories WHERE ${IDENTITY} AND superseded_at IS NULL AND expires_at <= @last_accessed`,
    ),

    // Two entries of an import are one memory: as the upgrade of older files merges them.
    merge: prepare(
      'merge',
      `UPDATE memories SET
         importance = max(importance, @importance),
         access_count = access_count + @access_count,
         created_at = min(created_at, @created_at),
         last_accessed = max(last_accessed, @last_accessed),
         expires_at = CASE WHEN expires_at IS NULL OR @expires_at IS NULL THEN NULL ELSE max(expires_at, @expires_at) END,
         embedding = coalesce(embedding, @embedding),
         embedding_model = CASE WHEN embedding IS NULL THEN @embedding_model ELSE embedding_model END,
         embedding_owed = embedding_owed AND coalesce(embedding, @embedding) IS NULL,
         metadata = @metadata
       WHERE ${IDENTITY} AND superseded_at IS NULL`,
    ),

    read: prepare('read', `SELECT ${COLUMNS} FROM memories WHERE id = @id`),

    readUnexpired: prepare(
      'getById',
      `SELECT ${COLUMNS} FROM memories WHERE id = @id AND (expires_at IS NULL OR expires_at > @now)`,
    ),

    addUses: prepare(
      'countUses',
      `UPDATE memories SET access_count = access_count + @uses, last_accessed = ${laterInstant('last_accessed', '@usedAt')}
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
