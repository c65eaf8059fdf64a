import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SchemaModule } from '../src/index.ts';
import { type TemporaryDatabase, temporaryDatabase } from '../src/testing/index.ts';

const tasks: SchemaModule = {
  name: 'prospective-memory',
  migrations: {
    1: 'CREATE TABLE prospective_memory_tasks (id INTEGER PRIMARY KEY, title TEXT) STRICT',
    2: 'ALTER TABLE prospective_memory_tasks ADD COLUMN due TEXT',
  },
};

describe("other modules' tables", () => {
  let database: TemporaryDatabase;
  beforeEach(async () => {
    database = await temporaryDatabase();
  });
  afterEach(() => database[Symbol.dispose]());

  const versions = () => database.db.prepare('SELECT module, version FROM module_versions').all();
  const columns = () => database.db.prepare("SELECT name FROM pragma_table_info('prospective_memory_tasks')").all();

  it('are brought up to date version by version, once', async () => {
    await database.manager.registerModule({ ...tasks, migrations: { 1: tasks.migrations[1] ?? '' } });
    expect(columns()).toHaveLength(2);
    await database.manager.registerModule(tasks);
    await database.manager.registerModule(tasks);
    expect(columns()).toHaveLength(3);
    expect(versions()).toEqual([
      { module: 'prospective-memory', version: 1 },
      { module: 'prospective-memory', version: 2 },
    ]);
  });

  it('are brought up to date on opening when registered before', async () => {
    database.manager.close();
    await database.manager.registerModule(tasks);
    await database.manager.initialize();
    expect(columns()).toHaveLength(3);
  });

  it.each([
    ['drops a table of ours', 'DROP TABLE cache'],
    [
      'adds a trigger to a table of ours',
      'CREATE TRIGGER prospective_memory_t AFTER INSERT ON cache BEGIN SELECT 1; END',
    ],
    ['makes a table without its prefix', 'CREATE TABLE tasks (x)'],
    ['is wrong half-way', 'CREATE TABLE prospective_memory_half (x); NONSENSE'],
  ])('a migration that %s is rolled back', async (_what, sql) => {
    const schema = () => database.db.prepare('SELECT name FROM sqlite_schema ORDER BY name').all();
    const before = schema();
    await expect(database.manager.registerModule({ ...tasks, migrations: { 1: sql } })).rejects.toMatchObject({
      code: 'DB_MIGRATION_FAILED',
      version: 1,
    });
    expect(schema()).toEqual(before);
    expect(versions()).toEqual([]);
  });

  it.each([
    ['Prospective Memory', { 1: 'SELECT 1' }],
    ['gaps', { 1: 'SELECT 1', 3: 'SELECT 1' }],
  ])('refuses the module %s', async (name, migrations) => {
    await expect(database.manager.registerModule({ name, migrations })).rejects.toMatchObject({
      code: 'DB_INVALID_INPUT',
    });
  });

  it('are refused if a newer release wrote them', async () => {
    await database.manager.registerModule(tasks);
    const older = { ...tasks, migrations: { 1: tasks.migrations[1] ?? '' } };
    await expect(database.manager.registerModule(older)).rejects.toMatchObject({ code: 'DB_NEWER_SCHEMA' });
  });
});
