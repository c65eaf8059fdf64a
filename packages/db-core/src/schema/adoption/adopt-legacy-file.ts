import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../connection/driver.ts';
import { PreparedStatement } from '../../sql/prepared-statement.ts';
import * as read from '../../sql/row-readers.ts';
import { SCHEMA_SQL } from '../schema.ts';
import { analytics, conventions, repairLearning, toolStats } from './analytics.ts';
import { cache } from './cache.ts';
import { checkpointContents, checkpointFiles, checkpoints } from './checkpoints.ts';
import { codeChunks, codeContents } from './code-embeddings.ts';
import { registerContentFunctions } from './content-functions.ts';
import { CopyPlan } from './copy-plan.ts';
import { columnNames, LEGACY_TABLES } from './legacy-shape.ts';
import { memories } from './memories.ts';
import { messages, sessions } from './sessions.ts';
import type { TableAdoption } from './table-adoption.ts';

/** Parents come before the rows that point to them. */
const ADOPTIONS: readonly TableAdoption[] = [
  memories,
  sessions,
  messages,
  codeContents,
  codeChunks,
  toolStats,
  repairLearning,
  analytics,
  conventions,
  checkpoints,
  checkpointContents,
  checkpointFiles,
  cache,
];

/** Told after each batch of rows: `done` of `total` rows of `table` have been copied. */
export type AdoptionProgress = (step: { table: string; done: number; total: number }) => void;

/**
 * Brings the tables of an earlier Code-Buddy to our schema, inside the transaction that the caller holds. Rows are
 * copied in batches, and the event loop turns between them, so that progress can be shown.
 *
 * Foreign keys must be off on this connection: the old tables are renamed and dropped.
 */
export async function adoptLegacyFile(db: Database, progress: AdoptionProgress): Promise<void> {
  registerContentFunctions(db);
  dropDerivedObjects(db);
  const present = LEGACY_TABLES.filter((table) => columnNames(db, table).size > 0);
  // With the modern rename, SQLite would rewrite the references of other tables to follow the old one.
  db.pragma('legacy_alter_table = ON');
  for (const table of present) db.exec(`ALTER TABLE ${table} RENAME TO ${legacyName(table)}`);
  db.pragma('legacy_alter_table = OFF');
  db.exec('DROP TABLE IF EXISTS schema_version');
  db.exec(SCHEMA_SQL);

  const plans = ADOPTIONS.filter((adoption) => present.includes(adoption.from));
  for (const [index, adoption] of plans.entries()) {
    const plan = new CopyPlan(db, adoption, legacyName(adoption.from));
    const total = plan.countRows();
    for (const done of plan.copyInBatches()) {
      progress({ table: adoption.to, done, total });
      await nextTurn();
    }
    // Dropped as soon as nothing needs it, so that the next table reuses its pages and the file grows little.
    if (!plans.slice(index + 1).some((later) => later.from === adoption.from)) {
      db.exec(`DROP TABLE ${legacyName(adoption.from)}`);
    }
  }
  db.exec('UPDATE sessions SET parent_session_id = NULL WHERE parent_session_id NOT IN (SELECT id FROM sessions)');
}

function legacyName(table: string): string {
  return `codebuddy_legacy_${table}`;
}

/** Drops the old indexes, triggers and full-text tables: their names may be ours, and ours are made anew. */
function dropDerivedObjects(db: Database): void {
  const statement = new PreparedStatement(
    db,
    `SELECT type, name FROM sqlite_schema
     WHERE (type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(@tables)))
       OR (type = 'table' AND name IN ('messages_fts', 'memories_fts'))
     ORDER BY type = 'table', name`,
    'schema.adopt',
  );
  for (const row of statement.all({ tables: JSON.stringify(LEGACY_TABLES) })) {
    const name = read.text(row, 'name').replaceAll('"', '""');
    db.exec(`DROP ${read.word(row, 'type', ['index', 'trigger', 'table']).toUpperCase()} "${name}"`);
  }
}
