import { afterEach, expect, it } from 'vitest';
import { connect } from '../../src/connection/connect.ts';
import { configureVectorMemory, vectorMemoryBytes } from '../../src/index.ts';
import { encodeVector } from '../../src/internal.ts';
import { seededRandom, temporaryDatabase } from '../../src/testing/index.ts';
import { VectorIndex } from '../../src/vector-index/vector-index.ts';
import { Scribbler, SOURCE, scan, vectorMaker } from '../support/vectors.ts';

afterEach(() => configureVectorMemory({ maxBytes: 2 ** 30, idleMs: 300_000 }));

const query = (vector: Float32Array, mode: 'exact' | 'fast' = 'exact') => ({ vector, model: 'm', topK: 5, mode });

it('gives the memory of a database back when it is closed', async () => {
  for (let opened = 0; opened < 20; opened++) {
    using database = await temporaryDatabase();
    new Scribbler(database.db, 1, 32).insert(10);
    new VectorIndex(database.db, SOURCE).search(query(vectorMaker(32, 2)()));
    expect(vectorMemoryBytes()).toBeGreaterThan(0);
    database.manager.close();
    expect(vectorMemoryBytes()).toBe(0);
  }
});

it('gives the memory of a connection back that was closed by itself', async () => {
  using database = await temporaryDatabase();
  new Scribbler(database.db, 3, 32).insert(10);
  const other = connect(database.path);
  new VectorIndex(other, SOURCE).search(query(vectorMaker(32, 4)()));
  expect(vectorMemoryBytes()).toBeGreaterThan(0);
  other.close();
  expect(vectorMemoryBytes()).toBe(0);
});

it('keeps within its bound with vectors of the most dimensions', async () => {
  using database = await temporaryDatabase();
  const { db } = database;
  const next = seededRandom(5);
  const vector = () => Float32Array.from({ length: 65_536 }, () => next() - 0.5);
  const insert = db.prepare(
    `INSERT INTO memories (id, type, scope, content, embedding, embedding_model)
     VALUES (@id, 'fact', 'user', @id, @embedding, 'm')`,
  );
  for (let id = 0; id < 40; id++) insert.run({ id: String(id), embedding: encodeVector(vector()) });
  const index = new VectorIndex(db, SOURCE);
  for (const maxBytes of [20_000_000, 1_000_000]) {
    configureVectorMemory({ maxBytes });
    for (const mode of ['exact', 'fast'] as const) {
      const wanted = query(vector(), mode);
      expect(index.search(wanted)).toEqual(scan(db, wanted));
      expect(vectorMemoryBytes()).toBeLessThanOrEqual(maxBytes);
    }
  }
});

it('lets go of an index that grows beyond the bound, and finds what it found', async () => {
  using database = await temporaryDatabase();
  const scribbler = new Scribbler(database.db, 6, 128);
  scribbler.insert(100);
  const index = new VectorIndex(database.db, SOURCE);
  const wanted = query(vectorMaker(128, 7)());
  index.search(wanted);
  const maxBytes = vectorMemoryBytes() + 100_000;
  configureVectorMemory({ maxBytes });
  for (let round = 0; round < 3; round++) {
    scribbler.insert(4_000);
    expect(index.search(wanted)).toEqual(scan(database.db, wanted));
    expect(vectorMemoryBytes()).toBeLessThanOrEqual(maxBytes);
  }
});

it('refuses vectors of more dimensions, and passes over those that a file holds', async () => {
  using database = await temporaryDatabase();
  const { db } = database;
  new Scribbler(db, 8, 32).insert(3_000);
  const tooLong = new Float32Array(1_000_000).fill(1);
  const refused = expect.objectContaining({ code: 'DB_INVALID_INPUT', message: expect.stringContaining('65536') });
  const index = new VectorIndex(db, SOURCE);
  expect(() => encodeVector(tooLong)).toThrow(refused);
  expect(() => index.search(query(tooLong))).toThrow(refused);
  const bytes = Buffer.from(tooLong.buffer);
  db.prepare("UPDATE memories SET embedding = ?, embedding_model = 'm' WHERE seq = 5").run(bytes);
  index.rebuild();
  const wanted = query(vectorMaker(32, 9)());
  expect(index.search(wanted)).toEqual(scan(db, wanted));
});
