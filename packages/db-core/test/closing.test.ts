import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import type { Database } from '../src/index.ts';
import { DatabaseManager } from '../src/index.ts';
import { contextOf } from '../src/internal.ts';
import { type TemporaryDatabase, temporaryDatabase } from '../src/testing/index.ts';

describe('closing', () => {
  let database: TemporaryDatabase;
  let other: Database;
  let warnings: string[];
  beforeEach(async () => {
    // A call that waits for a lock ends this test by its time limit.
    database = await temporaryDatabase({ busyTimeoutMs: 60_000 });
    other = connect(database.path);
    warnings = [];
    database.manager.on('db:warning', ({ message }) => warnings.push(message));
  });
  afterEach(() => {
    other.close();
    database[Symbol.dispose]();
  });

  /** A counter of uses of cache entries, which writes to the file when it is told to. */
  const counterOf = (db: Database) =>
    contextOf(db).usageCounter(warnings, {
      operation: 'test.count',
      write: ({ key, uses }) => db.prepare("INSERT INTO cache (key, value, hits) VALUES (?, '1', ?)").run(key, uses),
    });

  it('writes down what was counted', () => {
    counterOf(database.db).count('k', 0);
    counterOf(database.db).count('k', 0);
    database.manager.close();
    expect(other.prepare('SELECT key, hits FROM cache').all()).toEqual([{ key: 'k', hits: 2 }]);
    expect(warnings).toEqual([]);
  });

  it('gives counts up and says so while another connection writes, and waits for nobody', () => {
    const { db } = database;
    counterOf(db).count('k', 0);
    other.exec('BEGIN IMMEDIATE');
    database.manager.close();
    expect([db.open, database.manager.isInitialized()]).toEqual([false, false]);
    expect(warnings).toEqual([expect.stringMatching(/1 rows were not counted/)]);
  });

  it('ends although a listener throws, who is heard', async () => {
    const { db, manager } = database;
    const errors: unknown[] = [];
    const closed: string[] = [];
    manager.on('db:closing', () => {
      throw new Error('not yet');
    });
    manager.on('db:error', ({ error }) => errors.push(error));
    manager.on('db:closed', ({ path }) => closed.push(path));
    expect(() => manager.close()).toThrow('not yet');
    expect([db.open, manager.isInitialized(), errors.length]).toEqual([false, false, 1]);
    expect(closed).toEqual([database.path]);
    expect(() => manager.close()).not.toThrow();
  });

  it('ends an opening that is under way', async () => {
    using manager = new DatabaseManager({ dbPath: database.folder.join('new.db') });
    const opening = manager.initialize();
    manager.close();
    await expect(opening).rejects.toMatchObject({
      code: 'DB_NOT_INITIALIZED',
      message: expect.stringMatching(/^Database closed/),
    });
    expect(manager.isInitialized()).toBe(false);
    expect(existsSync(database.folder.join('new.db-wal'))).toBe(false);
    await manager.initialize();
    expect(manager.isInitialized()).toBe(true);
  });

  it('is taken back by opening again before the first opening ends', async () => {
    using manager = new DatabaseManager({ dbPath: database.folder.join('new.db') });
    const first = manager.initialize();
    manager.close();
    await Promise.all([first, manager.initialize()]);
    expect(manager.isInitialized()).toBe(true);
  });

  it('is what calls name afterwards, through the manager and through its old connection', () => {
    const { db, manager } = database;
    const statement = contextOf(db).prepare('SELECT 1', 'test.read');
    manager.close();
    for (const call of [
      () => manager.getDatabase(),
      () => manager.exec('SELECT 1'),
      () => manager.formatStats(),
      () => statement.get(),
    ])
      expect(call).toThrow(
        expect.objectContaining({ code: 'DB_NOT_INITIALIZED', message: expect.stringMatching(/^Database closed/) }),
      );
    expect(() => new DatabaseManager().getDatabase()).toThrow(/^Database not initialized/);
  });
});
