import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AnalyticsRepository } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import { DatabaseManager, ImportLedger } from '@codebuddy/db-core';
import { MemoryRepository } from '@codebuddy/db-memory';
import { DatabaseMigration } from '@codebuddy/db-migrate';
import { SessionRepository } from '@codebuddy/db-sessions';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { median, once } from '../measure.ts';
import { row, type SuiteReport, within } from '../report.ts';
import { removeScratchDatabase, scratchFile } from '../scratch-folder.ts';

/** The tables that an import fills, parents before the rows that point to them. */
const TABLES = ['memories', 'sessions', 'messages', 'cache', 'analytics', 'imported_costs'];

/** The rows of a table, as an import stored them. */
interface StoredRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** The import of an old install, against `JSON.parse` and plain inserts of the same rows in one transaction. */
export async function legacyImport(memories: number, sessions: number, rounds: number): Promise<SuiteReport> {
  const home = scratchFile('legacy-home');
  writeLegacyInstall(home, { memories, sessions, cacheEntries: 500, days: 400 });
  const ours = await importHome(home);
  const stored = await readStoredRows();
  const times: Record<'ours' | 'raw', number[]> = { ours: [ours], raw: [] };
  for (let round = 0; round < rounds; round++) {
    times.raw.push(await insertRaw(home, stored));
    times.ours.push(await importHome(home));
  }
  const [import_, raw] = [median(times.ours), median(times.raw)];
  return {
    name: 'legacy-import',
    title: 'Import of an old install',
    rows: {
      import: row('import, compared with what is stored', { time: import_ }),
      raw: row('JSON.parse and plain inserts', { time: raw }),
    },
    goals: { import: within('import of an old install', 'JSON.parse and plain inserts', import_, raw, 1.5) },
  };
}

async function open(name: string): Promise<DatabaseManager> {
  const path = scratchFile(name);
  removeScratchDatabase(path);
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  return manager;
}

async function importHome(home: string): Promise<number> {
  const manager = await open('imported.db');
  const db = manager.getDatabase();
  const targets = {
    memories: new MemoryRepository(db),
    sessions: new SessionRepository(db),
    cache: new CacheRepository(db),
    analytics: new AnalyticsRepository(db),
    ledger: new ImportLedger(db),
  };
  const time = await once(async () => {
    const { errors } = await new DatabaseMigration(targets, { home }).migrate();
    if (errors.length > 0) throw new Error(errors[0]);
  });
  manager.close();
  return time;
}

/** Reads what the import before stored. */
async function readStoredRows(): Promise<StoredRows[]> {
  const manager = new DatabaseManager({ dbPath: scratchFile('imported.db') });
  await manager.initialize();
  const stored = TABLES.map((table) => {
    const names = manager.prepare(`SELECT name FROM pragma_table_xinfo('${table}') WHERE hidden = 0`).all();
    const columns = names.map((each) => String(Reflect.get(Object(each), 'name')));
    const rows = manager.prepare(`SELECT ${columns.join(', ')} FROM ${table}`).all();
    return { table, columns, rows: rows.map((each) => columns.map((column) => columnValue(table, column, each))) };
  });
  manager.close();
  return stored;
}

/** The messages of a session are counted by a trigger. */
function columnValue(table: string, column: string, each: unknown): unknown {
  return table === 'sessions' && column === 'message_count' ? 0 : Reflect.get(Object(each), column);
}

async function insertRaw(home: string, stored: readonly StoredRows[]): Promise<number> {
  const manager = await open('raw.db');
  const time = await once(() => {
    for (const file of readdirSync(home, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.json')) JSON.parse(readFileSync(join(home, file), 'utf8'));
    manager.transaction(() => {
      for (const { table, columns, rows } of stored) {
        const insert = manager.prepare(
          `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        );
        for (const values of rows) insert.run(...values);
      }
    });
  });
  manager.close();
  return time;
}
