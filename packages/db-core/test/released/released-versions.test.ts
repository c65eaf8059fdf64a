import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/connection/connect.ts';
import type { Database } from '../../src/connection/driver.ts';
import { DOMAINS } from '../../src/domains/index.ts';
import { DatabaseManager, MIGRATIONS, SCHEMA_VERSION } from '../../src/index.ts';
import { decodeVector, vectorIndexOf } from '../../src/internal.ts';
import { BASE_VERSION } from '../../src/schema/schema.ts';
import type { Migrations } from '../../src/table-kit/migrations.ts';
import { TemporaryFolder } from '../../src/testing/index.ts';
import { fileOfVersion, hashOf, RELEASED, recipe, unpackVersion } from './released-versions.ts';

const DOMAIN_FOLDERS = fileURLToPath(new URL('../../src/domains/', import.meta.url));
const VERSIONS = Object.keys(MIGRATIONS).map(Number);
const RECIPE = recipe('Adding a column');

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
    expect(files).toHaveLength(DOMAINS.length);
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

  it('has rows in every table, and keeps all of them', async () => {
    using folder = new TemporaryFolder();
    using manager = await open(folder);
    for (const { table, columns, rows } of readTables(version)) {
      expect(rows, table).not.toEqual([]);
      if (table !== 'schema_version') expect(readRows(manager.getDatabase(), table, columns), table).toEqual(rows);
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

  it('is searched by meaning, whatever its blocks hold', async () => {
    using folder = new TemporaryFolder();
    using manager = await open(folder);
    const db = manager.getDatabase();
    for (const source of DOMAINS.flatMap(({ vectors = [] }) => vectors)) {
      const { from, key, vector, model } = source;
      const rows = db
        .prepare(`SELECT ${key}, ${vector}, ${model} FROM ${from} WHERE ${vector} IS NOT NULL`)
        .raw()
        .all()
        .filter(Array.isArray);
      expect(rows, source.name).not.toEqual([]);
      for (const [rowKey, bytes, made] of rows) {
        const stored = bytes instanceof Uint8Array ? decodeVector(bytes) : undefined;
        const query = { vector: stored ?? new Float32Array(), model: String(made), topK: 1 };
        expect(vectorIndexOf(db, source).search(query), source.name).toMatchObject([{ key: rowKey }]);
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
