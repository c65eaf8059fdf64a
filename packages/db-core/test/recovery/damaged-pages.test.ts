import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/connection/connect.ts';
import type { Database } from '../../src/connection/driver.ts';
import { salvageDatabase } from '../../src/index.ts';
import { TemporaryFolder } from '../../src/testing/index.ts';
import { damage, pagesOf, type TreePage } from '../support/damaged-file.ts';

/** Small pages, so that a few thousand rows have pages on three levels. */
const PAGE_BYTES = 512;
const ROWS = 2_000;

const TABLES = {
  rowids: 'CREATE TABLE rowids (id INTEGER PRIMARY KEY, name TEXT NOT NULL, size REAL, body BLOB) STRICT',
  keys: 'CREATE TABLE keys (size REAL, name TEXT NOT NULL PRIMARY KEY, body BLOB) STRICT, WITHOUT ROWID',
};
type Table = keyof typeof TABLES;

/** Writes a file with both kinds of tables. Every 50th row goes on over overflow pages. */
function write(path: string, more: (db: Database) => void = () => undefined): void {
  const db = connect(path);
  db.pragma(`page_size = ${PAGE_BYTES}`);
  db.exec(Object.values(TABLES).join(';'));
  db.exec('CREATE INDEX rowids_name ON rowids(name)');
  db.transaction(() => {
    const insert = [
      db.prepare('INSERT INTO rowids (id, name, size, body) VALUES (@id, @name, @size, @body)'),
      db.prepare('INSERT INTO keys (name, size, body) VALUES (@name, @size, @body)'),
    ];
    for (let id = 1; id <= ROWS; id++) {
      const body = Buffer.alloc(id % 50 === 0 ? 2_000 : 20, id);
      for (const statement of insert)
        statement.run({ id: 7 * id, name: `row ${(id * 7_919) % ROWS}`, size: id / 3, body });
    }
  })();
  more(db);
  db.close();
}

function rowsOf(path: string, table: string): Map<unknown, unknown> {
  const db = connect(path, { readonly: true });
  const rows = db
    .prepare(`SELECT name, * FROM ${table}`)
    .raw()
    .all()
    .map((row) => (Array.isArray(row) ? row : []));
  db.close();
  return new Map(rows.map(([name, ...row]) => [name, row]));
}

/** Damages pages, salvages, and returns how many rows of a table are gone. Those that are there must be as they were. */
function lose(
  table: Table,
  choose: (pages: readonly TreePage[]) => readonly TreePage[],
  more?: (db: Database) => void,
) {
  using folder = new TemporaryFolder();
  const [path, saved] = [folder.join('old.db'), folder.join('saved.db')];
  write(path, more);
  const before = rowsOf(path, table);
  const chosen = choose(pagesOf(path, table));
  damage(
    path,
    chosen.map(({ page }) => page),
    PAGE_BYTES,
  );
  const report = salvageDatabase(path, saved);
  const after = rowsOf(saved, table);
  for (const [name, row] of after) expect(row).toEqual(before.get(name));
  expect(report.tables.find((one) => one.table === table)?.recovered).toBe(after.size);
  const other = table === 'keys' ? 'rowids' : 'keys';
  expect(report.tables.find((one) => one.table === other)).toEqual({ table: other, recovered: ROWS, refused: 0 });
  return { lost: before.size - after.size, cells: chosen.reduce((sum, { cells }) => sum + cells, 0), report };
}

const of = (kind: TreePage['kind'], depth?: number) => (pages: readonly TreePage[]) =>
  pages.filter((page) => page.kind === kind && (depth === undefined || page.depth === depth));

