import { connect } from '../connection/connect.ts';
import { watchOf } from '../connection/connection-watch.ts';
import { prepareDatabaseFile, restrictCopies, restrictDatabaseFiles } from '../connection/database-file.ts';
import type { Database } from '../connection/driver.ts';
import { requireOneName } from '../connection/one-name.ts';
import { setConnectionPragmas, setJournalMode, setPageSize } from '../connection/pragmas.ts';
import { ReadOnlyError } from '../errors/index.ts';
import { type ModuleMigration, type SchemaModule, upgradeModule } from '../schema/modules/module-migrations.ts';
import { MIGRATIONS, SCHEMA_VERSION } from '../schema/schema.ts';
import { needsUpgrade, type UpgradeListener, upgradeFile } from '../schema/upgrade.ts';
import { setDurability } from '../sql/durability.ts';
import { retryWhileBusy } from '../sql/write-lock.ts';
import type { ResolvedConfig } from './config.ts';
import { deleteSecurely } from './erasure.ts';
import type { OpenDatabase } from './open-database.ts';

/** Opens a database, brings its schema up to date and sets its pragmas. A file that is refused is left untouched. */
export async function openForWriting(
  config: ResolvedConfig,
  modules: readonly SchemaModule[],
  listener: UpgradeListener,
): Promise<OpenDatabase> {
  if (!config.inMemory) {
    prepareDatabaseFile(config.path, listener.warning);
    await requireOneName(config.path);
  }
  const db = connect(config.path, {
    busyTimeoutMs: config.busyTimeoutMs,
    ...(config.verbose === undefined ? {} : { verbose: config.verbose }),
  });
  try {
    // Nothing before this line writes: a foreign or newer file is refused here, its bytes and its mode as they were.
    const isOld = await retryWhileBusy(() => needsUpgrade(db, SCHEMA_VERSION), config.upgradeTimeoutMs);
    if (!config.inMemory) {
      restrictDatabaseFiles(config.path, listener.warning);
      restrictCopies(config.path, listener.warning);
    }
    if (isOld) {
      // What was upgraded must not be old again after a power cut.
      setDurability(db, 'power');
      setPageSize(db);
      await upgradeFile(db, {
        migrations: MIGRATIONS,
        target: SCHEMA_VERSION,
        timeoutMs: config.upgradeTimeoutMs,
        listener,
        now: config.now,
      });
    }
    // Switching needs a moment without any other connection; another process may be opening the file right now.
    const mode = await retryWhileBusy(() => setJournalMode(db, config.walMode), config.busyTimeoutMs);
    if (config.walMode && !config.inMemory && mode.journalMode !== 'wal') {
      listener.warning(
        `SQLite uses journal mode ${mode.journalMode}: ${config.path} lies where write-ahead logging is refused, such as a ` +
          'network folder. Keep it on a local disk.',
      );
    }
    setConnectionPragmas(db);
    if (config.secureDelete) deleteSecurely(db);
    setDurability(db, config.durability);
    watchOf(db).watchSchema(SCHEMA_VERSION);
    await upgradeModules(db, modules, config, (step) => listener.migration(step));
    return { db, ...mode };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Brings the tables of other modules up to date. */
export async function upgradeModules(
  db: Database,
  modules: readonly SchemaModule[],
  { upgradeTimeoutMs: timeoutMs, now, durability }: ResolvedConfig,
  migration: (step: ModuleMigration) => void,
): Promise<void> {
  if (db.readonly) throw new ReadOnlyError('A module has no tables to bring up to date where a database is only read.');
  // What was upgraded must not be old again after a power cut.
  setDurability(db, 'power');
  try {
    for (const module of modules) await upgradeModule(db, module, { timeoutMs, now, migration });
  } finally {
    if (db.open) setDurability(db, durability);
  }
}
