import { type Clock, systemClock } from '../clock.ts';
import { DEFAULT_BUSY_TIMEOUT_MS } from '../connection/connect.ts';
import { IN_MEMORY, resolveDatabasePath } from '../connection/database-location.ts';
import { InvalidInputError } from '../errors/index.ts';
import { type NamesOf, readConfig } from '../known-names/known-names.ts';
import type { Redact } from '../redact.ts';
import { requireRedact } from '../redaction/redaction.ts';
import { DURABILITIES, type Durability } from '../sql/durability.ts';
import { optionalBoolean, requireFunction, requireInteger, requireOneOf, requirePath } from '../validation.ts';

/** The options of a database. Every part has a default. */
export interface DatabaseConfig {
  /**
   * The file; `~/` is the home folder, `:memory:` the same as `inMemory`. Default: `CODEBUDDY_DB_PATH`, or `codebuddy.db` in
   * the folder `CODEBUDDY_HOME`, or `GROK_HOME`, or `~/.codebuddy`.
   */
  readonly dbPath?: string | null | undefined;
  /** Keeps the database in memory; it is gone when closed. Default: false. */
  readonly inMemory?: boolean | null | undefined;
  /** Write-ahead logging: readers don't wait for the writer. Default: true. */
  readonly walMode?: boolean | null | undefined;
  /**
   * The events that an acknowledged write survives: the end of the process (`process`), or also a power cut (`power`),
   * which waits for the disk at every commit. Default: `process`.
   */
  readonly durability?: Durability | null | undefined;
  /**
   * Only reads: nothing is written or counted, calls that write end with `DB_READ_ONLY`. If the files of the log can't be
   * used where the database lies, in a folder that can't be written for instance, a private copy is read, as the database
   * was when it was opened; a `db:warning` says so. Tables of modules are not brought up to date. Default: false.
   */
  readonly readOnly?: boolean | null | undefined;
  /**
   * Overwrites what is deleted or changed, in pages and in full text, at the price of slower deletions. The log holds it until
   * it is emptied, on closing at the latest; what was deleted before stays until `DatabaseManager.purge`. Default: false.
   */
  readonly secureDelete?: boolean | null | undefined;
  /** Logs each statement, its texts and blobs replaced by `?`. Default: false. */
  readonly verbose?: boolean | null | undefined;
  /** A statement waits this long for another process's lock, in milliseconds. Default: 5,000. */
  readonly busyTimeoutMs?: number | null | undefined;
  /** The time to wait for another process that upgrades the same file, in milliseconds. Default: 300,000. */
  readonly upgradeTimeoutMs?: number | null | undefined;
  /** The destination of `verbose`. Default: standard error. */
  readonly log?: ((line: string) => void) | null | undefined;
  /** Returns the time. Default: the system's clock. */
  readonly clock?: Clock | null | undefined;
  /**
   * Takes out of everything that somebody says what must not be stored, such as `redactSecrets`: memories, sessions, messages,
   * metadata, what is learned, what frameworks store. Ids and names that are looked up stay. Default: nothing is taken out.
   */
  readonly redact?: Redact | null | undefined;
}

/** The names of a {@link DatabaseConfig}. */
export const DATABASE_CONFIG_NAMES: NamesOf<DatabaseConfig> = {
  dbPath: true,
  inMemory: true,
  walMode: true,
  durability: true,
  readOnly: true,
  secureDelete: true,
  verbose: true,
  busyTimeoutMs: true,
  upgradeTimeoutMs: true,
  log: true,
  clock: true,
  redact: true,
};

/** A configuration whose every part is decided. */
export interface ResolvedConfig {
  readonly path: string;
  readonly inMemory: boolean;
  readonly walMode: boolean;
  readonly durability: Durability;
  readonly readOnly: boolean;
  readonly secureDelete: boolean;
  readonly busyTimeoutMs: number;
  readonly upgradeTimeoutMs: number;
  readonly verbose: ((statement: string) => void) | undefined;
  readonly now: Clock;
  readonly redact: Redact | undefined;
}

/** Decides every part of a configuration; the environment is read now. */
export function resolveConfig(config: DatabaseConfig): ResolvedConfig {
  const given = readConfig(config, DATABASE_CONFIG_NAMES);
  const { clock = systemClock, redact, dbPath } = given;
  const log = requireFunction(given.log ?? ((line: string) => void process.stderr.write(`${line}\n`)), 'log');
  const file = dbPath === undefined ? undefined : requirePath(dbPath, 'dbPath');
  const readOnly = optionalBoolean(given.readOnly, 'readOnly') ?? false;
  const path = optionalBoolean(given.inMemory, 'inMemory') ? IN_MEMORY : resolveDatabasePath(file);
  if (readOnly && path === IN_MEMORY)
    throw new InvalidInputError('readOnly', 'expected a database that lies in a file');
  return {
    path,
    readOnly,
    secureDelete: optionalBoolean(given.secureDelete, 'secureDelete') ?? false,
    inMemory: path === IN_MEMORY,
    walMode: optionalBoolean(given.walMode, 'walMode') ?? true,
    durability: requireOneOf(given.durability ?? 'process', 'durability', DURABILITIES),
    busyTimeoutMs: requireInteger(given.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS, 'busyTimeoutMs', {
      min: 0,
      max: 2 ** 31 - 1,
    }),
    upgradeTimeoutMs: requireInteger(given.upgradeTimeoutMs ?? 300_000, 'upgradeTimeoutMs', { min: 0 }),
    verbose: optionalBoolean(given.verbose, 'verbose') ? (statement) => log(redactValues(statement)) : undefined,
    now: requireFunction(clock, 'clock'),
    redact: redact === undefined ? undefined : requireRedact(redact),
  };
}

/** The parts that must be the same for two callers to share a connection, by their names in both forms. */
const SHARED_PARTS = [
  ['dbPath', 'path'],
  ['inMemory', 'inMemory'],
  ['walMode', 'walMode'],
  ['durability', 'durability'],
  ['readOnly', 'readOnly'],
  ['secureDelete', 'secureDelete'],
  ['busyTimeoutMs', 'busyTimeoutMs'],
  ['upgradeTimeoutMs', 'upgradeTimeoutMs'],
  ['clock', 'now'],
  ['redact', 'redact'],
] as const satisfies readonly (readonly [keyof DatabaseConfig, keyof ResolvedConfig])[];

/** Names a part that a configuration asks for, and that an open database has otherwise; `undefined` if there is none. */
export function differingPart(asked: DatabaseConfig, open: ResolvedConfig): string | undefined {
  const wanted = resolveConfig(asked);
  return SHARED_PARTS.find(
    ([given, decided]) => (asked[given] ?? undefined) !== undefined && wanted[decided] !== open[decided],
  )?.[0];
}

/** Replaces texts and blobs in a statement by `?`: what the user said must not reach a log. */
export function redactValues(statement: string): string {
  return statement.replace(/x?'(?:[^']|'')*'/gi, '?');
}
