import { existsSync, readFileSync } from 'node:fs';
import { CacheRepository } from '@codebuddy/db-cache';
import { type Database, type DatabaseConfig, DatabaseManager } from '@codebuddy/db-core';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { CheckpointRepository, SessionRepository } from '@codebuddy/db-sessions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Enough rows for pages to be split, and for full text to be merged from several parts. */
const ROWS = 200;

/** Made of letters alone, so that full text holds it as one word. */
const secretOf = (kind: string, row: number) =>
  `zq${kind}x${String.fromCharCode(97 + (row % 26), 97 + ((row / 26) % 26))}qz`;
const textOf = (kind: string, row: number) => `A note on ${secretOf(kind, row)} and ${'other things '.repeat(20)}`;
const rows = Array.from({ length: ROWS }, (_, row) => row);

interface Kind {
  store(db: Database, row: number): void;
  remove(db: Database, row: number): void;
}

const at = { project_id: 'p', chunk_index: 0, embedding: Float32Array.of(1, 2), embedding_model: 'm' };

const kinds: Readonly<Record<string, Kind>> = {
  memories: {
    store: (db, row) =>
      void new MemoryRepository(db).create({ id: `${row}`, type: 'fact', content: textOf('memories', row) }),
    remove: (db, row) => void new MemoryRepository(db).delete(`${row}`),
  },
  messages: {
    store: (db, row) => {
      const sessions = new SessionRepository(db);
      sessions.createSession({ id: `${row}`, metadata: { said: secretOf('messages', row) } });
      sessions.addMessage({ session_id: `${row}`, role: 'user', content: textOf('messages', row) });
    },
    remove: (db, row) => void new SessionRepository(db).deleteSession(`${row}`),
  },
  names: {
    store: (db, row) => void new SessionRepository(db).createSession({ id: `${row}`, name: textOf('names', row) }),
    remove: (db, row) => void new SessionRepository(db).deleteSession(`${row}`),
  },
  code: {
    store: (db, row) =>
      void new EmbeddingRepository(db).upsert({ ...at, file_path: `${row}`, chunk_text: textOf('code', row) }),
    remove: (db, row) => void new EmbeddingRepository(db).deleteForFile('p', `${row}`),
  },
  cache: {
    store: (db, row) => new CacheRepository(db).set(`${row}`, textOf('cache', row)),
    remove: (db, row) => void new CacheRepository(db).delete(`${row}`),
  },
  checkpoints: {
    store: (db, row) => {
      // Too short to be packed.
      const content = Buffer.from(secretOf('checkpoints', row));
      new CheckpointRepository(db).create({ id: `${row}`, project_id: 'p', files: [{ file_path: 'a', content }] });
    },
    remove: (db, row) => void new CheckpointRepository(db).delete(`${row}`),
  },
};

describe.each(Object.entries(kinds))('a word of deleted %s', (kind, { store, remove }) => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder();
  });
  afterEach(() => folder[Symbol.dispose]());

  const path = () => folder.join('a.db');

  /** The rows whose word is in one of the files. */
  const found = () => {
    const bytes = ['', '-wal', '-journal'].map((suffix) =>
      existsSync(path() + suffix) ? readFileSync(path() + suffix, 'latin1') : '',
    );
    return rows.filter((row) => bytes.some((each) => each.includes(secretOf(kind, row))));
  };

  const open = async (config: DatabaseConfig = {}) => {
    const manager = new DatabaseManager({ dbPath: path(), ...config });
    await manager.initialize();
    return manager;
  };

  it('stays in the file until it is purged, and is nowhere in it then', async () => {
    using manager = await open();
    const db = manager.getDatabase();
    for (const row of rows) store(db, row);
    const removed = rows.filter((row) => row % 3 === 0);
    for (const row of removed) remove(db, row);
    expect(found().filter((row) => removed.includes(row)).length).toBeGreaterThan(0);
    manager.purge();
    expect(found().filter((row) => removed.includes(row))).toEqual([]);
    // What was not deleted is where it was.
    expect(found()).toHaveLength(ROWS - removed.length);
    expect(manager.checkHealth('full')).toMatchObject({ ok: true });
  });

  it('is nowhere in the file once it is closed, if deletions are secure', async () => {
    using manager = await open({ secureDelete: true });
    const db = manager.getDatabase();
    for (const row of rows) store(db, row);
    for (const row of rows) if (row % 3 === 0) remove(db, row);
    manager.close();
    expect(found()).toEqual(rows.filter((row) => row % 3 !== 0));
  });
});

it('a purge says so if another connection keeps the log from being emptied', async () => {
  using folder = new TemporaryFolder();
  using manager = new DatabaseManager({ dbPath: folder.join('a.db') });
  using other = new DatabaseManager({ dbPath: folder.join('a.db') });
  await manager.initialize();
  await other.initialize();
  other.exec('BEGIN');
  other.getDatabaseStats();
  expect(() => manager.purge()).toThrow(expect.objectContaining({ code: 'DB_BUSY' }));
  other.exec('COMMIT');
  manager.purge();
});
