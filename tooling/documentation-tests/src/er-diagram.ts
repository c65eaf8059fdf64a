import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseManager, SCHEMA_VERSION } from '@codebuddy/db-core';
import { ROOT, read } from './documents.ts';

/** The page that shows the tables. */
export const PAGE = 'docs/data-model.md';

/** Kept by triggers or by the vector index: they say nothing of the model. */
const DERIVED = /_fts|_vector_changes$|^vector_|^sqlite_|^cache_totals$|^conflict_probe$|^full_text_bounds$/;

/** Draws the tables of a new database and what points to what, in Mermaid. */
async function drawEntities(): Promise<string> {
  using manager = new DatabaseManager({ inMemory: true });
  await manager.initialize();
  const rows = (sql: string, ...values: unknown[]): readonly unknown[][] =>
    manager
      .prepare(sql)
      .raw()
      .all(...values)
      .filter(Array.isArray);
  const tables = rows("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name")
    .map(([name]) => String(name))
    .filter((name) => !DERIVED.test(name));
  const entities = tables.map((table) => {
    const columns = rows('SELECT name, type, pk FROM pragma_table_xinfo(?) ORDER BY cid', table).map(
      ([name, type, pk]) => `    ${type} ${name}${Number(pk) > 0 ? ' PK' : ''}`,
    );
    return `  ${table} {\n${columns.join('\n')}\n  }`;
  });
  const relations = tables.flatMap((table) =>
    rows('SELECT "table", "from" FROM pragma_foreign_key_list(?) ORDER BY id', table).map(
      ([parent, column]) => `  ${parent} ||--o{ ${table} : ${column}`,
    ),
  );
  return ['erDiagram', ...relations, ...entities].join('\n');
}

/** Returns the page as it is to be: with the tables and the version of a new database. */
export async function drawPage(): Promise<string> {
  const diagram = await drawEntities();
  return read(PAGE)
    .replace(/schema version \d+/, `schema version ${SCHEMA_VERSION}`)
    .replace(/^erDiagram\n.*?(?=\n```$)/ms, () => diagram);
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(ROOT, PAGE), await drawPage());
