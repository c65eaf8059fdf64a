import { AnalyticsRepository } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import { type Database, ImportLedger } from '@codebuddy/db-core';
import { MemoryRepository } from '@codebuddy/db-memory';
import * as migrate from '@codebuddy/db-migrate';
import { SessionRepository } from '@codebuddy/db-sessions';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { emptyFolder } from './folders.ts';
import type { PublicModule } from './public-object.ts';

const SMALL = { memories: 3, sessions: 2, cacheEntries: 2, days: 2 };

export const migrateModule: PublicModule = {
  exports: migrate,
  objects: {
    DatabaseMigration: ({ db }) => ({
      target: new migrate.DatabaseMigration(targetsOf(db), { home: legacyHome() }),
      calls: { needsMigration: [], getMigrationStatus: [], migrate: [] },
    }),
  },
  functions: ({ db }) => ({
    target: {
      'new DatabaseMigration': async (options: migrate.MigrationOptions, targets: object) => {
        const migration = new migrate.DatabaseMigration({ ...targetsOf(db), ...targets }, options);
        migration.getMigrationStatus();
        await migration.migrate();
      },
      formatProblem: migrate.formatProblem,
      findLegacyFiles: migrate.findLegacyFiles,
    },
    calls: {
      'new DatabaseMigration': [
        {
          dryRun: false,
          skipUnchanged: true,
          verbose: true,
          log: () => undefined,
          home: legacyHome(),
          projects: [legacyHome()],
          maxFileBytes: 1_000_000,
          redact: String,
          clock: () => 1,
        },
        {},
      ],
      findLegacyFiles: [{ home: legacyHome(), projects: [legacyHome()] }],
      formatProblem: [{ file: 'a.json', position: 'entry 1', reason: 'it is broken' }],
    },
    open: { formatProblem: 'takes what an import reports' },
  }),
  withoutInput: [],
};

function legacyHome(): string {
  const home = emptyFolder();
  writeLegacyInstall(home, SMALL);
  return home;
}

function targetsOf(db: Database): migrate.MigrationTargets {
  return {
    memories: new MemoryRepository(db),
    sessions: new SessionRepository(db),
    cache: new CacheRepository(db),
    analytics: new AnalyticsRepository(db),
    ledger: new ImportLedger(db),
  };
}
