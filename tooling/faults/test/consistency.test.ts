import { PersistentAnalytics } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import type { Database } from '@codebuddy/db-core';
import { fakeClock, temporaryDatabase } from '@codebuddy/db-core/testing';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { CheckpointRepository, SessionRepository } from '@codebuddy/db-sessions';
import { describe, expect, it } from 'vitest';
import { findInconsistencies } from '../src/consistency.ts';

const VECTOR = Float32Array.of(1, 2);

/** As long as the vectors that searches are compared with, and of their model. */
const COMPARED = { embedding: Float32Array.from({ length: 16 }, (_, i) => i), embedding_model: 'm' };

/** Some of everything, under several values of each filter. */
function fill(db: Database): void {
  const memories = new MemoryRepository(db);
  for (const [index, type] of (['fact', 'error', 'preference'] as const).entries())
    memories.create({
      id: type,
      type,
      scope: index === 0 ? 'user' : 'project',
      content: `the same word in memory ${index}, for getUserById and everybody`,
      importance: index / 2,
      ...COMPARED,
      ...(index === 0 ? {} : { project_id: `p${index}` }),
    });
  memories.supersede('error', { id: 'newer', type: 'error', content: 'a newer one for everybody' });
  const clock = fakeClock();
  const sessions = new SessionRepository(db, { clock });
  sessions.createSession({ id: 'root', project_id: 'p1' });
  sessions.createSession({ id: 'child', parent_session_id: 'root' });
  for (const session_id of ['root', 'child'])
    for (const role of ['user', 'assistant'] as const) {
      clock.advance(1_000);
      sessions.addMessage({ session_id, role, content: `${role} of ${session_id} says hello` });
    }
  const index = new EmbeddingRepository(db);
  for (const [number, language] of ['ts', 'py'].entries())
    for (const name of ['first', 'second'])
      index.replaceFile(number === 0 ? 'shop' : 'site', `${name}.${language}`, 'h', [
        {
          chunk_text: `all code of ${name} is here`,
          ...(number === 0 ? COMPARED : { embedding: VECTOR, embedding_model: 'n' }),
          language,
          symbol_type: name === 'first' ? 'function' : 'class',
          symbol_name: name,
        },
      ]);
  new CacheRepository(db).set(
    'k',
    { a: 1 },
    { tags: ['t'], category: 'c', embedding: COMPARED.embedding, embeddingModel: 'm' },
  );
  const content = Buffer.from('content');
  new CheckpointRepository(db).create({ id: 'c', project_id: 'p', files: [{ file_path: 'a.ts', content }] });
  const analytics = new PersistentAnalytics({}, { db });
  for (const sessionId of ['root', 'child'])
    analytics.record({ model: 'm', tokensIn: 1, tokensOut: 1, cost: 0.5, sessionId });
}

describe('the check for consistency', () => {
  it('finds nothing wrong with what the repositories stored', async () => {
    using database = await temporaryDatabase();
    fill(database.db);
    expect(findInconsistencies(database.db)).toEqual([]);
  });

  it.each([
    [
      'a wrong count of messages',
      'message_count: root',
      "DROP TRIGGER sessions_counted_au; UPDATE sessions SET message_count = 7 WHERE id = 'root'",
    ],
    ['wrong totals of the cache', 'cache_totals', 'UPDATE cache_totals SET bytes = bytes + 1'],
    ['a wrong count of files', 'file_count: c', 'UPDATE checkpoints SET file_count = 2'],
    ['a wrong size of files', 'file_count: c', 'UPDATE checkpoints SET total_size = 2'],
    ['contents that no checkpoint has', 'contents that no file has', 'DELETE FROM checkpoints'],
    [
      'a day that cost less than its requests',
      'days that cost less',
      'UPDATE analytics SET cost_nanos = cost_nanos - 1',
    ],
    ['requests on no day', 'days that cost less', 'DELETE FROM analytics'],
    [
      'a memory out of its index',
      'memories with {}: fact has',
      outOfIndex('memories', 'seq', 'content', "id = 'fact'"),
    ],
    ['a message out of its index', 'messages with {}: 1 has', outOfIndex('messages', 'id', 'content', 'id = 1')],
    ['a chunk out of its index', 'chunks with {}: 1 has', outOfIndex('code_contents', 'id', 'text', 'id = 1')],
    [
      'a memory that is filtered by what it was',
      'vectors of memories with [{"keyword":"type"',
      "DROP TRIGGER memories_vectors_au; UPDATE memories SET type = 'pattern'",
    ],
    [
      'a chunk that is filtered by what it was',
      'vectors of code_chunks with [{"keyword":"language"',
      "DROP TRIGGER code_chunks_vectors_au; UPDATE code_chunks SET language = 'go'",
    ],
    [
      'an entry that is filtered by what it was',
      'vectors of cache with [{"keyword":"category"',
      "DROP TRIGGER cache_vectors_au; UPDATE cache SET category = 'd'",
    ],
  ])('tells of %s', async (_what, told, sql) => {
    using database = await temporaryDatabase();
    fill(database.db);
    database.manager.rebuildVectorIndex();
    database.db.exec(sql);
    expect(findInconsistencies(database.db)).toContainEqual(expect.stringContaining(told));
  });
});

/** SQL that takes a row out of its full-text index. */
function outOfIndex(table: string, key: string, column: string, where: string): string {
  return `INSERT INTO ${table}_fts (${table}_fts, rowid, ${column}, identifiers)
    SELECT 'delete', ${key}, ${column}, identifiers FROM ${table} WHERE ${where}`;
}
