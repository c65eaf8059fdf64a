import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { connect } from '../../src/connection/connect.ts';
import { DatabaseManager } from '../../src/index.ts';
import { TemporaryFolder } from '../../src/testing/index.ts';
import { hostileRows, TABLES } from '../support/hostile-rows.ts';
import { writeLegacyFile } from '../support/legacy-file.ts';

type Row = Readonly<Record<string, unknown>>;

it('a file of an earlier release keeps each value, or the original of what was changed', async () => {
  await fc.assert(
    fc.asyncProperty(hostileRows, async (tables) => {
      using folder = new TemporaryFolder();
      const path = folder.join('agent.db');
      writeLegacyFile(path, 2, (db) => {
        db.pragma('foreign_keys = OFF');
        for (const { table, columns, rows } of tables) {
          const places = columns.map(() => '?').join(', ');
          const insert = db.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${places})`);
          for (const row of rows) insert.run(...row);
        }
      });
      const before = readRows(path, (table) => `SELECT rowid AS "rowid", * FROM ${table}`);
      using manager = new DatabaseManager({ dbPath: path });
      await manager.initialize();
      expect(manager.checkHealth('full').problems).toEqual([]);
      const after = readRows(path, (table) => TABLES[table]?.now ?? '');
      const kept = manager.prepare('SELECT source_table, row FROM adoption_rejects').all().map(Object);
      for (const [table, rows] of before) {
        const records = kept.filter(({ source_table }) => source_table === table).map(({ row }) => parse(row));
        for (const row of rows) {
          for (const [column, value] of Object.entries(row)) {
            if (value === null || isRecorded(row, column, records)) continue;
            const now = after.get(table)?.find((one) => isSameRow(table, row, one)) ?? {};
            expect(isSame(column, row, now), `${table}.${column}: ${String(value)} is now ${String(now[column])}`).toBe(
              true,
            );
          }
        }
      }
    }),
    { numRuns: 6 },
  );
}, 120_000);

function readRows(path: string, query: (table: string) => string): Map<string, Row[]> {
  const db = connect(path, { readonly: true });
  const read = (table: string) =>
    db
      .prepare(query(table))
      .safeIntegers()
      .all()
      .map((row): Row => Object(row));
  const rows = new Map(Object.keys(TABLES).map((table) => [table, read(table)]));
  db.close();
  return rows;
}

/** Whether the row was recorded whole, or this value of it. */
function isRecorded(row: Row, column: string, records: readonly Row[]): boolean {
  const { rowid, ...columns } = row;
  return records.some((record) =>
    record['rowid'] === undefined
      ? Object.keys(columns).every((name) => isSameJson(row[name], record[name]))
      : BigInt(Number(record['rowid'])) === rowid && isSameJson(row[column], record[column]),
  );
}

function isSameJson(value: unknown, recorded: unknown): boolean {
  if (value instanceof Uint8Array) return Object(recorded).hex === Buffer.from(value).toString('hex').toUpperCase();
  return (typeof value === 'bigint' ? Number(value) : value) === recorded;
}

function isSameRow(table: string, before: Row, now: Row): boolean {
  if (table === 'cache') return now['key'] === before['key'];
  return now['id'] === before['id'] || now['id'] === `adopted-${before['rowid']}`;
}

/** Columns that are computed from others. */
const DERIVED = ['rowid', 'message_count', 'avg_time_ms', 'success_rate'];

function isSame(column: string, row: Row, now: Row): boolean {
  const [before, after] = [row[column], now[column]];
  if (Object.keys(now).length === 0) return false;
  if (DERIVED.includes(column) || before === after) return true;
  if (column === 'content_hash') return row['content'] !== null;
  if (column === 'parent_session_id') return parse(now['metadata'])['missingParentSessionId'] === before;
  if (before instanceof Uint8Array && after instanceof Uint8Array && Buffer.compare(before, after) === 0) return true;
  if (column === 'content' && after instanceof Uint8Array) return gunzipSync(after).equals(Buffer.from(String(before)));
  if (/_at$|last_/.test(column)) return isSameInstant(before, after);
  if (/metadata|tool_calls|examples/.test(column)) return isSameStored(before, after);
  if (typeof before === 'string' || typeof after === 'string') return false;
  const [old, current] = [Number(before), Number(after)];
  return /cost/.test(column) ? Math.abs(old - current) <= 1e-12 * Math.abs(old) : old === current;
}

function isSameInstant(before: unknown, after: unknown): boolean {
  const instant = Date.parse(String(after));
  if (typeof before === 'bigint') return before === BigInt(instant) || before * 1_000n === BigInt(instant);
  if (!/^\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,3})?)?Z?$/.test(String(before))) return false;
  const iso = String(before).replace(' ', 'T').replace('Z', '');
  return iso.slice(0, 10) === String(after).slice(0, 10) && Date.parse(`${iso}Z`) === instant;
}

/** JSON that was kept, but for what an unknown type or a parent that is missing adds to it. */
function isSameStored(before: unknown, after: unknown): boolean {
  const stored = withoutAdditions(after);
  return stored['unparsed'] === before || JSON.stringify(stored) === JSON.stringify(withoutAdditions(before));
}

function withoutAdditions(json: unknown): Row {
  const { missingParentSessionId, originalType, ...rest } = parse(json);
  return rest;
}

function parse(json: unknown): Row {
  return Object(JSON.parse(String(json)));
}
