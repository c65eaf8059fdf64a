import { type Clock, systemClock } from '../clock.ts';
import { DEFAULT_BUSY_TIMEOUT_MS } from '../connection/connect.ts';
import { IN_MEMORY, resolveDatabasePath } from '../connection/database-location.ts';
import type { Redact } from '../redact.ts';
import { requireRedact } from '../redaction/redaction.ts';
import { DURABILITIES, type Durability } from '../sql/durability.ts';
import {
  optionalBoolean,
  requireFunction,
  requireInteger,
  requireObject,
  requireOneOf,
  requirePath,
} from '../validation.ts';

/** The options of a database. Every part has a default. */
export interface DatabaseConfig {
  /**
   * The file; `~/` is the home folder, `:memory:` the same as `inMemory`. Default: `CODEBUDDY_DB_PATH`, or `codebuddy.db` in
   * the folder `CODEBUDDY_HOME`, or `GROK_HOME`, or `~/.codebuddy`.
   */
  readonly dbPath?: string | undefined;
  /** Keeps the database in memory; it is gone when closed. Default: false. */
  readonly inMemory?: boolean | undefined;
  /** Write-ahead logging: readers don't wait for the writer. Default: true. */
  readonly walMode?: boolean | undefined;
  /**
   * The events that an acknowledged write survives: the end of the process (`process`), or also a power cut (`power`),
   * which waits for the disk at every commit. Default: `process`.
   */
  readonly durability?: Durability | undefined;
  /** Logs each statement, its texts and blobs replaced by `?`. Default: false. */
  readonly verbose?: boolean | undefined;
  /** A statement waits this long for another process's lock, in milliseconds. Default: 5,000. */
  readonly busyTimeoutMs?: number | undefined;
  /** The time to wait for another process that upgrades the same file, in milliseconds. Default: 300,000. */
  readonly upgradeTimeoutMs?: number | undefined;
  /** The destination of `verbose`. Default: standard error. */
  readonly log?: ((line: string) => void) | undefined;
  /** Returns the time. Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /**
   * Takes out of everything that somebody says what must not be stored, such as `redactSecrets`: memories, sessions, messages,
   * metadata, what is learned, what frameworks store. Ids and names that are looked up stay. Default: nothing is taken out.
   */
  readonly redact?: Redact | undefined;
}

/** A configuration whose every part is decided. */
export interface ResolvedConfig {
  readonly path: string;
  readonly inMemory: boolean;
  readonly walMode: boolean;
  readonly durability: Durability;
  readonly busyTimeoutMs: number;
  readonly upgradeTimeoutMs: number;
  readonly verbose: ((statement: string) => void) | undefined;
  readonly now: Clock;
  readonly redact: Redact | undefined;
}

/** Decides every part of a configuration; the environment is read now. */
export function resolveConfig(config: DatabaseConfig): ResolvedConfig {
  const { clock = systemClock, redact } = requireObject(config, 'config');
  const log = requireFunction(config.log ?? ((line: string) => void process.stderr.write(`${line}\n`)), 'log');
  const path = optionalBoolean(config.inMemory, 'inMemory') ? IN_MEMORY : resolveDatabasePath(given(config.dbPath));
  return {
    path,
    inMemory: path === IN_MEMORY,
    walMode: optionalBoolean(config.walMode, 'walMode') ?? true,
    durability: requireOneOf(config.durability ?? 'process', 'durability', DURABILITIES),
    busyTimeoutMs: requireInteger(config.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS, 'busyTimeoutMs', {
      min: 0,
      max: 2 ** 31 - 1,
    }),
    upgradeTimeoutMs: requireInteger(config.upgradeTimeoutMs ?? 300_000, 'upgradeTimeoutMs', { min: 0 }),
    verbose: optionalBoolean(config.verbose, 'verbose') ? (statement) => log(redactValues(statement)) : undefined,
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
  ['busyTimeoutMs', 'busyTimeoutMs'],
  ['upgradeTimeoutMs', 'upgradeTimeoutMs'],
  ['clock', 'now'],
  ['redact', 'redact'],
] as const satisfies readonly (readonly [keyof DatabaseConfig, keyof ResolvedConfig])[];

/** Names a part that a configuration asks for, and that an open database has otherwise; `undefined` if there is none. */
export function differingPart(asked: DatabaseConfig, open: ResolvedConfig): string | undefined {
  const wanted = resolveConfig(asked);
  return SHARED_PARTS.find(([given, decided]) => asked[given] !== undefined && wanted[decided] !== open[decided])?.[0];
}

/** Replaces texts and blobs in a statement by `?`: what the user said must not reach a log. */
export function redactValues(statement: string): string {
  return statement.replace(/x?'(?:[^']|'')*'/gi, '?');
}

function given(dbPath: string | undefined): string | undefined {
  return dbPath === undefined ? undefined : requirePath(dbPath, 'dbPath');
}
