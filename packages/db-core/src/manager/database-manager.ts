import type { Connection, Statement } from '../connection/connection.ts';
import type { BackupProgress } from '../connection/driver.ts';
import { NotInitializedError, toDatabaseError } from '../errors/index.ts';
import { TypedEventEmitter } from '../events.ts';
import {
  type ReadOnlyQueryOptions,
  type ReadOnlyQueryResult,
  runReadOnlyQuery,
} from '../read-only-query/read-only-query.ts';
import { copyDatabase, requireReplaceable } from '../schema/backup-copy.ts';
import { clearTables } from '../schema/clear-tables.ts';
import { checkedVersions, type SchemaModule } from '../schema/modules/module-migrations.ts';
import { SCHEMA_VERSION } from '../schema/schema.ts';
import { contextOf } from '../sql/connection-context.ts';
import { requireFunction, requireOneOf, requirePath, requireString } from '../validation.ts';
import { ChosenConfig } from './chosen-config.ts';
import { closeDatabase } from './close-database.ts';
import type { DatabaseConfig, ResolvedConfig } from './config.ts';
import { announceUnderBothNames, type DatabaseEvents, type DatabaseManagerEvents } from './database-events.ts';
import { purge, vacuum } from './erasure.ts';
import { checkHealth, type Health, INTEGRITY_CHECKS, type IntegrityCheck } from './health.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { upgradeModules } from './open-for-writing.ts';
import { type DatabaseStats, formatStatistics, readStatistics, readTableSizes, type TableSize } from './statistics.ts';
import { rebuildVectorIndexes } from './vector-indexes.ts';

/**
 * Owns the connection to one database: opens it, brings its schema up to date, and closes it.
 *
 * @example
 * ```ts
 * const manager = new DatabaseManager({ dbPath: 'agent.db' });
 * manager.on('db:migration', ({ version, backupPath }) => console.log(version, backupPath));
 * await manager.initialize();
 * console.log(manager.formatStats());
 * manager.close();
 * ```
 */
export class DatabaseManager extends TypedEventEmitter<DatabaseManagerEvents> {
  readonly #config = new ChosenConfig();
  readonly #modules: SchemaModule[] = [];
  #open: OpenDatabase | undefined;
  #opening: Promise<void> | undefined;
  #wasOpen = false;
  #isClosing = false;

  constructor(config?: DatabaseConfig) {
    super();
    if (config !== undefined) this.configure(config);
  }

  /**
   * Says how the database is to be opened. What is given first counts, until it was closed or could not be opened.
   *
   * @throws InvalidInputError when a part makes no sense, or the database is open, or being opened, with another one
   */
  configure(config: DatabaseConfig): void {
    if (this.#config.give(config)) return;
    this.#warn('A second configuration was given before the database was opened: the first one counts.');
  }

  /**
   * Opens the database and brings it up to date; an existing file is copied beside itself before it changes. A second
   * call while it is open, or being opened, changes nothing.
   *
   * @throws CannotOpenError, ForeignFileError, NewerSchemaError, MigrationFailedError, BusyError, CorruptError
   */
  async initialize(): Promise<void> {
    this.#isClosing = false;
    if (this.#open !== undefined) return;
    this.#opening ??= this.#openNow().finally(() => {
      this.#opening = undefined;
    });
    await this.#opening;
  }

  /** Returns whether the connection is open. */
  isInitialized(): boolean {
    return this.#open !== undefined;
  }

  /** Whether a copy of the database is read, as it was when it was opened: with `readOnly` where its log can't be used. */
  get snapshot(): boolean {
    return this.#open?.copy !== undefined;
  }

