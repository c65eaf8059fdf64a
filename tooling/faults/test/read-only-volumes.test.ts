import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { DatabaseManager } from '@codebuddy/db-core';
import { type TemporaryDatabase, TemporaryFolder, temporaryDatabase } from '@codebuddy/db-core/testing';
import { DatabaseIntegration, initializeDatabaseSystem, resetDatabaseSystem } from '@codebuddy/db-integration';
import { MemoryRepository } from '@codebuddy/db-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReadOnlyFolder } from '../src/read-only-folder.ts';
import { mayMountDisks } from '../src/small-disk.ts';

const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith('codebuddy-copy-of-'));
const embedding = Float32Array.of(1, 0);

// Only root may mount a volume, and what may only be read is no obstacle to root anywhere else.
describe.runIf(mayMountDisks())('a database on a volume that can only be read', () => {
  let database: TemporaryDatabase;
  let outside: TemporaryFolder;
  let volume: ReadOnlyFolder;
  let warnings: string[];
  beforeEach(async () => {
    database = await temporaryDatabase();
    outside = new TemporaryFolder();
    warnings = [];
    new MemoryRepository(database.db).create({
      id: 'm',
      type: 'fact',
      content: 'a fact',
      embedding,
      embedding_model: 'm',
    });
  });
  afterEach(() => {
    volume[Symbol.dispose]();
    outside[Symbol.dispose]();
    database[Symbol.dispose]();
  });

  const mount = (folder = database.folder.path) => {
    volume = new ReadOnlyFolder(folder, outside.join('volume'));
    return `${volume.path}/test.db`;
  };

  async function openReadOnly(dbPath: string) {
    const manager = new DatabaseManager({ dbPath, readOnly: true });
    manager.on('warning', ({ message }) => warnings.push(message));
    await manager.initialize();
    return manager;
  }

  it('is read from a copy, with what its log holds, and says so', async () => {
    // As a program leaves them that was killed: the log holds everything.
    const left = outside.join('left');
    mkdirSync(left);
    for (const suffix of ['', '-wal']) copyFileSync(database.path + suffix, `${left}/test.db${suffix}`);
    using manager = await openReadOnly(mount(left));
    expect([manager.snapshot, warnings]).toEqual([true, [expect.stringContaining('as it was when it was opened')]]);
    const memories = new MemoryRepository(manager.getDatabase());
    expect(memories.getById('m')).toMatchObject({ content: 'a fact', access_count: 0 });
    expect(memories.search('fact')).toHaveLength(1);
    expect(memories.searchSimilar(embedding)).toHaveLength(1);
    for (const call of [
      () => memories.create({ type: 'fact', content: 'another' }),
      () => memories.update('m', { importance: 1 }),
      () => memories.delete('m'),
      () => memories.deleteExpired(),
    ])
      expect(call).toThrow(expect.objectContaining({ code: 'DB_READ_ONLY' }));
    expect(await manager.queryReadOnly('SELECT count(*) FROM memories')).toMatchObject({ rows: [[1]] });
    manager.close();
    expect(copies()).toEqual([]);
    expect(readdirSync(left).sort()).toEqual(['test.db', 'test.db-wal']);
  });

  it('is read by the facade, which imports nothing and counts nothing', async () => {
    database.manager.close();
    const dbPath = mount();
    await initializeDatabaseSystem({ dbPath, readOnly: true });
    const facade = new DatabaseIntegration({ embeddingProvider: 'mock' });
    expect(facade.getMemories()).toMatchObject([{ id: 'm' }]);
    expect(await facade.searchMemories('fact')).toHaveLength(1);
    expect(facade.getCached('k')).toBeNull();
    expect(await facade.getOrComputeCached('k', () => 1)).toBe(1);
    expect(facade.formatStats()).toContain('Database Statistics');
    await expect(facade.addMemory('another')).rejects.toMatchObject({ code: 'DB_READ_ONLY' });
    resetDatabaseSystem();
    expect(copies()).toEqual([]);
  });

  it('leaves no copy behind for ever: the next one removes those of processes that died', async () => {
    database.manager.close();
    const dbPath = mount();
    const reader = fork(fileURLToPath(new URL('../src/workers/read-only.ts', import.meta.url)), [dbPath], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const [isSnapshot] = await once(reader, 'message');
    const left = copies().length;
    const ended = once(reader, 'exit');
    reader.kill('SIGKILL');
    await ended;
    expect([isSnapshot, left > 0]).toEqual([true, true]);
    (await openReadOnly(dbPath)).close();
    expect(copies()).toEqual([]);
  });

  it('can still not be opened for writing, and the error says how it can be read', async () => {
    database.manager.close();
    const dbPath = mount();
    using manager = new DatabaseManager({ dbPath });
    await expect(manager.initialize()).rejects.toMatchObject({
      code: expect.stringMatching(/^DB_(READ_ONLY|CANNOT_OPEN)$/),
    });
    expect(existsSync(dbPath)).toBe(true);
    renameSync(database.path, `${database.path}.moved`);
    await expect(openReadOnly(dbPath)).rejects.toMatchObject({ code: 'DB_CANNOT_OPEN' });
    renameSync(`${database.path}.moved`, database.path);
  });
});
