import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/connection/connect.ts';
import type { Database } from '../../src/connection/driver.ts';
import { DOMAINS } from '../../src/domains/index.ts';
import { DatabaseManager, MIGRATIONS, SCHEMA_VERSION } from '../../src/index.ts';
import { read, vectorIndexOf } from '../../src/internal.ts';
import { BASE_VERSION } from '../../src/schema/schema.ts';
import { contextOf } from '../../src/sql/connection-context.ts';
import type { Migrations } from '../../src/table-kit/migrations.ts';
import { TemporaryFolder } from '../../src/testing/index.ts';
import { decodeBlockRows } from '../../src/vector-index/block-codec.ts';
import { formatOf } from '../../src/vector-index/block-format.ts';
import { fileOfVersion, hashOf, RELEASED, recipe, unpackVersion } from './released-versions.ts';

const DOMAIN_FOLDERS = fileURLToPath(new URL('../../src/domains/', import.meta.url));
const VERSIONS = Object.keys(MIGRATIONS).map(Number);
const RECIPE = recipe('Adding a column');
const SOURCES = DOMAINS.flatMap(({ vectors = [] }) => vectors);

const all = (db: Database, sql: string) => db.prepare(sql).all();

describe('a released schema version', () => {
  it.each(VERSIONS)('has the SQL that was released: version %i', (version) => {
    expect(hashOf(MIGRATIONS[version] ?? ''), `The SQL of version ${version} is not what is locked.\n\n${RECIPE}`).toBe(
      RELEASED[version],
    );
  });

  it('is there for every hash', () => {
    expect(Object.keys(MIGRATIONS), RECIPE).toEqual(Object.keys(RELEASED));
  });

  it('follows the one before it without a gap', () => {
    expect(VERSIONS).toEqual(VERSIONS.map((_, index) => BASE_VERSION + index));
  });

  it('is written out in the folder of each domain as SQLite gets it, so that no constant can change it', async () => {
    const files = globSync('*/table.ts', { cwd: DOMAIN_FOLDERS });
    expect(files, 'domains/index.ts has to name every domain.').toHaveLength(DOMAINS.length);
    for (const file of files) {
      const source = readFileSync(DOMAIN_FOLDERS + file, 'utf8');
      const { migrations }: { migrations: Migrations } = await import(DOMAIN_FOLDERS + file);
      expect(source, `${file} is not plain text.\n\n${RECIPE}`).not.toContain('${');
      for (const sql of Object.values(migrations)) expect(source).toContain(`\`${sql}\``);
    }
  });
});

describe.each(VERSIONS)('a file of version %i, written by the build of that time', (version) => {
  async function open(folder: TemporaryFolder): Promise<DatabaseManager> {
    const manager = new DatabaseManager({ dbPath: unpack(version, folder) });
    await manager.initialize();
    return manager;
  }

  it('has the schema of a new file once it is opened', async () => {
    using folder = new TemporaryFolder();
    using manager = await open(folder);
    using fresh = new DatabaseManager({ inMemory: true });
    await fresh.initialize();
    const schema = `SELECT type, name, tbl_name, sql FROM sqlite_schema
      WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY type, name`;
    expect(all(manager.getDatabase(), schema)).toEqual(all(fresh.getDatabase(), schema));
    expect(manager.getDatabaseStats().version).toBe(SCHEMA_VERSION);
    expect(manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
  });

  it('has a value in every column of every table', () => {
    for (const { table, columns, rows } of readTables(version)) {
      const empty = columns.filter((column) => !rows.some((row) => Object(row)[column] !== null));
      expect(empty, `Give ${table} values in rows.sql before its version is locked.`).toEqual([]);
    }
  });

  it('keeps all of its rows', async () => {
    using folder = new TemporaryFolder();
    using manager = await open(folder);
    for (const { table, columns, rows } of readTables(version)) {
      const kept = readRows(manager.getDatabase(), table, columns);
      expect(kept, table).toEqual(expect.arrayContaining(rows));
    }
  });

  it('has full-text indexes that agree with their tables', async () => {
    using folder = new TemporaryFolder();
    using manager = await open(folder);
    const db = manager.getDatabase();
    const indexes = db
      .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual'")
      .raw()
      .all()
      .flat();
    expect(indexes).toContain('memories_fts');
    for (const index of indexes) db.exec(`INSERT INTO ${index} (${index}, rank) VALUES ('integrity-check', 1)`);
  });

  it('is searched by meaning', async () => {
    using folder = new TemporaryFolder();
    using manager = await open(folder);
    const db = manager.getDatabase();
    for (const source of SOURCES) {
      const { name, from, key, vector, model } = source;
      const rows = contextOf(db)
        .prepare(
          `SELECT ${key} AS key, ${vector} AS vector, ${model} AS model FROM ${from} WHERE vector IS NOT NULL`,
          name,
        )
        .all();
      if (version === SCHEMA_VERSION) expect(rows, name).not.toEqual([]);
      for (const row of rows) {
        const query = {
          vector: read.optionalVector(row, 'vector') ?? new Float32Array(),
          model: read.text(row, 'model'),
          topK: 1,
        };
        expect(vectorIndexOf(db, source).search(query), name).toMatchObject([{ key: read.number(row, 'key') }]);
      }
    }
  });

  it('has blocks of another format if its vectors have other attributes than today', async () => {
    using folder = new TemporaryFolder();
    using manager = await open(folder);
    const blocks = contextOf(manager.getDatabase()).prepare(
      `SELECT b.data FROM vector_blocks AS b JOIN vector_spaces AS s ON s.id = b.space_id
       WHERE b.part = 'rows' AND s.source = @source AND s.format = @format`,
      'blocks',
    );
    for (const source of SOURCES) {
      const expected = [Object.keys(source.keyword).length, Object.keys(source.numeric).length];
      for (const row of blocks.all({ source: source.name, format: formatOf(source) })) {
        const { keyword, numeric } = decodeBlockRows(read.bytes(row, 'data')).attributes;
        expect([keyword.length, numeric.length], source.name).toEqual(expected);
      }
    }
  });
});

/** Unpacks the file that is kept of a version, and returns its path. */
function unpack(version: number, folder: TemporaryFolder): string {
  expect(existsSync(fileOfVersion(version)), `No file of version ${version} is kept.\n\n${RECIPE}`).toBe(true);
  const path = folder.join('agent.db');
  unpackVersion(version, path);
  return path;
}

/** Reads the tables of the file that is kept of a version, before any later release opens it. */
function readTables(version: number): { table: string; columns: string[]; rows: unknown[] }[] {
  using folder = new TemporaryFolder();
  const db = connect(unpack(version, folder), { readonly: true });
  const tables = db
    .prepare(
      `SELECT l.name AS "table", json_group_array(c.name ORDER BY c.cid) AS columns
       FROM pragma_table_list AS l JOIN pragma_table_xinfo(l.name) AS c
       WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' GROUP BY l.name`,
    )
    .raw()
    .all()
    .filter(Array.isArray)
    .map(([table, columns]) => ({ table: String(table), columns: namesIn(String(columns)) }));
  const read = tables.map(({ table, columns }) => ({ table, columns, rows: readRows(db, table, columns) }));
  db.close();
  return read;
}

function namesIn(json: string): string[] {
  const names = JSON.parse(json);
  return Array.isArray(names) ? names.map(String) : [];
}

function readRows(db: Database, table: string, columns: readonly string[]): unknown[] {
  return all(db, `SELECT ${columns.map((column) => `"${column}"`).join(', ')} FROM "${table}" ORDER BY 1, 2`);
}
