import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import { DatabaseManager, SCHEMA_VERSION } from '../src/index.ts';
import { TemporaryFolder } from '../src/testing/index.ts';
import { unpackVersion } from './released/released-versions.ts';

const IMPOSSIBLE = [
  '9999-99-99T99:99:99.999Z',
  '2026-02-30T00:00:00.000Z',
  '2025-02-29T00:00:00.000Z',
  '2026-13-01 00:00:00',
  '2026-01-02T24:00:00.000Z',
  '2026-01-02T03:04:60.000Z',
  '2026-01-02',
  '03:04:05',
  'now',
  'tomorrow',
  '',
  '1767323045',
];

/** The columns that hold instants, and those that hold days, of every table. */
const INSTANTS = `SELECT t.name, c.name, c.name = 'date' FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c
  WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT IN ('schema_version')
    AND (c.name LIKE '%\\_at' ESCAPE '\\' OR c.name IN ('last_used', 'last_accessed', 'stale_until', 'date'))`;

describe('an instant', () => {
  it('that no calendar has is refused in every column of every table', async () => {
    using folder = new TemporaryFolder();
    unpackVersion(SCHEMA_VERSION, folder.join('agent.db'));
    using manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
    await manager.initialize();
    const columns = manager.prepare(INSTANTS).raw().all().filter(Array.isArray);
    expect(columns.length).toBeGreaterThan(25);
    for (const [table, column, isDay] of columns) {
      const change = manager.prepare(`UPDATE ${table} SET ${column} = ?`);
      const refused = isDay === 1 ? ['9999-99-99', '2026-02-30', '2026-1-2', 'now'] : IMPOSSIBLE;
      for (const instant of refused)
        expect(() => change.run(instant), `${table}.${column} ${instant}`).toThrow(/CHECK/);
      change.run(isDay === 1 ? '2024-02-29' : '2024-02-29T23:59:59.999Z');
    }
    expect(manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
  });

  it('is stored to the millisecond, whichever it is', async () => {
    using manager = new DatabaseManager({ inMemory: true });
    await manager.initialize();
    const insert = manager
      .prepare('INSERT INTO sessions (id, created_at) VALUES (@at, @at) RETURNING created_at')
      .raw();
    const instants = fc.date({
      min: new Date(-62_167_219_200_000),
      max: new Date(253_402_300_799_999),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (date) => {
        const at = date.toISOString();
        manager.exec('DELETE FROM sessions');
        expect(insert.all({ at }).flat()).toEqual([at]);
      }),
      { numRuns: 500 },
    );
  });

  it('that an earlier release let in is set right when the file is opened, and its original is kept', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    unpackVersion(4, path);
    const old = connect(path);
    old.exec(`UPDATE memories SET expires_at = '9999-99-99T99:99:99.999Z', created_at = '2026-02-30T00:00:00.000Z' WHERE id = 'm1';
      UPDATE messages SET created_at = '2026-13-01T00:00:00.000Z' WHERE id = 1`);
    old.close();
    using manager = new DatabaseManager({ dbPath: path });
    await manager.initialize();
    const rows = (sql: string) => manager.prepare(sql).raw().all();
    expect(rows("SELECT created_at, expires_at FROM memories WHERE id = 'm1'")).toEqual([
      ['2026-03-02T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
    ]);
    expect(rows('SELECT created_at FROM messages WHERE id = 1')).toEqual([['2026-12-31T23:59:59.999Z']]);
    const originals = rows(
      "SELECT row ->> 'id', row ->> 'expires_at' FROM adoption_rejects WHERE reason LIKE '%calendar%' ORDER BY id",
    );
    expect(originals).toEqual([
      ['m1', '9999-99-99T99:99:99.999Z'],
      [1, null],
    ]);
    expect(manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
  });
});
