import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import { DatabaseManager, NotInitializedError, SCHEMA_VERSION } from '../src/index.ts';
import { type TemporaryDatabase, temporaryDatabase } from '../src/testing/index.ts';

describe('DatabaseManager', () => {
  let database: TemporaryDatabase;
  beforeEach(async () => {
    database = await temporaryDatabase();
  });
  afterEach(() => database[Symbol.dispose]());

  const addEntry = (key: string) => database.manager.prepare("INSERT INTO cache (key, value) VALUES (?, '1')").run(key);

  it('refuses its members before initialize and after close', () => {
    const manager = new DatabaseManager({ inMemory: true });
    database.manager.close();
    for (const closed of [manager, database.manager]) {
      expect(closed.isInitialized()).toBe(false);
      for (const call of [
        () => closed.getDatabase(),
        () => closed.exec('SELECT 1'),
        () => closed.vacuum(),
        () => closed.formatStats(),
      ]) {
        expect(call).toThrow(NotInitializedError);
        expect(call).toThrow(closed === manager ? /^Database not initialized/ : /^Database closed/);
      }
    }
  });

  it('opens once for concurrent calls', async () => {
    const manager = new DatabaseManager({ inMemory: true });
    let opened = 0;
    manager.on('initialized', () => opened++);
    await Promise.all([manager.initialize(), manager.initialize()]);
    await manager.initialize();
    expect(opened).toBe(1);
    manager.close();
  });

  it('announces each event under both of its names', async () => {
    const heard: string[] = [];
    const manager = new DatabaseManager({ dbPath: database.folder.join('events.db') });
    for (const event of ['initialized', 'migration', 'vacuum', 'backup', 'cleared', 'closing', 'closed'] as const) {
      manager.on(event, () => heard.push(event));
      manager.on(`db:${event}`, () => heard.push(`db:${event}`));
    }
    await manager.initialize();
    manager.vacuum();
    await manager.backup(database.folder.join('copy.db'));
    manager.clearAll();
    manager.close();
    expect(new Set(heard)).toEqual(
      new Set(
        ['initialized', 'migration', 'vacuum', 'backup', 'cleared', 'closing', 'closed'].flatMap((event) => [
          event,
          `db:${event}`,
        ]),
      ),
    );
  });

  it('announces an error and throws it; without listeners it brings nothing down', () => {
    expect(() => database.manager.exec('NONSENSE')).toThrow(/NONSENSE/);
    const errors: unknown[] = [];
    database.manager.on('error', ({ error }) => errors.push(error));
    expect(() => database.manager.exec('NONSENSE')).toThrow();
    expect(errors).toEqual([expect.objectContaining({ code: 'DB_QUERY_FAILED' })]);
  });

  it('rolls a transaction back that throws', () => {
    const write = () =>
      database.manager.transaction(() => {
        addEntry('k');
        throw new Error('changed my mind');
      });
    expect(write).toThrow('changed my mind');
    expect(database.manager.getDatabaseStats().cacheSize).toBe(0);
  });

  it('counts and formats what it holds', () => {
    addEntry('k');
    const stats = database.manager.getDatabaseStats();
    expect(stats).toMatchObject({
      version: SCHEMA_VERSION,
      memoriesCount: 0,
      sessionsCount: 0,
      embeddingsCount: 0,
      cacheSize: 1,
    });
    expect(stats.size).toBeGreaterThan(0);
    expect(stats.tables).toEqual(stats.tables.toSorted());
    expect(stats.tables).toEqual(expect.arrayContaining(['memories', 'messages', 'messages_fts', 'sessions']));
    expect(stats.tables).toHaveLength(
      database.db
        .prepare("SELECT name FROM pragma_table_list WHERE type IN ('table', 'virtual') AND name NOT LIKE 'sqlite%'")
        .all().length,
    );
    expect(database.manager.formatStats()).toMatch(/Database Statistics[\s\S]*Cache entries: 1/);
    const sizes = database.manager.getTableSizes();
    expect(sizes.find(({ table }) => table === 'cache')?.bytes).toBeGreaterThan(0);
    expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(stats.size);
  });

  it('deletes every row of ours and no row of a module', async () => {
    await database.manager.registerModule({
      name: 'notes',
      migrations: { 1: 'CREATE TABLE notes_list (x); INSERT INTO notes_list VALUES (1)' },
    });
    addEntry('k');
    database.manager.exec(
      "INSERT INTO sessions (id) VALUES ('s'); INSERT INTO messages (session_id, role) VALUES ('s', 'user')",
    );
    database.manager.clearAll();
    expect(database.manager.getDatabaseStats()).toMatchObject({ sessionsCount: 0, cacheSize: 0 });
    expect(database.db.prepare('SELECT * FROM notes_list').all()).toHaveLength(1);
  });

  it('backs up a database in use to a file only the owner may read', async () => {
    addEntry('k');
    const path = database.folder.join('copy.db');
    await database.manager.backup(path, () => void addEntry(`during-${Math.random()}`));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const copy = connect(path, { readonly: true });
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    copy.close();
    await expect(database.manager.backup(database.folder.join('no', 'folder.db'))).rejects.toThrow();
  });

  it('says what to do if it is used while one of its statements hands out rows', async () => {
    using database = await temporaryDatabase();
    const { manager } = database;
    const rows = manager.prepare('SELECT 1 UNION ALL SELECT 2').iterate();
    rows.next();
    for (const call of [() => manager.exec('DELETE FROM cache'), () => manager.vacuum(), () => manager.clearAll()]) {
      expect(call).toThrow(expect.objectContaining({ code: 'DB_QUERY_FAILED' }));
    }
    rows.return?.();
    manager.exec('DELETE FROM cache');
  });

  it('replaces an earlier backup once the new one is whole, through a link too', async () => {
    const [path, link] = [database.folder.join('copy.db'), database.folder.join('link.db')];
    writeFileSync(path, '');
    symlinkSync(path, link);
    for (const [round, destination] of [path, link, path].entries()) {
      addEntry(`k${round}`);
      const before = readFileSync(path);
      // Until it is whole, the earlier one is there.
      await database.manager.backup(destination, () => expect(readFileSync(path)).toEqual(before));
      const copy = connect(path, { readonly: true });
      expect(copy.prepare('SELECT key FROM cache').all()).toHaveLength(round + 1);
      copy.close();
    }
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('never replaces itself, a file in use, or what is no database', async () => {
    const { manager, folder, path } = database;
    await manager.backup(folder.join('used.db'));
    const other = connect(folder.join('used.db'));
    other.exec("PRAGMA journal_mode = WAL; INSERT INTO cache (key, value) VALUES ('theirs', '1')");
    writeFileSync(folder.join('notes.txt'), 'not a database');
    symlinkSync(path, folder.join('link.db'));
    mkdirSync(folder.join('folder'));
    for (const refused of [path, ...['used.db', 'notes.txt', 'link.db', 'folder'].map((name) => folder.join(name))]) {
      const before = readdirSync(folder.path).sort();
      await expect(manager.backup(refused)).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
      expect(readdirSync(folder.path).sort()).toEqual(before);
    }
    expect(readFileSync(folder.join('notes.txt'), 'utf8')).toBe('not a database');
    other.close();
    addEntry('still here');
  });

  it('gives space back', () => {
    database.manager.exec("INSERT INTO cache (key, value) VALUES ('big', json_quote(hex(zeroblob(2000000))))");
    database.manager.exec("DELETE FROM cache WHERE key = 'big'");
    const sizes: { sizeBefore: number; sizeAfter: number }[] = [];
    database.manager.on('db:vacuum', (size) => sizes.push(size));
    database.manager.vacuum();
    expect(sizes[0]?.sizeAfter).toBeLessThan(sizes[0]?.sizeBefore ?? 0);
  });

  it('reports its health, and damage as problems', () => {
    expect(database.manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
    expect(database.manager.checkHealth('quick')).toMatchObject({ ok: true, problems: [] });
    database.manager.exec('DROP INDEX cache_category');
    database.db.pragma('writable_schema = ON');
    database.manager.exec('DELETE FROM schema_version; DROP TABLE schema_version');
    expect(database.manager.checkHealth()).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('schema_version')],
    });
  });

  it('empties the write-ahead log on close, and closes twice without harm', () => {
    addEntry('k');
    database.manager.close();
    database.manager.close();
    expect(existsSync(`${database.path}-wal`)).toBe(false);
  });

  it('logs statements without what they hold, where asked', async () => {
    const lines: string[] = [];
    using manager = new DatabaseManager({ inMemory: true, verbose: true, log: (line) => lines.push(line) });
    await manager.initialize();
    manager.prepare('INSERT INTO cache (key, value) VALUES (?, ?)').run("o'secret", '"sk-123"');
    const log = lines.join('\n');
    expect(log).toContain('INSERT INTO cache');
    expect(log).not.toMatch(/secret|sk-123/);
  });
});
