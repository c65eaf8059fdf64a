import { DatabaseError } from '@codebuddy/db-core';
import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/db-core/testing';
import { DatabaseIntegration, initializeDatabaseSystem, resetDatabaseSystem } from '@codebuddy/db-integration';
import { afterEach, describe, expect, it } from 'vitest';
import { callByName } from '../src/call-by-name.ts';
import { analyticsModule } from '../src/public-calls/analytics.ts';
import { cacheModule } from '../src/public-calls/cache.ts';
import { coreModule } from '../src/public-calls/core.ts';
import { embeddingsModule } from '../src/public-calls/embeddings.ts';
import { integrationModule } from '../src/public-calls/integration.ts';
import { memoryModule } from '../src/public-calls/memory.ts';
import type { PublicObject } from '../src/public-calls/public-object.ts';
import { sessionsModule } from '../src/public-calls/sessions.ts';
import { READING_METHODS } from '../src/writing-calls/index.ts';

/** Calls that read, and count or keep something on the way. */
const READS_THAT_WRITE = [
  'MemoryRepository.getById',
  'CacheRepository.get',
  'CacheRepository.getEntry',
  'CacheRepository.getOrCompute',
  'CacheRepository.getStats',
  'KeyvCacheStore.get',
  'KeyvCacheStore.getMany',
  'EmbeddingProvider.embed',
  'EmbeddingProvider.embedBatch',
  'DatabaseIntegration.searchMemories',
  'DatabaseIntegration.searchCode',
  'DatabaseIntegration.getCached',
  'DatabaseIntegration.getOrComputeCached',
];

const modules = [coreModule, memoryModule, sessionsModule, embeddingsModule, analyticsModule, cacheModule];
const objects = modules.flatMap((each) => Object.entries(each.objects));
const isRead = (name: string) => READING_METHODS.includes(name) || READS_THAT_WRITE.includes(name);

/** A wait of a minute would end a test by its time limit. */
const busyTimeoutMs = 60_000;

/** Takes the write lock of a database, as another process would. */
function lock(place: TemporaryDatabase): Disposable {
  const db = place.connectAgain();
  db.exec('BEGIN IMMEDIATE');
  return { [Symbol.dispose]: () => void db.close() };
}

/** Makes the reading calls of an object, and returns those that were refused as busy, and how many were made. */
async function read(className: string, { target, calls }: PublicObject): Promise<{ made: number; busy: string[] }> {
  const names = Object.keys(calls).filter((name) => isRead(`${className}.${name}`));
  const busy: string[] = [];
  for (const name of names) {
    try {
      const result: unknown = await callByName(target, name, calls[name] ?? []);
      const isIterator = typeof result === 'object' && result !== null && 'next' in result;
      if (isIterator && typeof result.next === 'function') await result.next();
    } catch (error) {
      if (!DatabaseError.isInstance(error)) throw error;
      if (error.code === 'DB_BUSY') busy.push(`${className}.${name}`);
    }
  }
  return { made: names.length, busy };
}

afterEach(resetDatabaseSystem);

describe('while another process writes', () => {
  it.each(objects)('every reading call of %s returns', async (className, make) => {
    using place = await temporaryDatabase({ busyTimeoutMs });
    const object = await make(place);
    using _ = lock(place);
    expect((await read(className, object)).busy).toEqual([]);
  });

  it('every reading call of the facade returns, and what it counts or computes is there', async () => {
    using place = await temporaryDatabase();
    place.manager.close();
    const facade = await integrationModule.objects['DatabaseIntegration']?.(place);
    resetDatabaseSystem();
    await initializeDatabaseSystem({ dbPath: place.path, busyTimeoutMs, autoMigrate: false });
    const target = new DatabaseIntegration({ embeddingProvider: 'mock', autoMigrate: false });
    const { id } = await target.addMemory('a fact');
    target.setCached('k', 1);
    using _ = lock(place);
    const { made, busy } = await read('DatabaseIntegration', { target, calls: facade?.calls ?? {} });
    expect([made > 12, busy]).toEqual([true, []]);
    expect(await target.getOrComputeCached('own', () => 'paid for')).toBe('paid for');
    expect(target.getMemories().map((memory) => memory.id)).toEqual([id]);
    expect(target.formatStats()).toContain('Database Statistics');
  });
});