  /**
   * Returns the connection, for SQL of your own.
   *
   * @throws NotInitializedError before `initialize()` and after `close()`
   */
  getDatabase(): Connection {
    if (this.#open === undefined) throw new NotInitializedError({ isClosed: this.#wasOpen });
    return this.#open.db;
  }

  /** Runs SQL that returns nothing; it may hold several statements. */
  exec(sql: string): void {
    requireString(sql, 'sql');
    this.#attempt('database.exec', (db) => db.exec(sql));
  }

  /** Prepares one statement. Keep it: preparing costs several times what running does. */
  prepare<Parameters extends unknown[] = unknown[], Result = unknown>(sql: string): Statement<Parameters, Result>;
  prepare(sql: string): Statement {
    requireString(sql, 'sql');
    return this.#attempt('database.prepare', (db) => db.prepare(sql));
  }

  /** Runs a function in a transaction that holds the write lock; if it throws, nothing it wrote stays. */
  transaction<Result>(body: () => Result): Result {
    return contextOf(this.getDatabase()).transaction('database.transaction', body);
  }

  /**
   * Brings the tables of another module up to date, now or, before `initialize()`, when the database is opened. The
   * module's tables start with its name: those of `prospective-memory` with `prospective_memory_`. Its SQL may touch nothing else,
   * and holds no transactions, pragmas or attached files. A file that holds data is copied beside itself first.
   *
   * @throws InvalidInputError when its name or its migrations make no sense
   * @throws MigrationFailedError when a version fails or touches what is not the module's; the file is then as it was before
   */
  async registerModule(module: SchemaModule): Promise<void> {
    checkedVersions(module);
    this.#modules.push(module);
    if (this.#open === undefined) return;
    const config = this.#config.inUse ?? this.#config.use();
    await upgradeModules(this.#open.db, [module], config, (step) => this.#announce('db:migration', step));
  }

  /** Gives unused space back to the disk. It rewrites the file, and needs as much free space as the file takes. */
  vacuum(): void {
    this.#attempt('database.vacuum', (db) => this.#announce('db:vacuum', vacuum(db)));
  }

  /**
   * Makes what was deleted unreadable in the file: in full text, in free pages and in the log, which deleting alone leaves
   * there. It rewrites the file, as {@link vacuum} does. Backups and copies stay as they are.
   *
   * @throws BusyError while another connection uses the database, so that the log can't be emptied
   */
  purge(): void {
    this.#attempt('database.purge', (db) => this.#announce('db:vacuum', purge(db)));
  }

  /**
   * Makes everything anew that searches derive from vectors, from the vectors themselves. It is never needed, unless a search
   * throws {@link CorruptError} for a block of the vector index; nothing else is lost then.
   */
  rebuildVectorIndex(): void {
    this.#attempt('database.rebuildVectorIndex', rebuildVectorIndexes);
  }

  /**
   * Copies the database to a file that only its owner may read, while others may go on using it. An earlier backup at the path is
   * replaced once the new one is whole.
   *
   * @throws InvalidInputError when the file at the path is no database, or one in use, such as this one
   */
  async backup(path: string, onProgress: (progress: BackupProgress) => void = () => undefined): Promise<void> {
    const db = this.getDatabase();
    requirePath(path, 'path');
    requireFunction(onProgress, 'onProgress');
    try {
      await copyDatabase(db, requireReplaceable(path, db), onProgress, 'replace');
    } catch (error) {
      throw this.#report(error, 'database.backup');
    }
    this.#announce('db:backup', { path });
  }

  /** Deletes every row of every table of this package. Tables of registered modules are left alone. */
  clearAll(): void {
    const tables = this.#attempt('database.clearAll', clearTables);
    this.#announce('db:cleared', { tables });
  }

  /** Counts what the database holds. */
  getDatabaseStats(): DatabaseStats {
    return this.#attempt('database.getDatabaseStats', readStatistics);
  }

  /** Measures what each table takes on disk, largest first. It reads the whole file. */
  getTableSizes(): TableSize[] {
    return this.#attempt('database.getTableSizes', readTableSizes);
  }

  /** Writes the statistics for people. */
  formatStats(): string {
    return formatStatistics(this.getDatabaseStats());
  }

  /** Reports for a server's health route: whether the database answers, how fast, and how large it is. */
  checkHealth(integrity: IntegrityCheck = 'none'): Health {
    requireOneOf(integrity, 'integrity', INTEGRITY_CHECKS);
    return checkHealth(this.getDatabase(), integrity);
  }

  /**
   * Runs one reading statement that somebody else wrote, a language model for instance, in a process of its own with
   * limits of rows, bytes and time. A program that can start no process, such as a single executable, runs it in a thread,
   * and a `db:warning` says so.
   *
   * @throws QueryRejectedError when it is not a single statement that only reads
   * @throws QueryTimeoutError when it runs too long
   */
  queryReadOnly(sql: string, options: ReadOnlyQueryOptions = {}): Promise<ReadOnlyQueryResult> {
    return runReadOnlyQuery(this.getDatabase(), sql, options, (message) => this.#announce('db:warning', { message }));
  }

  /**
   * Writes what is held back, empties the write-ahead log, and closes, without waiting for other processes: what can't be
   * written is given up, with a `db:warning`. While the database is being opened, that is what is ended. Calling it again
   * changes nothing.
   *
   * @throws what a listener of `db:closing` throws; the database is closed nevertheless
   */
  close(): void {
    this.#isClosing = this.#opening !== undefined;
    const open = this.#open;
    if (open === undefined) return;
    const path = open.db.name;
    try {
      this.#announce('db:closing', { path });
    } catch (cause) {
      throw this.#report(cause, 'database.close');
    } finally {
      this.#open = undefined;
      this.#config.release();
      closeDatabase(open);
      this.#announce('db:closed', { path });
    }
  }

  /** Closes at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #openNow(): Promise<void> {
    const config = this.#config.use();
    let isOpen = false;
    try {
      const open = await openDatabase(config, this.#modules, {
        migration: (step) => this.#announce('db:migration', step),
        progress: (step) => this.#announce('db:migration-progress', step),
        warning: (message) => this.#warn(message),
      });
      if (this.#isClosing) {
        closeDatabase(open);
        throw new NotInitializedError({ isClosed: true });
      }
      this.#use(open, config);
      isOpen = true;
      const unused = this.#config.takeUnusedNames();
      if (unused !== undefined) this.#announce('db:warning', { message: unused });
      const { db, journalMode } = open;
      const { snapshot } = this;
      this.#announce('db:initialized', { path: db.name, version: SCHEMA_VERSION, journalMode, snapshot });
    } catch (error) {
      throw this.#report(error, 'database.initialize');
    } finally {
      if (!isOpen) this.#config.release();
    }
  }

  #use(open: OpenDatabase, config: ResolvedConfig): void {
    const context = contextOf(open.db);
    context.redact = config.redact;
    context.setClock(config.now);
    context.warn = (message) => this.#warn(message);
    this.#open = open;
    this.#wasOpen = true;
  }

  #attempt<Result>(operation: string, call: (db: Connection) => Result): Result {
    const db = this.getDatabase();
    try {
      return call(db);
    } catch (error) {
      throw this.#report(error, operation);
    }
  }

  #report(cause: unknown, operation: string): unknown {
    const error = toDatabaseError(cause, operation);
    this.#announce('db:error', { error });
    return error;
  }

  #warn(message: string): void {
    this.#announce('db:warning', { message });
  }

  #announce<Name extends keyof DatabaseEvents>(event: Name, payload: DatabaseEvents[Name]): void {
    announceUnderBothNames(this, event, payload);
  }
}
