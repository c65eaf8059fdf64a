import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import type { Database } from '../src/connection/driver.ts';
import { DOMAINS } from '../src/domains/index.ts';
import { DatabaseManager, SCHEMA_VERSION, salvageDatabase } from '../src/index.ts';
import type { VectorSource } from '../src/table-kit/vector-source.ts';
import { TemporaryFolder } from '../src/testing/index.ts';
import { unpackVersion } from './released/released-versions.ts';

/** Tables that are not empty when everything is cleared: what the schema keeps, and what is still to be compacted. */
const NEVER_EMPTY =
  /^schema_version$|^module_versions$|^conflict_probe$|^cache_totals$|^full_text_bounds$|^vector_folds$|_vector_changes$/;

const SOURCES: readonly VectorSource[] = DOMAINS.flatMap(({ vectors = [] }) => vectors);

const list = (db: Database, sql: string) => db.prepare(sql).raw().all().flat().map(String);
const tablesOf = (db: Database) =>
  list(
    db,
    `SELECT name FROM pragma_table_list
     WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
  );
const count = (db: Database, table: string) => Number(list(db, `SELECT count(*) FROM ${table}`)[0]);

describe('the list of domains', () => {
  let folder: TemporaryFolder;
  let manager: DatabaseManager;
  let db: Database;
  beforeEach(async () => {
    folder = new TemporaryFolder();
    unpackVersion(SCHEMA_VERSION, folder.join('agent.db'));
    manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
    await manager.initialize();
    db = manager.getDatabase();
  });
  afterEach(() => {
    manager.close();
    folder[Symbol.dispose]();
  });

  it('clears every table', () => {
    const cleared: unknown[] = [];
    manager.on('db:cleared', ({ tables }) => cleared.push(...tables));
    manager.clearAll();
    const left = tablesOf(db).filter((table) => count(db, table) > 0 && !NEVER_EMPTY.test(table));
    expect(left, 'Name them in `tables` of their domain.').toEqual([]);
    expect(cleared).toEqual(DOMAINS.flatMap(({ tables }) => tables));
    expect(list(db, 'SELECT entries FROM cache_totals')).toEqual(['0']);
  });

  it('counts rows under the names that statistics have', () => {
    const counted = DOMAINS.flatMap(({ counted = [] }) => counted);
    const stats = manager.getDatabaseStats();
    for (const { name, table, label } of counted) {
      expect(stats[name]).toBe(count(db, table));
      expect(manager.formatStats()).toContain(`${label}: ${count(db, table)}`);
    }
    expect(counted.map(({ name }) => name)).toEqual(['memoriesCount', 'sessionsCount', 'embeddingsCount', 'cacheSize']);
  });

  it('has what is derived from rows made anew by a salvage', async () => {
    manager.close();
    const saved = folder.join('saved.db');
    expect(salvageDatabase(folder.join('agent.db'), saved)).toMatchObject({ complete: true });
    const rowsOf = (path: string) => {
      const file = connect(path, { readonly: true });
      const rows = tablesOf(file)
        .filter((table) => !/^vector_|_vector_changes$/.test(table))
        .map((table) => [table, file.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()]);
      file.close();
      return Object.fromEntries(rows);
    };
    expect(rowsOf(saved)).toEqual(rowsOf(folder.join('agent.db')));
    const file = connect(saved, { readonly: true });
    for (const { name, from, key, vector } of SOURCES) {
      const logged = list(file, `SELECT DISTINCT key FROM ${name}_vector_changes ORDER BY key`);
      expect(logged, name).toEqual(
        expect.arrayContaining(list(file, `SELECT ${key} FROM ${from} WHERE ${vector} IS NOT NULL`)),
      );
    }
    expect(count(file, 'vector_blocks')).toBe(0);
    file.close();
  });

  it.each(SOURCES)('has what searches need of the vectors of $name', ({ name, table, keyword, numeric, from }) => {
    expect(list(db, 'SELECT source FROM vector_folds')).toContain(name);
    expect(tablesOf(db)).toContain(`${name}_vector_changes`);
    const triggers = list(db, `SELECT sql FROM sqlite_schema WHERE type = 'trigger'`).filter((sql) =>
      sql.includes(`INSERT INTO ${name}_vector_changes`),
    );
    const watched = triggers.flatMap((sql) => / AFTER UPDATE OF ([\w, ]+) ON /.exec(sql)?.[1]?.split(', ') ?? []);
    const columns = new Set([name, table].flatMap((of) => list(db, `SELECT name FROM pragma_table_xinfo('${of}')`)));
    const asked = [...Object.values(keyword), ...Object.values(numeric)]
      .flatMap((expression) => expression.match(/\w+/g) ?? [])
      .filter((word) => columns.has(word));
    expect(from).toContain(name);
    expect(watched, 'A trigger has to log a change to what searches filter by.').toEqual(expect.arrayContaining(asked));
  });
});