describe('a table of which pages are damaged', () => {
  it('loses the rows of a damaged leaf, and no other', () => {
    const { lost, cells } = lose('rowids', (pages) => of('leaf')(pages).slice(40, 41));
    expect(lost).toBe(cells);
    expect(lost).toBeGreaterThan(3);
  });

  it('loses no row to a damaged inner page, or to the damaged root', () => {
    expect(lose('rowids', (pages) => of('internal', 1)(pages).slice(1, 2)).lost).toBe(0);
    const { lost, report } = lose('rowids', of('internal', 0));
    expect(lost).toBe(0);
    expect(report).toMatchObject({ complete: false, problems: [] });
  });

  it('loses no row to all of its inner pages, and only those of a leaf below them', () => {
    let onTheLeaf = 0;
    const { lost } = lose('rowids', (pages) => {
      const [leaf] = of('leaf')(pages).slice(100);
      onTheLeaf = leaf?.cells ?? 0;
      return leaf === undefined ? [] : [...of('internal')(pages), leaf];
    });
    expect(lost).toBe(onTheLeaf);
    expect(lost).toBeGreaterThan(0);
  });

  it('loses the rows of damaged inner pages too if it has no rowids', () => {
    for (const choose of [
      (pages: readonly TreePage[]) => of('leaf')(pages).slice(40, 41),
      (pages: readonly TreePage[]) => of('internal', 1)(pages).slice(1, 2),
      of('internal', 0),
      of('internal'),
    ]) {
      const { lost, cells } = lose('keys', choose);
      expect(lost).toBe(cells);
      expect(lost).toBeGreaterThan(0);
    }
  });

  it('loses one row to a damaged overflow page', () => {
    for (const table of ['rowids', 'keys'] as const) {
      expect(lose(table, (pages) => of('overflow')(pages).slice(5, 6)).lost).toBe(1);
    }
  });

  it.each(['rowids', 'keys'] as const)('%s loses the rows of whatever pages are damaged, and no other', (table) => {
    const places = fc.uniqueArray(fc.nat(1_000), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(places, (numbers) => {
        const choose = (pages: readonly TreePage[]) => {
          const tree = pages.filter(({ kind }) => kind !== 'overflow');
          return [...new Set(numbers.map((number) => number % tree.length))].flatMap((index) => tree[index] ?? []);
        };
        let expected = 0;
        const { lost } = lose(table, (pages) => {
          const chosen = choose(pages);
          expected = chosen.reduce(
            (sum, { kind, cells }) => sum + (table === 'keys' || kind === 'leaf' ? cells : 0),
            0,
          );
          return chosen;
        });
        expect(lost).toBe(expected);
      }),
      { numRuns: 10 },
    );
  });

  it('never gives back what was deleted, or an older state of a row', () => {
    const { lost } = lose('rowids', of('internal', 0), (db) => {
      db.exec(
        "DELETE FROM rowids WHERE id % 3 = 0 OR id BETWEEN 4000 AND 9000; UPDATE rowids SET size = -1, body = x'00'",
      );
    });
    expect(lost).toBe(0);
  });

  it('leaves out what deleted rows can not be told from, and says so', () => {
    using folder = new TemporaryFolder();
    const [path, saved] = [folder.join('old.db'), folder.join('saved.db')];
    write(path, (db) => db.exec('DELETE FROM rowids WHERE id BETWEEN 4000 AND 9000'));
    const root = of('internal', 0)(pagesOf(path, 'rowids'));
    damage(path, [...root.map(({ page }) => page), firstFreePage(path)], PAGE_BYTES);
    const { problems, tables } = salvageDatabase(path, saved);
    expect(problems).toEqual([expect.stringMatching(/list of free pages is damaged/)]);
    expect(tables.find(({ table }) => table === 'rowids')?.recovered).toBe(0);
    expect(tables.find(({ table }) => table === 'keys')?.recovered).toBe(ROWS);
  });

  it('gets its own rows if others are damaged too, unless they look the same', () => {
    using folder = new TemporaryFolder();
    const [path, saved] = [folder.join('old.db'), folder.join('saved.db')];
    write(path, (db) => {
      for (const name of ['one', 'other']) {
        db.exec(`CREATE TABLE ${name} (id INTEGER PRIMARY KEY, name TEXT);
          INSERT INTO ${name} SELECT id, name FROM rowids`);
      }
    });
    const names = ['rowids', 'keys', 'one', 'other'];
    damage(
      path,
      names.flatMap((name) => of('internal', 0)(pagesOf(path, name)).map(({ page }) => page)),
      PAGE_BYTES,
    );
    const { problems, tables } = salvageDatabase(path, saved);
    const recovered = new Map(tables.map((one) => [one.table, one.recovered]));
    expect(recovered.get('rowids')).toBe(ROWS);
    expect(recovered.get('keys')).toBeGreaterThan(ROWS - 10);
    expect([recovered.get('one'), recovered.get('other')]).toEqual([0, 0]);
    expect(problems).toEqual([`${2 * ROWS} rows fit more than one damaged table, or none, and were left out.`]);
  });

  it('keeps the defaults of columns that were added after its rows, and texts of any encoding', () => {
    using folder = new TemporaryFolder();
    const [path, saved] = [folder.join('old.db'), folder.join('saved.db')];
    const db = connect(path);
    db.pragma("encoding = 'UTF-16le'");
    db.exec(`CREATE TABLE notes (name TEXT, twice TEXT GENERATED ALWAYS AS (name || name) STORED, size REAL, big INTEGER);
      INSERT INTO notes (name, size, big) VALUES ('é😀', 2.0, 9223372036854775807), (NULL, -0.5, -129);
      ALTER TABLE notes ADD COLUMN added TEXT NOT NULL DEFAULT 'later';
      INSERT INTO notes (name, added) VALUES ('new', 'given')`);
    db.close();
    expect(salvageDatabase(path, saved)).toMatchObject({ complete: true });
    const sql = 'SELECT *, CAST(big AS TEXT), typeof(size) FROM notes';
    const [before, after] = [path, saved].map((file) => {
      const read = connect(file, { readonly: true });
      const rows = read.prepare(sql).all();
      read.close();
      return rows;
    });
    expect(after).toEqual(before);
  });
});

/** The page that the list of free pages begins on is named in the header. */
function firstFreePage(path: string): number {
  const db = connect(path, { readonly: true });
  const page = Buffer.from(db.serialize()).readUInt32BE(32);
  db.close();
  expect(page).toBeGreaterThan(0);
  return page;
}
