import type { Database } from '@codebuddy/db-core';
import { fakeClock, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryRepository } from '../src/index.ts';

describe('the uses of memories', () => {
  const clock = fakeClock();
  let database: TemporaryDatabase;
  let memories: MemoryRepository;
  let other: Database;
  beforeEach(async () => {
    clock.set('2026-01-01T00:00:00.000Z');
    // A call that waits for the other process ends a test by its time limit.
    database = await temporaryDatabase({ busyTimeoutMs: 60_000 });
    memories = new MemoryRepository(database.db, { clock });
    other = database.connectAgain();
  });
  afterEach(() => {
    other.close();
    database[Symbol.dispose]();
  });

  const stored = () => other.prepare('SELECT access_count, last_accessed FROM memories').all();

  it('are counted while another process writes, and are stored when it has', () => {
    const { id } = memories.create({ type: 'fact', content: 'a fact' });
    other.exec('BEGIN IMMEDIATE');
    expect(memories.getById(id)).toMatchObject({ access_count: 1 });
    clock.advance(61_000);
    expect(memories.getById(id)).toMatchObject({ access_count: 2, last_accessed: '2026-01-01T00:01:01.000Z' });
    other.exec('ROLLBACK');
    expect(stored()).toEqual([{ access_count: 0, last_accessed: '2026-01-01T00:00:00.000Z' }]);
    expect(memories.getById(id)).toMatchObject({ access_count: 3 });
    expect(stored()).toEqual([{ access_count: 3, last_accessed: '2026-01-01T00:01:01.000Z' }]);
  });

  it('are seen by every read of the process before they are stored', () => {
    const embedding = Float32Array.of(1, 0);
    const { id } = memories.create({ type: 'fact', content: 'a fact', embedding, embedding_model: 'm' });
    memories.getById(id);
    clock.advance(1_000);
    new MemoryRepository(database.db, { clock }).getById(id);
    const counted = { id, access_count: 2, last_accessed: '2026-01-01T00:00:01.000Z' };
    expect(memories.find()).toMatchObject([counted]);
    expect(memories.search('fact')).toMatchObject([{ memory: counted }]);
    expect(memories.searchSimilar(embedding)).toMatchObject([{ memory: counted }]);
    expect(memories.searchHybrid('fact', embedding)).toMatchObject([{ item: counted }]);
    expect(memories.getHistory(id)).toMatchObject([counted]);
    expect(stored()).toMatchObject([{ access_count: 0 }]);
    expect(memories.create({ type: 'fact', content: 'a fact' })).toMatchObject({ id, access_count: 3 });
  });

  it('are stored when the database is closed', () => {
    const { id } = memories.create({ type: 'fact', content: 'a fact' });
    for (let time = 0; time < 3; time++) memories.getById(id);
    database.manager.close();
    expect(stored()).toMatchObject([{ access_count: 3 }]);
  });
});
