import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import type { Database } from '../src/connection/driver.ts';
import { DatabaseManager, MIGRATIONS, SCHEMA_VERSION } from '../src/index.ts';
import { encodeVector } from '../src/internal.ts';
import { TemporaryFolder } from '../src/testing/index.ts';
import { writeLegacyFile } from './support/legacy-file.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const all = (db: Database, sql: string) => db.prepare(sql).all();

describe('upgrading the file of an earlier release', () => {
  let folder: TemporaryFolder;
  let manager: DatabaseManager;
  beforeEach(() => {
    folder = new TemporaryFolder();
    manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
  });
  afterEach(() => {
    manager.close();
    folder[Symbol.dispose]();
  });

  const upgrade = async (version: 1 | 2 | 3, fill: (db: Database) => void) => {
    writeLegacyFile(folder.join('agent.db'), version, fill);
    await manager.initialize();
    return manager.getDatabase();
  };

  it.each([1, 2, 3] as const)('keeps every row of version %i and ends with our schema', async (version) => {
    const db = await upgrade(version, fillEveryTable);
    const fresh = new DatabaseManager({ inMemory: true });
    await fresh.initialize();
    const schema = 'SELECT type, name, sql FROM sqlite_schema ORDER BY type, name';
    const ofTheFile = [
      { type: 'index', name: 'idx_memories_type', sql: 'CREATE INDEX idx_memories_type ON memories(type)' },
    ];
    expect(all(db, schema)).toEqual(expect.arrayContaining([...all(fresh.getDatabase(), schema), ...ofTheFile]));
    expect(all(db, schema)).toHaveLength(all(fresh.getDatabase(), schema).length + ofTheFile.length);
    fresh.close();
    expect(manager.getDatabaseStats()).toMatchObject({
      version: SCHEMA_VERSION,
      memoriesCount: 2,
      sessionsCount: 2,
      embeddingsCount: 1,
      cacheSize: 1,
    });
    expect(all(db, 'SELECT session_id, role, content, tool_calls, tokens FROM messages ORDER BY id')).toEqual([
      { session_id: 's1', role: 'user', content: 'please retry', tool_calls: null, tokens: 3 },
      { session_id: 's1', role: 'assistant', content: null, tool_calls: '[{"id":"c1"}]', tokens: 0 },
    ]);
    expect(all(db, "SELECT rowid FROM messages_fts WHERE messages_fts MATCH 'retry'")).toEqual([{ rowid: 1 }]);
    expect(all(db, 'SELECT id, message_count, total_cost FROM sessions ORDER BY id')).toEqual([
      { id: 's1', message_count: 2, total_cost: 1.25 },
      { id: 's2', message_count: 0, total_cost: 0 },
    ]);
    expect(all(db, 'SELECT * FROM adoption_rejects')).toEqual([]);
    expect(manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
    expect(all(db, 'PRAGMA foreign_key_check')).toEqual([]);
  });

  it('copies the file before it changes, and says where', async () => {
    const steps: unknown[] = [];
    manager.on('db:migration', (step) => steps.push(step));
    await upgrade(2, fillEveryTable);
    const [first, last] = [steps[0], steps.at(-1)].map((step) => Object.assign({ backupPath: '' }, step));
    expect(first).toMatchObject({ version: 4, applied: true });
    expect(last).toMatchObject({ version: SCHEMA_VERSION, applied: true, backupPath: first?.backupPath });
    const copy = connect(last?.backupPath ?? '', { readonly: true });
    expect(all(copy, 'SELECT max(version) AS version FROM schema_version')).toEqual([{ version: 2 }]);
    expect(all(copy, 'SELECT count(*) AS n FROM messages')).toEqual([{ n: 2 }]);
    copy.close();
  });

  it('is not told as failed when a listener throws once it is committed', async () => {
    manager.once('db:migration', () => {
      throw new Error('the listener is at fault');
    });
    await expect(upgrade(2, fillEveryTable)).rejects.toThrow(/^the listener is at fault$/);
    await manager.initialize();
    expect(manager.getDatabaseStats()).toMatchObject({ version: SCHEMA_VERSION, memoriesCount: 2 });
  });

  it('merges the user memories that a NULL project let pile up', async () => {
    const db = await upgrade(1, (old) => {
      const add = old.prepare(
        `INSERT INTO memories (id, type, content, importance, access_count, created_at, last_accessed, expires_at, metadata)
         VALUES (?, 'fact', 'uses pnpm', ?, ?, ?, ?, ?, ?)`,
      );
      add.run(
        'a',
        0.2,
        3,
        '2025-01-02 00:00:00',
        '2025-01-05 00:00:00',
        '2030-01-01 00:00:00',
        '{"a":1,"both":"first"}',
      );
      add.run(
        'b',
        0.9,
        4,
        '2025-01-01T00:00:00.000Z',
        '2025-03-01T00:00:00.000Z',
        '2029-01-01',
        '{"b":2,"both":"second"}',
      );
      add.run('c', 0.5, 0, '2025-02-01 00:00:00', '2025-02-01 00:00:00', '2028-01-01', null);
    });
    const rows = all(db, 'SELECT * FROM memories');
    expect(rows).toEqual([
      expect.objectContaining({
        id: 'a',
        importance: 0.9,
        access_count: 7,
        created_at: '2025-01-01T00:00:00.000Z',
        last_accessed: '2025-03-01T00:00:00.000Z',
        expires_at: '2030-01-01T00:00:00.000Z',
        metadata: '{"b":2,"both":"first","a":1}',
      }),
    ]);
  });

  it('adds up daily analytics and tool statistics, and weighs averages by requests', async () => {
    const db = await upgrade(1, (old) => {
      old.exec(`INSERT INTO analytics (date, model, cost, requests, avg_response_time_ms, cache_hit_rate) VALUES
        ('2025-01-01', 'm', 1.5, 1, 100, 1), ('2025-01-01', 'm', 0.25, 3, 200, 0), ('2025-01-01', NULL, 1, 0, 0, 0);
        INSERT INTO tool_stats (tool_name, success_count, failure_count, total_time_ms, last_used, updated_at) VALUES
        ('bash', 1, 0, 10, '2025-01-01 00:00:00', NULL), ('bash', 2, 1, 30, '2025-02-01T00:00:00.000Z', NULL)`);
    });
    expect(
      all(db, 'SELECT model, cost, requests, avg_response_time_ms, cache_hit_rate FROM analytics ORDER BY id'),
    ).toEqual([
      { model: 'm', cost: 1.75, requests: 4, avg_response_time_ms: 175, cache_hit_rate: 0.25 },
      { model: null, cost: 1, requests: 0, avg_response_time_ms: 0, cache_hit_rate: 0 },
    ]);
    expect(all(db, 'SELECT success_count, failure_count, avg_time_ms, last_used FROM tool_stats')).toEqual([
      { success_count: 3, failure_count: 1, avg_time_ms: 10, last_used: '2025-02-01T00:00:00.000Z' },
    ]);
  });

  it('brings every timestamp to one format', async () => {
    const db = await upgrade(3, fillEveryTable);
    for (const [table, column] of [
      ['memories', 'created_at'],
      ['memories', 'expires_at'],
      ['sessions', 'updated_at'],
      ['messages', 'created_at'],
      ['code_chunks', 'created_at'],
      ['cache', 'expires_at'],
      ['checkpoints', 'created_at'],
    ]) {
      for (const row of all(db, `SELECT ${column} AS instant FROM ${table} WHERE ${column} IS NOT NULL`)) {
        expect(Reflect.get(Object(row), 'instant'), `${table}.${column}`).toMatch(INSTANT);
      }
    }
    expect(all(db, "SELECT expires_at FROM memories WHERE id = 'm2'")).toEqual([
      { expires_at: '2031-01-02T03:04:05.000Z' },
    ]);
  });

  it('sets rows aside that break our rules, whole and with the reason', async () => {
    const db = await upgrade(1, (old) => {
      old.pragma('foreign_keys = OFF');
      old.exec(`INSERT INTO sessions (id) VALUES ('s');
        INSERT INTO messages (session_id, role, content) VALUES ('s', 'robot', 'beep'), ('gone', 'user', 'lost'), ('s', 'user', 'kept');
        INSERT INTO memories (id, type, content, embedding, importance) VALUES
          ('half', 'insight', 'half a vector', x'00112233445566', 7), ('empty', 'fact', '', NULL, 0.5);
        INSERT INTO analytics (date, cost) VALUES ('2025-02-30', 3);
        ALTER TABLE sessions ADD COLUMN mood TEXT;
        INSERT INTO sessions (id, mood) VALUES ('happy', 'good')`);
    });
    const rejects = all(db, 'SELECT source_table, reason FROM adoption_rejects ORDER BY id');
    expect(rejects).toEqual([
      { source_table: 'memories', reason: 'it has no content' },
      { source_table: 'memories', reason: 'its type is unknown' },
      { source_table: 'memories', reason: 'its embedding is not whole float32 numbers' },
      { source_table: 'memories', reason: 'its importance is not between 0 and 1' },
      { source_table: 'sessions', reason: 'it has columns that this schema does not know' },
      { source_table: 'messages', reason: 'its session does not exist' },
      { source_table: 'messages', reason: 'its role is unknown' },
      { source_table: 'analytics', reason: 'its date is not a day of the calendar' },
    ]);
    expect(
      all(db, "SELECT json_extract(row, '$.mood') AS mood FROM adoption_rejects WHERE source_table = 'sessions'"),
    ).toEqual([{ mood: 'good' }]);
    expect(all(db, 'SELECT id, type, embedding, importance, metadata FROM memories')).toEqual([
      { id: 'half', type: 'fact', embedding: null, importance: 1, metadata: '{"originalType":"insight"}' },
    ]);
    expect(all(db, 'SELECT content FROM messages')).toEqual([{ content: 'kept' }]);
    expect(all(db, 'SELECT id FROM sessions ORDER BY id')).toEqual([{ id: 'happy' }, { id: 's' }]);
  });

  it('keeps JSON that cannot be parsed as text, and leaves other tables alone', async () => {
    const db = await upgrade(1, (old) => {
      old.exec(`INSERT INTO sessions (id, metadata) VALUES ('s', '{broken');
        CREATE TABLE notes_of_the_user (text TEXT);
        INSERT INTO notes_of_the_user VALUES ('mine')`);
    });
    expect(all(db, 'SELECT metadata FROM sessions')).toEqual([{ metadata: '{"unparsed":"{broken"}' }]);
    expect(all(db, 'SELECT * FROM notes_of_the_user')).toEqual([{ text: 'mine' }]);
  });

  it.each([
    'DELETE FROM schema_version',
    "INSERT INTO schema_version VALUES (99, 'later')",
    'DROP TABLE schema_version',
  ])('upgrades it whatever its version row says: %s', async (sql) => {
    const db = await upgrade(2, (old) => {
      fillEveryTable(old);
      old.exec(sql);
    });
    expect(all(db, 'SELECT version FROM schema_version').map((row) => Number(Object(row).version))).toEqual(
      Object.keys(MIGRATIONS).map(Number),
    );
    expect(manager.getDatabaseStats().memoriesCount).toBe(2);
  });

  it('shows progress, and lets the process work in between', async () => {
    const steps: string[] = [];
    let turns = 0;
    manager.on('db:migration-progress', ({ step, done, total }) => steps.push(`${step} ${done}/${total}`));
    const timer = setInterval(() => turns++, 0);
    await upgrade(1, (old) => {
      old.exec(`INSERT INTO sessions (id) VALUES ('s');
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
        INSERT INTO messages (session_id, role, content) SELECT 's', 'user', 'message ' || i FROM n`);
    });
    clearInterval(timer);
    expect(steps).toContain('messages 2000/5000');
    expect(steps).toContain('messages 5000/5000');
    expect(steps.some((step) => step.startsWith('backup'))).toBe(true);
    expect(turns).toBeGreaterThan(1);
  });

  it('moves the contents of checkpoints under their hashes', async () => {
    const db = await upgrade(1, (old) => {
      old.exec(`INSERT INTO checkpoints (id, project_id, file_count) VALUES ('c', 'p', 3);
        INSERT INTO checkpoint_files (checkpoint_id, file_path, content, existed) VALUES
          ('c', 'a.txt', 'same', 1), ('c', 'b.txt', 'same', 1), ('c', 'new.txt', NULL, 0)`);
    });
    expect(all(db, 'SELECT count(*) AS contents, max(size) AS size FROM checkpoint_contents')).toEqual([
      { contents: 1, size: 4 },
    ]);
    expect(
      all(db, 'SELECT file_path, existed, content_hash IS NULL AS empty FROM checkpoint_files ORDER BY id'),
    ).toEqual([
      { file_path: 'a.txt', existed: 1, empty: 0 },
      { file_path: 'b.txt', existed: 1, empty: 0 },
      { file_path: 'new.txt', existed: 0, empty: 1 },
    ]);
  });
});

function fillEveryTable(db: Database): void {
  db.exec(`
    INSERT INTO memories (id, type, content, importance, access_count, created_at) VALUES
      ('m1', 'fact', 'the retry helper', 0.7, 2, '2026-01-02 03:04:05');
    INSERT INTO memories (id, type, content, importance, expires_at) VALUES
      ('m2', 'error', 'breaks on slashes', 0, '2031-01-02 03:04:05');
    INSERT INTO sessions (id, name, total_cost, message_count, updated_at) VALUES
      ('s1', 'first', 1.25, 99, '2026-01-02T03:04:05.678Z'), ('s2', 'second', 0, 0, '2026-01-02 03:04:05');
    INSERT INTO messages (session_id, role, content, tokens) VALUES ('s1', 'user', 'please retry', 3);
    INSERT INTO messages (session_id, role, tool_calls, created_at) VALUES ('s1', 'assistant', '[{"id":"c1"}]', '2026-01-02T03:04:05.678Z');
    INSERT INTO tool_stats (tool_name, success_count) VALUES ('bash', 1);
    INSERT INTO repair_learning (error_pattern, error_type, strategy, success_count) VALUES ('TS2322', 'type', 'cast', 1);
    INSERT INTO analytics (date, cost, requests) VALUES ('2026-01-01', 0.5, 2);
    INSERT INTO conventions (project_id, category, pattern) VALUES ('p', 'naming', 'kebab-case');
    INSERT INTO checkpoints (id, project_id) VALUES ('c', 'p');
    INSERT INTO cache (key, value, expires_at, hits) VALUES ('k', '{"a":1}', '2031-01-01 00:00:00', 4);
  `);
  db.prepare(
    "INSERT INTO code_embeddings (project_id, file_path, chunk_index, chunk_text, chunk_hash, embedding) VALUES ('p', 'a.ts', 0, 'x', 'h', ?)",
  ).run(encodeVector(new Float32Array([1, 2, 3])));
}
