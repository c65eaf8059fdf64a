import type { Database } from '../connection/driver.ts';
import type { DatabaseConfig } from './config.ts';
import { DatabaseManager } from './database-manager.ts';

let shared: DatabaseManager | undefined;

/**
 * Returns the process's one manager, made on the first call. Without a configuration it opens nothing, and decides nothing.
 *
 * @param config - how the database is to be opened; see {@link DatabaseManager.configure}
 */
export function getDatabaseManager(config?: DatabaseConfig): DatabaseManager {
  shared ??= new DatabaseManager();
  if (config !== undefined) shared.configure(config);
  return shared;
}

/**
 * Returns the process's one manager with its database open.
 *
 * @throws InvalidInputError when it is open with another configuration
 */
export async function initializeDatabase(config?: DatabaseConfig): Promise<DatabaseManager> {
  const manager = getDatabaseManager(config);
  await manager.initialize();
  return manager;
}

/** Closes the process's one manager and forgets it: the next call makes a new one. */
export function resetDatabaseManager(): void {
  const manager = shared;
  shared = undefined;
  manager?.close();
}

/** A repository of which the process has one for each connection. */
export interface SharedRepository<Repository, Options = never> {
  /**
   * Returns the repository of the manager's present connection.
   *
   * @param options - used when the repository is made, now or for a later connection
   */
  get(options?: Options): Repository;
  /** Forgets the repository: the next call makes a new one. */
  reset(): void;
}

/**
 * Makes the `getXRepository` and `resetXRepository` of a package. They follow the manager: after it was closed and
 * opened again, `get` serves the new connection.
 */
export function shareRepository<Repository, Options = never>(
  create: (db: Database, options?: Options) => Repository,
): SharedRepository<Repository, Options> {
  let held: { readonly db: Database; readonly repository: Repository } | undefined;
  let known: Options | undefined;
  return {
    get(options) {
      const manager = getDatabaseManager();
      const db = manager.getDatabase();
      if (held?.db === db) return held.repository;
      known = options ?? known;
      const repository = create(db, known);
      held = { db, repository };
      return repository;
    },
    reset() {
      held = undefined;
      known = undefined;
    },
  };
}
