// A test of a user of the packages, by the globals that jest and vitest share. It is CommonJS or ESM, as its copy is named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseManager, InvalidInputError, salvageDatabase } from '@codebuddy/db-core';
import * as system from '@codebuddy/db-integration';

let folder;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'codebuddy-runner-'));
  await system.initializeDatabaseSystem({
    dbPath: join(folder, 'agent.db'),
    autoMigrate: false,
    embeddingProvider: 'mock',
  });
});
afterEach(() => {
  system.resetDatabaseSystem();
  rmSync(folder, { recursive: true });
});

test('a file opens, is written and searched', () => {
  const memories = system.getMemoryRepository();
  memories.create({
    type: 'fact',
    content: 'The build needs Node',
    metadata: structuredClone({ from: { a: 'test' } }),
  });
  expect(memories.search('build').map(({ memory }) => memory.metadata)).toEqual([{ from: { a: 'test' } }]);
});

test('vectors, dates and bytes of the test are taken', () => {
  const memories = system.getMemoryRepository();
  const expires_at = new Date(Date.now() + 60_000);
  memories.create({
    type: 'fact',
    content: 'v',
    embedding: new Float32Array([3, 4]),
    embedding_model: 'm',
    expires_at,
  });
  const [found] = memories.searchSimilar(new Float32Array([6, 8]), { embeddingModel: 'm' });
  expect(found.similarity).toBeCloseTo(1);
  const manager = system.getDatabaseManager();
  expect(manager.prepare('SELECT hex($bytes) AS hex').get({ bytes: new Uint8Array([255]) })).toEqual({ hex: 'FF' });
});

test('errors keep their classes, names and codes', async () => {
  let refused;
  try {
    system.getMemoryRepository().create({ type: 'fact', content: '' });
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(InvalidInputError);
  expect([refused.name, refused.code]).toEqual(['InvalidInputError', 'DB_INVALID_INPUT']);
  expect(() => system.getDatabaseManager().exec('SELEC 1')).toThrow(
    expect.objectContaining({ code: 'DB_QUERY_FAILED' }),
  );
  await expect(new DatabaseManager({ dbPath: folder }).initialize()).rejects.toMatchObject({ code: 'DB_CANNOT_OPEN' });
  expect(() => salvageDatabase(join(folder, 'nowhere.db'), join(folder, 'saved.db'))).toThrow(
    expect.objectContaining({ code: 'DB_CANNOT_OPEN' }),
  );
});

test('a query runs in a process of its own', async () => {
  const { rows } = await system.getDatabaseManager().queryReadOnly("SELECT 1, x'00ff'");
  expect([rows[0][0], [...rows[0][1]]]).toEqual([1, [0, 255]]);
});
