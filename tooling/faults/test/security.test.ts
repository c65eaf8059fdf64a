import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { DatabaseError, DatabaseManager, salvageDatabase } from '@codebuddy/db-core';
import { TemporaryFolder, temporaryDatabase } from '@codebuddy/db-core/testing';
import { initializeDatabaseSystem, resetDatabaseSystem, runMigration } from '@codebuddy/db-integration';
import { MemoryRepository } from '@codebuddy/db-memory';
import { CheckpointRepository, ProjectCheckpoints } from '@codebuddy/db-sessions';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { scaled } from '../src/scale.ts';

const SECRET = 'a-secret-nobody-may-read';

afterEach(resetDatabaseSystem);

describe('who else uses the machine', () => {
  it('reads no file of ours: database, log, shared memory, backup, what was salvaged', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('new', 'agent.db');
    using manager = new DatabaseManager({ dbPath: path });
    await manager.initialize();
    new MemoryRepository(manager.getDatabase()).create({ type: 'fact', content: SECRET });
    await manager.backup(folder.join('backup.db'));
    salvageDatabase(path, folder.join('salvaged.db'));
    const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);
    expect(
      [path, `${path}-wal`, `${path}-shm`, folder.join('backup.db'), folder.join('salvaged.db')].map(mode),
    ).toEqual(Array.from({ length: 5 }, () => '600'));
    expect(mode(folder.join('new'))).toBe('700');
  });
});

describe('logs', () => {
  it('tell nothing that was said, where statements are logged', async () => {
    const lines: string[] = [];
    using database = await temporaryDatabase({ verbose: true, log: (line) => lines.push(line) });
    const memories = new MemoryRepository(database.db);
    memories.create({ type: 'fact', content: `It's ${SECRET}`, metadata: { note: SECRET } });
    memories.search(SECRET);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.join('\n')).not.toContain(SECRET);
  });
});

describe('paths', () => {
  it('an import reads nothing outside its folder', async () => {
    using folder = new TemporaryFolder();
    writeFileSync(folder.join('outside.json'), JSON.stringify([{ id: 'x', content: SECRET }]));
    mkdirSync(folder.join('home'));
    symlinkSync(folder.join('outside.json'), folder.join('home', 'memories.json'));
    await initializeDatabaseSystem({ dbPath: folder.join('agent.db'), autoMigrate: false });
    const { success, migratedItems } = await runMigration({ home: folder.join('home') });
    expect({ success, memories: migratedItems.memories }).toEqual({ success: false, memories: 0 });
  });

  it('a checkpoint writes nothing outside its folder, whatever its rows say', async () => {
    using folder = new TemporaryFolder();
    using database = await temporaryDatabase();
    mkdirSync(folder.join('shop'));
    writeFileSync(folder.join('outside.txt'), 'as it was');
    const repository = new CheckpointRepository(database.db);
    const checkpoints = new ProjectCheckpoints(repository, { projectId: 'p', projectPath: folder.join('shop') });
    const paths = fc.constantFrom('..', '.', '', 'a', 'outside.txt', '/', '\\', '\0', 'shop', 'C:');
    await fc.assert(
      fc.asyncProperty(fc.array(paths, { maxLength: 5 }), async (parts) => {
        const file_path = parts.join('/');
        const files = [{ file_path, content: Buffer.from('overwritten') }];
        try {
          const { id } = repository.create({ project_id: 'p', project_path: folder.join('shop'), files });
          await checkpoints.restore(id);
        } catch (error) {
          if (!DatabaseError.isInstance(error)) throw error;
        }
        expect(statSync(folder.join('outside.txt')).size).toBe('as it was'.length);
      }),
      { numRuns: scaled(100, 5_000), seed: 4 },
    );
  });
});

describe('a query that somebody else wrote', () => {
  it.each([
    'DELETE FROM memories',
    "INSERT INTO memories (id, type, content) VALUES ('x', 'fact', 'x')",
    "ATTACH '/etc/passwd' AS other",
    "SELECT load_extension('/tmp/evil.so')",
    'PRAGMA journal_mode = DELETE',
    'PRAGMA writable_schema = 1',
    'SELECT 1; DELETE FROM memories',
    'VACUUM INTO "/tmp/copy.db"',
    'WITH x AS (SELECT 1) UPDATE memories SET content = 1',
    "SELECT writefile('/tmp/x', 'x')",
  ])('only reads: %s', async (sql) => {
    using database = await temporaryDatabase();
    new MemoryRepository(database.db).create({ id: 'm', type: 'fact', content: 'kept' });
    const before = database.db.serialize();
    await expect(database.manager.queryReadOnly(sql)).rejects.toMatchObject({
      code: expect.stringMatching(/^DB_QUERY_(REJECTED|FAILED)$/),
    });
    expect(Buffer.compare(database.db.serialize(), before)).toBe(0);
  });
});
