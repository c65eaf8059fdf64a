import {
  DatabaseMigration,
  getAnalyticsRepository,
  getCacheRepository,
  getDatabaseManager,
  getMemoryRepository,
  getSessionRepository,
  ImportLedger,
  type MigrationResult,
  type Phase,
} from '@codebuddy/db-integration';
import { endProgressBar, progressBar } from './page.ts';

/** What an import did, and how long each of its parts took. */
export interface TimedImport {
  readonly result: MigrationResult;
  /** In milliseconds, by part. */
  readonly durations: ReadonlyMap<Phase, number>;
}

/** Imports a legacy install and draws a bar for each of its parts. */
export async function importInstall(home: string): Promise<TimedImport> {
  const targets = {
    memories: getMemoryRepository(),
    sessions: getSessionRepository(),
    cache: getCacheRepository(),
    analytics: getAnalyticsRepository(),
    ledger: new ImportLedger(getDatabaseManager().getDatabase()),
  };
  const migration = new DatabaseMigration(targets, { home });
  const durations = new Map<Phase, number>();
  let start = performance.now();
  migration.on('progress', ({ phase, status }) => {
    if (status === 'starting') start = performance.now();
    else {
      durations.set(phase, performance.now() - start);
      endProgressBar();
    }
  });
  migration.on('advance', ({ phase, entries, bytes, totalBytes }) => progressBar(phase, bytes / totalBytes, entries));
  return { result: await migration.migrate(), durations };
}
