import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import { requireNode } from '../src/connection/load-driver.ts';
import { DatabaseError, DatabaseManager, SCHEMA_VERSION } from '../src/index.ts';
import { TemporaryFolder } from '../src/testing/index.ts';

const mode = (path: string) => statSync(path).mode & 0o777;

describe('opening a database', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder();
  });
  afterEach(() => folder[Symbol.dispose]());

  const codeOfOpening = async (path: string) => {
    const manager = new DatabaseManager({ dbPath: path });
    try {
      await manager.initialize();
    } catch (error) {
      return DatabaseError.isInstance(error) ? error.code : error;
    } finally {
      manager.close();
    }
    return 'opened';
  };

  it('lets only the owner into the folder and the files', async () => {
    const path = folder.join('new', 'deep', 'agent.db');
    using manager = new DatabaseManager({ dbPath: path });
    await manager.initialize();
    manager.exec("INSERT INTO cache (key, value) VALUES ('k', '1')");
    expect(mode(folder.join('new'))).toBe(0o700);
    expect(mode(folder.join('new', 'deep'))).toBe(0o700);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(mode(file), file).toBe(0o600);
  });

  it('takes the rights of others away from a file that has them', async () => {
    const path = folder.join('agent.db');
    await codeOfOpening(path);
    chmodSync(path, 0o644);
    await codeOfOpening(path);
    expect(mode(path)).toBe(0o600);
  });

  it('takes the rights of others away from copies and set-aside files beside it, and from no other file', async () => {
    const path = folder.join('agent.db');
    const ours = [
      '.v3.2026-01-02T03-04-05-678Z.bak',
      '.damaged-2026-01-02T03-04-05-678Z',
      '.replaced-2026-01-02T03-04-05-678Z-wal',
    ];
    const others = ['.txt', '-notes.bak'];
    for (const ending of [...ours, ...others]) writeFileSync(path + ending, '', { mode: 0o644 });
    await codeOfOpening(path);
    for (const ending of ours) expect(mode(path + ending), ending).toBe(0o600);
    for (const ending of others) expect(mode(path + ending), ending).toBe(0o644);
  });

  it('sets every pragma it relies on', async () => {
    using manager = new DatabaseManager({ dbPath: folder.join('agent.db'), busyTimeoutMs: 1234 });
    await manager.initialize();
    const pragma = (name: string) => manager.getDatabase().pragma(name, { simple: true });
    expect({
      journal: pragma('journal_mode'),
      synchronous: pragma('synchronous'),
      foreignKeys: pragma('foreign_keys'),
      tempStore: pragma('temp_store'),
      trustedSchema: pragma('trusted_schema'),
      cellSizeCheck: pragma('cell_size_check'),
      busyTimeout: pragma('busy_timeout'),
      pageSize: pragma('page_size'),
    }).toEqual({
      journal: 'wal',
      synchronous: 1,
      foreignKeys: 1,
      tempStore: 2,
      trustedSchema: 0,
      cellSizeCheck: 1,
      busyTimeout: 1234,
      pageSize: 8192,
    });
  });

  it('leaves write-ahead logging off where it is not wanted', async () => {
    using manager = new DatabaseManager({ dbPath: folder.join('agent.db'), walMode: false });
    await manager.initialize();
    expect(manager.getDatabase().pragma('journal_mode', { simple: true })).toBe('delete');
  });

  it('asks CODEBUDDY_DB_PATH where no path is given, when it opens', async () => {
    using manager = new DatabaseManager();
    vi.stubEnv('CODEBUDDY_DB_PATH', folder.join('from-env.db'));
    await manager.initialize();
    expect(manager.getDatabase().name).toBe(folder.join('from-env.db'));
  });

  it('keeps the default file in the home folder, closed to others', async () => {
    vi.stubEnv('CODEBUDDY_DB_PATH', '');
    vi.stubEnv('HOME', folder.path);
    mkdirSync(folder.join('.codebuddy'), { mode: 0o755 });
    using manager = new DatabaseManager();
    await manager.initialize();
    expect(manager.getDatabase().name).toBe(folder.join('.codebuddy', 'codebuddy.db'));
    expect(mode(folder.join('.codebuddy'))).toBe(0o700);
  });

  it.each([
    ['a folder', 'DB_CANNOT_OPEN', (path: string) => mkdirSync(path)],
    ['below a file', 'DB_CANNOT_OPEN', (path: string) => writeFileSync(path, ''), '/below.db'],
    [
      'garbage',
      'DB_FOREIGN_FILE',
      (path: string) => writeFileSync(path, 'not a database, whatever its name says'.repeat(99)),
    ],
    [
      "another program's",
      'DB_FOREIGN_FILE',
      (path: string) => writeForeignFile(path, 'CREATE TABLE bookmarks (url TEXT)'),
    ],
    [
      "another program's, marked",
      'DB_FOREIGN_FILE',
      (path: string) => writeForeignFile(path, 'PRAGMA application_id = 7'),
    ],
    ['a look-alike', 'DB_FOREIGN_FILE', (path: string) => writeForeignFile(path, 'CREATE TABLE sessions (token TEXT)')],
    ['a newer release', 'DB_NEWER_SCHEMA', writeNewerFile],
  ] as const)('refuses %s with %s and leaves it untouched', async (_what, code, make, suffix?: string) => {
    const path = folder.join('agent.db');
    await make(path);
    chmodSync(path, 0o755);
    const before = statSync(path).isFile() ? readFileSync(path) : undefined;
    expect(await codeOfOpening(path + (suffix ?? ''))).toBe(code);
    if (before !== undefined) expect(readFileSync(path).equals(before)).toBe(true);
    expect(mode(path)).toBe(0o755);
  });

  it.each([
    [{ inMemory: 'no' }, 'inMemory'],
    [{ walMode: 0 }, 'walMode'],
    [{ dbPath: 'a\0b' }, 'dbPath'],
    [{ clock: 5 }, 'clock'],
    [{ redact: 'yes' }, 'redact'],
  ])('refuses %j before anything is opened', (config: object, field) => {
    expect(() => new DatabaseManager(config)).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT', field }));
  });

  it('takes a negative zero for 0, which the driver does not', async () => {
    using manager = new DatabaseManager({ inMemory: true, busyTimeoutMs: -0 });
    await manager.initialize();
    expect(manager.getDatabase().pragma('busy_timeout', { simple: true })).toBe(0);
  });

  it('opens an empty file as a new database', async () => {
    const path = folder.join('agent.db');
    writeFileSync(path, '');
    expect(await codeOfOpening(path)).toBe('opened');
    expect(existsSync(path)).toBe(true);
  });

  it('says so when Node.js is too old, before the driver is loaded', () => {
    expect(() => requireNode('20.20.2')).toThrow(/Node\.js 20\.20\.2 is too old .* 22\.18 or newer/);
    expect(() => requireNode('22.17.9')).toThrow(/too old/);
    expect(() => requireNode('22.18.0')).not.toThrow();
    expect(() => requireNode('26.0.0')).not.toThrow();
  });

  function writeForeignFile(path: string, sql: string): void {
    const db = connect(path);
    db.exec(sql);
    db.exec('CREATE TABLE IF NOT EXISTS filler (x)');
    db.close();
  }

  async function writeNewerFile(path: string): Promise<void> {
    using manager = new DatabaseManager({ dbPath: path });
    await manager.initialize();
    manager.exec(`INSERT INTO schema_version (version) VALUES (${SCHEMA_VERSION + 1})`);
  }
});
