import { copyFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { connect } from '../../src/connection/connect.ts';
import { configureVectorMemory, DatabaseManager, type SearchMode, vectorMemoryBytes } from '../../src/index.ts';
import { type Condition, vectorIndexOf } from '../../src/internal.ts';
import { temporaryDatabase } from '../../src/testing/index.ts';
import { VectorIndex } from '../../src/vector-index/vector-index.ts';
import { Scribbler, SOURCE, scan, vectorMaker } from '../support/vectors.ts';

afterEach(() => configureVectorMemory({ maxBytes: 2 ** 30, idleMs: 300_000 }));

const query = (vector: Float32Array, topK = 10, mode: SearchMode = 'exact') => ({ vector, model: 'm', topK, mode });

it.each([3, 128, 200, 384])('finds exactly what a scan finds, in %i dimensions', async (dimensions) => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 1, dimensions).insert(3_000);
  const index = new VectorIndex(database.db, SOURCE);
  const vector = vectorMaker(dimensions, 2);
  for (let i = 0; i < 20; i++) {
    const wanted = query(vector(), [1, 10, 57, 4_000][i % 4]);
    expect(index.search(wanted)).toEqual(scan(database.db, wanted));
  }
});

it.each([
  ['0.1 %', [{ numeric: 'importance', atLeast: 0.999 }], 'importance >= 0.999'],
  [
    '1 %',
    [
      { keyword: 'project', oneOf: ['p1'] },
      { keyword: 'type', oneOf: ['fact'] },
    ],
    "project_id = 'p1' AND type = 'fact'",
  ],
  ['10 %', [{ numeric: 'importance', above: 0.9 }], 'importance > 0.9'],
  ['90 %', [{ numeric: 'importance', atLeast: 0.1 }], 'importance >= 0.1'],
  ['none', [{ keyword: 'project', oneOf: ['p9'] }], 'false'],
] satisfies [string, Condition[], string][])('filters exactly: %s pass', async (_share, conditions, where) => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 3, 64).insert(5_000);
  const index = new VectorIndex(database.db, SOURCE);
  const vector = vectorMaker(64, 4);
  for (const mode of ['exact', 'fast'] as const) {
    const wanted = query(vector(), 10, mode);
    const expected = scan(database.db, wanted, where);
    const found = index.search({ ...wanted, conditions });
    expect(found).toHaveLength(expected.length);
    if (mode === 'exact') expect(found).toEqual(expected);
  }
});

it('looks at given keys alone', async () => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 5, 32).insert(500);
  const wanted = query(vectorMaker(32, 6)());
  const index = new VectorIndex(database.db, SOURCE);
  const keys = [7, 7, 450, 99, 100_000];
  expect(index.search({ ...wanted, keys })).toEqual(scan(database.db, wanted, 'seq IN (7, 99, 450)'));
});

it('finds at least 0.99 of it when it may be fast', async () => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 7, 384).insert(21_000);
  const index = new VectorIndex(database.db, SOURCE);
  // The same clusters, further on: questions are of the kind that is stored.
  const vector = vectorMaker(384, 7);
  for (let i = 0; i < 22_000; i++) vector();
  let found = 0;
  for (let i = 0; i < 20; i++) {
    const wanted = query(vector());
    const keys = new Set(scan(database.db, wanted).map(({ similarity }) => similarity));
    found += index.search({ ...wanted, mode: 'fast' }).filter(({ similarity }) => keys.has(similarity)).length;
  }
  expect(found / 200).toBeGreaterThanOrEqual(0.99);
});

it('sees its own transaction, and forgets it when it is rolled back', async () => {
  using database = await temporaryDatabase();
  const { db } = database;
  const scribbler = new Scribbler(db, 9, 32);
  scribbler.insert(300);
  const index = new VectorIndex(db, SOURCE);
  const wanted = query(vectorMaker(32, 10)());
  for (let i = 0; i < 5; i++) {
    db.exec('BEGIN');
    for (let change = 0; change < 20; change++) scribbler.change();
    expect(index.search(wanted)).toEqual(scan(db, wanted));
    db.exec(i % 2 === 0 ? 'ROLLBACK' : 'COMMIT');
    expect(index.search(wanted)).toEqual(scan(db, wanted));
    scribbler.change();
    expect(index.search(wanted)).toEqual(scan(db, wanted));
  }
});

it('notices a compaction that was rolled back', async () => {
  using database = await temporaryDatabase();
  const { db } = database;
  const scribbler = new Scribbler(db, 11, 32);
  scribbler.insert(100);
  const index = new VectorIndex(db, SOURCE);
  const wanted = query(vectorMaker(32, 12)());
  db.exec('BEGIN');
  scribbler.insert(3_000);
  index.compactIfNeeded();
  expect(index.search(wanted)).toEqual(scan(db, wanted));
  db.exec('ROLLBACK');
  scribbler.insert(3_000);
  expect(index.search(wanted)).toEqual(scan(db, wanted));
});

