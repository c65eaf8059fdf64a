import type { Connection } from '../connection/connection.ts';
import { loadDriver } from '../connection/load-driver.ts';
import type { SchemaModule } from '../schema/modules/module-migrations.ts';
import type { UpgradeListener } from '../schema/upgrade.ts';
import type { ResolvedConfig } from './config.ts';
import { openForWriting } from './open-for-writing.ts';
import { openReadOnly } from './open-read-only.ts';

/** A connection that is ready for the repositories. */
export interface OpenDatabase {
  readonly db: Connection;
  /** `wal`, or what SQLite fell back to: WAL needs shared memory, which some network and container mounts lack. */
  readonly journalMode: string;
  /** The copy that was opened in place of the file; disposing of it removes it. */
  readonly copy?: Disposable;
}

/** Opens a database as its configuration says. A file that is refused is left untouched. */
export async function openDatabase(
  config: ResolvedConfig,
  modules: readonly SchemaModule[],
  listener: UpgradeListener,
): Promise<OpenDatabase> {
  await loadDriver();
  return config.readOnly ? openReadOnly(config, listener) : openForWriting(config, modules, listener);
}
