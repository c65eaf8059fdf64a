import { afterEach, expect, it } from 'vitest';
import { connect } from '../../src/connection/connect.ts';
import { configureVectorMemory, type Database } from '../../src/index.ts';
import { type VectorSource, vectorIndexOf } from '../../src/internal.ts';
import { temporaryDatabase } from '../../src/testing/index.ts';
import { formatOf } from '../../src/vector-index/block-format.ts';
import { VectorIndex } from '../../src/vector-index/vector-index.ts';
import { Scribbler, SOURCE, scan, vectorMaker } from '../support/vectors.ts';

/** The same vectors, as a later release asks for them: by their scope as well, and first of all. */
const LATER: VectorSource = {
  ...SOURCE,
  keyword: { scope: 'scope', ...SOURCE.keyword },
  numeric: { uses: 'access_count', ...SOURCE.numeric },
};

const WANTED = { vector: vectorMaker(64, 2)(), model: 'm', topK: 10, mode: 'exact' } as const;
const CONDITIONS = [
  { keyword: 'scope', oneOf: ['user'] },
  { keyword: 'type', oneOf: ['fact'] },
  { numeric: 'importance', atLeast: 0.5 },
  { numeric: 'uses', atLeast: 1 },
];
const WHERE = "type = 'fact' AND importance >= 0.5 AND access_count >= 1";

afterEach(() => configureVectorMemory({ maxBytes: 2 ** 30, idleMs: 300_000 }));

async function withBlocksOfEarlierRelease() {
  const database = await temporaryDatabase();
  new Scribbler(database.db, 1, 64).insert(3_000);
  database.db.exec('UPDATE memories SET access_count = seq % 3');
  new VectorIndex(database.db, SOURCE).rebuild();
  return database;
}

const search = (db: Database) => new VectorIndex(db, LATER).search({ ...WANTED, conditions: CONDITIONS });

it('makes blocks anew that lack an attribute', async () => {
  using database = await withBlocksOfEarlierRelease();
  const { db } = database;
  const formats = () => db.prepare('SELECT format FROM vector_spaces').raw().all().flat().map(Number);
  expect(formats()).toEqual([formatOf(SOURCE)]);
  expect(search(db)).toEqual(scan(db, WANTED, WHERE));
  expect(formats()).toEqual([formatOf(LATER)]);
});

it('filters by the attributes of each of two sources with one name, and makes blocks anew once for each', async () => {
  using database = await withBlocksOfEarlierRelease();
  const { db } = database;
  const spaces = () => db.prepare('SELECT id FROM vector_spaces').raw().all();
  const both = () => {
    const later = vectorIndexOf(db, LATER).search({ ...WANTED, conditions: CONDITIONS });
    expect(later).toEqual(scan(db, WANTED, WHERE));
    const conditions = [{ keyword: 'type', oneOf: ['fact'] }];
    expect(vectorIndexOf(db, SOURCE).search({ ...WANTED, conditions })).toEqual(scan(db, WANTED, "type = 'fact'"));
  };
  both();
  const made = spaces();
  both();
  expect(spaces()).toEqual(made);
});

it('refuses blocks that lack an attribute though their format is right, until they are made anew', async () => {
  using database = await withBlocksOfEarlierRelease();
  const { db } = database;
  db.prepare('UPDATE vector_spaces SET format = ?').run(formatOf(LATER));
  const index = new VectorIndex(db, LATER);
  const refused = expect.objectContaining({
    code: 'DB_CORRUPT',
    message: expect.stringContaining('rebuildVectorIndex'),
  });
  expect(() => index.search({ ...WANTED, conditions: CONDITIONS })).toThrow(refused);
  index.rebuild();
  expect(index.search({ ...WANTED, conditions: CONDITIONS })).toEqual(scan(db, WANTED, WHERE));
});

it.each([2 ** 30, 0])('passes over such blocks in a transaction, with %i bytes of memory', async (maxBytes) => {
  configureVectorMemory({ maxBytes });
  using database = await withBlocksOfEarlierRelease();
  const { db } = database;
  db.transaction(() => {
    db.exec('UPDATE memories SET access_count = 5 WHERE seq % 7 = 0');
    expect(search(db)).toEqual(scan(db, WANTED, WHERE));
  })();
});

it('passes over such blocks in a connection that only reads, and while another process writes', async () => {
  using database = await withBlocksOfEarlierRelease();
  const expected = scan(database.db, WANTED, WHERE);
  const reader = connect(database.path, { readonly: true });
  expect(search(reader)).toEqual(expected);
  reader.close();
  const other = connect(database.path);
  other.exec('BEGIN IMMEDIATE');
  expect(search(database.db)).toEqual(expected);
  other.exec('ROLLBACK');
  other.close();
});

it('finds the same through an earlier release that still has the file open', async () => {
  using database = await withBlocksOfEarlierRelease();
  const { db } = database;
  const earlier = new VectorIndex(db, SOURCE);
  expect(search(db)).toEqual(scan(db, WANTED, WHERE));
  expect(earlier.search(WANTED)).toEqual(scan(db, WANTED));
  expect(search(db)).toEqual(scan(db, WANTED, WHERE));
});
