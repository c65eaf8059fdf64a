import type { Database, SchemaModule } from '@codebuddy/db-core';
import { contextOf } from '@codebuddy/db-core/internal';

/** The tables of the store, beside those of memories in the same file. Namespaces are JSON lists of their labels. */
export const STORE_TABLES: SchemaModule = {
  name: 'langgraph-store',
  migrations: {
    1: `
      CREATE TABLE langgraph_store_items (
        namespace TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL CHECK (json_valid(value)),
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        PRIMARY KEY (namespace, key)
      ) STRICT;
      CREATE TABLE langgraph_store_vectors (
        namespace TEXT NOT NULL,
        key TEXT NOT NULL,
        path TEXT NOT NULL,
        embedding BLOB NOT NULL,
        PRIMARY KEY (namespace, key, path),
        FOREIGN KEY (namespace, key) REFERENCES langgraph_store_items(namespace, key) ON DELETE CASCADE
      ) STRICT;
    `,
  },
};

const ITEM = 'namespace, key, value, created_at, updated_at';
// A list begins with another one if its text does, up to a comma or the end.
const UNDER = "(@prefix = '' OR namespace = @exact OR substr(namespace, 1, length(@prefix)) = @prefix)";
const NEWEST_FIRST = 'ORDER BY updated_at DESC, namespace, key';

/** Prepares every statement of the store. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `langgraph.${operation}`);
  return {
    get: prepare('get', `SELECT ${ITEM} FROM langgraph_store_items WHERE namespace = @namespace AND key = @key`),
    put: prepare(
      'put',
      `INSERT INTO langgraph_store_items (${ITEM}) VALUES (@namespace, @key, @value, @now, @now)
       ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
    ),
    delete: prepare('delete', 'DELETE FROM langgraph_store_items WHERE namespace = @namespace AND key = @key'),
    putVector: prepare(
      'put',
      `INSERT INTO langgraph_store_vectors (namespace, key, path, embedding)
       VALUES (@namespace, @key, @path, @embedding)`,
    ),
    deleteVectors: prepare('put', 'DELETE FROM langgraph_store_vectors WHERE namespace = @namespace AND key = @key'),
    under: prepare('search', `SELECT ${ITEM} FROM langgraph_store_items WHERE ${UNDER} ${NEWEST_FIRST}`),
    placesUnder: prepare('search', `SELECT namespace, key FROM langgraph_store_items WHERE ${UNDER} ${NEWEST_FIRST}`),
    vectorsUnder: prepare('search', `SELECT namespace, key, embedding FROM langgraph_store_vectors WHERE ${UNDER}`),
    namespaces: prepare('listNamespaces', 'SELECT DISTINCT namespace FROM langgraph_store_items ORDER BY namespace'),
  };
}