it('notices a backup that was restored under it', async () => {
  using database = await temporaryDatabase();
  const scribbler = new Scribbler(database.db, 13, 32);
  scribbler.insert(2_500);
  const index = new VectorIndex(database.db, SOURCE);
  const wanted = query(vectorMaker(32, 14)());
  index.search(wanted);
  const backup = database.folder.join('backup.db');
  await database.manager.backup(backup);
  scribbler.insert(50);
  expect(index.search(wanted)).toEqual(scan(database.db, wanted));
  const restored = connect(backup);
  new Scribbler(restored, 15, 32).insert(50);
  await restored.backup(database.path);
  restored.close();
  expect(index.search(wanted)).toEqual(scan(database.db, wanted));
});

it('gives the same from a copy that is opened read-only', async () => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 17, 32).insert(3_000);
  const wanted = query(vectorMaker(32, 18)());
  const expected = scan(database.db, wanted);
  database.db.pragma('wal_checkpoint(TRUNCATE)');
  const copy = database.folder.join('copy.db');
  copyFileSync(database.path, copy);
  const db = connect(copy, { readonly: true });
  expect(new VectorIndex(db, SOURCE).search(wanted)).toEqual(expected);
  db.close();
});

it('keeps models and dimensions apart', async () => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 19, 32).insert(100);
  new Scribbler(database.db, 20, 32).insert(100, 'other');
  new Scribbler(database.db, 21, 48).insert(100);
  const index = new VectorIndex(database.db, SOURCE);
  const wanted = query(vectorMaker(32, 22)(), 1_000);
  expect(index.search(wanted)).toEqual(scan(database.db, wanted));
  expect(index.search(wanted)).toHaveLength(100);
  expect(index.models()).toEqual(['m', 'other']);
  expect(() => index.search({ ...wanted, model: undefined })).toThrow(/embeddingModel/);
});

it('works within a bound of memory, and without any', async () => {
  using database = await temporaryDatabase();
  const scribbler = new Scribbler(database.db, 23, 128);
  scribbler.insert(20_000);
  for (let i = 0; i < 100; i++) scribbler.change();
  const index = new VectorIndex(database.db, SOURCE);
  const vector = vectorMaker(128, 24);
  const wanted = query(vector());
  expect(index.search(wanted)).toEqual(scan(database.db, wanted));
  expect(vectorMemoryBytes()).toBeGreaterThan(1_000_000);
  configureVectorMemory({ maxBytes: 100_000 });
  expect(vectorMemoryBytes()).toBe(0);
  for (const mode of ['exact', 'fast'] as const) {
    const other = { ...query(vector()), mode, conditions: [{ numeric: 'importance', atLeast: 0.5 }] };
    expect(index.search(other)).toEqual(scan(database.db, other, 'importance >= 0.5'));
  }
  expect(vectorMemoryBytes()).toBe(0);
});

it('gives memory back when nothing is searched for a while', async () => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 25, 32).insert(100);
  configureVectorMemory({ idleMs: 20 });
  const index = new VectorIndex(database.db, SOURCE);
  const wanted = query(vectorMaker(32, 26)());
  const before = index.search(wanted);
  await expect.poll(() => vectorMemoryBytes(), { timeout: 10_000 }).toBe(0);
  expect(index.search(wanted)).toEqual(before);
});

it('is one for all who use a connection', async () => {
  using database = await temporaryDatabase();
  expect(vectorIndexOf(database.db, SOURCE)).toBe(vectorIndexOf(database.db, SOURCE));
});

it('forgets codes with the rows they were made from when all is cleared', async () => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 27, 32).insert(3_000);
  const index = new VectorIndex(database.db, SOURCE);
  const wanted = query(vectorMaker(32, 28)());
  expect(index.search(wanted)).toHaveLength(10);
  database.manager.clearAll();
  expect(database.db.prepare('SELECT count(*) AS n FROM vector_blocks').get()).toEqual({ n: 0 });
  expect(index.search(wanted)).toEqual([]);
  new Scribbler(database.db, 29, 32).insert(20);
  expect(index.search(wanted)).toEqual(scan(database.db, wanted));
});

it('refuses a query that is not a vector, and makes blocks of another format anew', async () => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 31, 32).insert(3_000);
  const index = new VectorIndex(database.db, SOURCE);
  expect(() => index.search(query(Float32Array.of(Number.NaN)))).toThrow(/not finite/);
  expect(() => index.search(query(new Float32Array(32), -1))).toThrow(/topK/);
  const wanted = query(vectorMaker(32, 32)());
  index.search(wanted);
  database.db.exec("UPDATE vector_spaces SET format = 99; UPDATE vector_blocks SET data = x'00'");
  expect(new VectorIndex(database.db, SOURCE).search(wanted)).toEqual(scan(database.db, wanted));
});

it('finds everything in a file that another program changed while it was closed', async () => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 33, 32).insert(3_000);
  new VectorIndex(database.db, SOURCE).search(query(new Float32Array(32)));
  const { path } = database;
  database.manager.close();
  const other = connect(path);
  other.exec('DELETE FROM memories WHERE seq % 3 = 0; UPDATE memories SET importance = 1 WHERE seq % 5 = 0');
  other.close();
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  const wanted = query(vectorMaker(32, 34)());
  const conditions = [{ numeric: 'importance', atLeast: 1 }];
  const found = new VectorIndex(manager.getDatabase(), SOURCE).search({ ...wanted, conditions });
  expect(found).toEqual(scan(manager.getDatabase(), wanted, 'importance >= 1'));
  manager.close();
});
