import type { Database } from '../connection/driver.ts';
import { contextOf } from '../sql/connection-context.ts';

/** Children come before the rows they point to. */
const TABLES = [
  'memories',
  'messages',
  'sessions',
  'checkpoint_files',
  'checkpoint_contents',
  'checkpoints',
  'code_chunks',
  'code_contents',
  'indexed_files',
  'embedding_cache',
  'analytics',
  'usage_requests',
  'budget_reservations',
  'budget_alerts',
  'imported_costs',
  'tool_stats',
  'repair_learning',
  'conventions',
  'cache',
  'vector_spaces',
  'imported_files',
  'adoption_rejects',
] as const;

/** Deletes every row of every table of ours, in one transaction, and returns the tables' names. */
export function clearTables(db: Database): readonly string[] {
  contextOf(db).transaction('database.clearAll', () => {
    for (const table of TABLES) db.exec(`DELETE FROM ${table}`);
  });
  return TABLES;
}
