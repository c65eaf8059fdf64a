import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../connection/connect.ts';
import type { Database } from '../connection/driver.ts';
import type { DatabaseConfig } from '../manager/config.ts';
import { DatabaseManager } from '../manager/database-manager.ts';

/** A folder that is removed, with all that is in it, at the end of its `using` block. */
export class TemporaryFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), 'codebuddy-'));

  /** Returns the path of something in the folder. */
  join(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A real database file in a folder of its own; closed and removed at the end of its `using` block. */
export class TemporaryDatabase {
  readonly folder: TemporaryFolder;
  readonly manager: DatabaseManager;

  constructor(folder: TemporaryFolder, manager: DatabaseManager) {
    this.folder = folder;
    this.manager = manager;
  }

  /** The open connection. */
  get db(): Database {
    return this.manager.getDatabase();
  }

  /** The path of the database file. */
  get path(): string {
    return this.folder.join('test.db');
  }

  /** Opens a connection of its own to the same file, as another process would. */
  connectAgain(): Database {
    return connect(this.path);
  }

  [Symbol.dispose](): void {
    this.manager.close();
    this.folder[Symbol.dispose]();
  }
}

/**
 * Opens a new database in a temporary folder.
 *
 * @example
 * ```ts
 * using database = await temporaryDatabase();
 * const memories = new MemoryRepository(database.db);
 * ```
 */
export async function temporaryDatabase(config: Omit<DatabaseConfig, 'dbPath'> = {}): Promise<TemporaryDatabase> {
  const folder = new TemporaryFolder();
  const manager = new DatabaseManager({ ...config, dbPath: folder.join('test.db') });
  try {
    await manager.initialize();
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
  return new TemporaryDatabase(folder, manager);
}
