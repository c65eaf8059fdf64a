import type { Database } from '@codebuddy/db-core';
import { getDatabaseManager, initializeDatabase, resetDatabaseManager } from '@codebuddy/db-core';
import { fakeClock, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CacheRepository, getCacheRepository, resetCacheRepository } from '../src/index.ts';

describe('a cache while another process writes', () => {
  const clock = fakeClock();
  let database: TemporaryDatabase;
  let cache: CacheRepository;
  let other: Database;
  let warnings: string[];

  const open = async (busyTimeoutMs: number) => {
    database = await temporaryDatabase({ busyTimeoutMs });
    cache = new CacheRepository(database.db, { clock });
    const heard: string[] = [];
    database.manager.on('warning', ({ message }) => heard.push(message));
    warnings = heard;
    other = database.connectAgain();
  };

  beforeEach(async () => {
    clock.set('2026-01-01T00:00:00.000Z');
    // A call that waits for the other process ends a test by its time limit.
    await open(60_000);
  });
  afterEach(() => {
    other.close();
    database[Symbol.dispose]();
  });

  const storedHits = (key: string) => other.prepare('SELECT hits FROM cache WHERE key = ?').raw(true).get(key);

  it('hands values out, and counts the hits later', () => {
    cache.set('k', 'value');
    other.exec('BEGIN IMMEDIATE');
    for (let minute = 0; minute < 3; minute++) {
      expect(cache.get('k')).toBe('value');
      clock.advance(61_000);
    }
    expect(cache.getEntry('k')).toMatchObject({ hits: 3 });
    expect(cache.getStats()).toMatchObject({ totalEntries: 1, totalHits: 4 });
    expect(storedHits('k')).toEqual([0]);
    other.exec('ROLLBACK');
    cache.get('k');
    expect(storedHits('k')).toEqual([5]);
    expect(warnings).toEqual([]);
  });

  it('leaves the hits uncounted inside a transaction of the caller, and counts them after it', () => {
    cache.set('k', 'value');
    cache.get('k');
    clock.advance(61_000);
    expect(() =>
      database.manager.transaction(() => {
        cache.get('k');
        throw new Error('undone');
      }),
    ).toThrow('undone');
    cache.get('k');
    expect(storedHits('k')).toEqual([3]);
  });

  it('returns what was computed at once, and stores it when the other has written', async () => {
    other.exec('BEGIN IMMEDIATE');
    let computed = 0;
    const compute = () => ++computed;
    expect(await cache.getOrCompute('k', compute)).toEqual({ value: 1, cached: false });
    // Nothing is computed twice meanwhile.
    expect(await cache.getOrCompute('k', compute)).toEqual({ value: 1, cached: false });
    other.exec('ROLLBACK');
    await vi.waitFor(() => expect(cache.get('k')).toBe(1), { timeout: 20_000 });
    expect(await cache.getOrCompute('k', compute)).toEqual({ value: 1, cached: true });
  });

  it('stores nothing that was computed if the other has written, which may have invalidated it', async () => {
    other.exec("BEGIN IMMEDIATE; INSERT INTO cache (key, value) VALUES ('another', '1')");
    expect(await cache.getOrCompute('k', () => 'old')).toEqual({ value: 'old', cached: false });
    other.exec('COMMIT');
    await vi.waitFor(async () => expect(await cache.getOrCompute('k', () => 'new')).toMatchObject({ value: 'new' }), {
      timeout: 20_000,
    });
    expect([cache.get('k'), warnings]).toEqual(['new', []]);
  });

  it('returns what was computed, and says that it could not be stored', async () => {
    other.close();
    database[Symbol.dispose]();
    await open(100);
    other.exec('BEGIN IMMEDIATE');
    expect(await cache.getOrCompute('k', () => 'paid for')).toEqual({ value: 'paid for', cached: false });
    await vi.waitFor(() => expect(warnings).toEqual([expect.stringContaining('not cached')]), { timeout: 20_000 });
    expect(await cache.getOrCompute('k', () => 'paid for again')).toMatchObject({ value: 'paid for again' });
  });

  it('says that what was computed could not be stored when the database is closed meanwhile', async () => {
    other.exec('BEGIN IMMEDIATE');
    expect(await cache.getOrCompute('k', () => 'paid for')).toMatchObject({ value: 'paid for' });
    database.manager.close();
    await vi.waitFor(() => expect(warnings).toEqual([expect.stringContaining('not cached')]), { timeout: 20_000 });
  });
});

describe('getOrCompute', () => {
  it('computes once for the callers of two repositories of one connection', async () => {
    using database = await temporaryDatabase();
    let computed = 0;
    const compute = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return ++computed;
    };
    const [a, b] = [new CacheRepository(database.db), new CacheRepository(database.db)];
    expect(await Promise.all([a.getOrCompute('k', compute), b.getOrCompute('k', compute)])).toEqual([
      { value: 1, cached: false },
      { value: 1, cached: false },
    ]);
  });

  it('refuses options that make no sense before anything is paid for', async () => {
    using database = await temporaryDatabase();
    const cache = new CacheRepository(database.db);
    const compute = vi.fn(() => 1);
    await expect(cache.getOrCompute('k', compute, { ttlMs: -1 })).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
    expect(compute).not.toHaveBeenCalled();
  });
});

it('the shared cache leaves no listener behind each time it is reset', async () => {
  await initializeDatabase({ inMemory: true });
  for (let time = 0; time < 20; time++) {
    getCacheRepository().set('k', 1);
    resetCacheRepository();
  }
  expect(getDatabaseManager().listenerCount('db:closing')).toBe(0);
  resetDatabaseManager();
});
