import { type Clock, type Redact, systemClock } from '@codebuddy/db-core';
import {
  type NamesOf,
  optionalBoolean,
  readOptions,
  requireArray,
  requireFunction,
  requireInteger,
  requirePath,
  requireRedact,
} from '@codebuddy/db-core/internal';

/** The options of an import. */
export interface MigrationOptions {
  /** Decides about every entry as a real run would, and stores nothing. Default: false. */
  readonly dryRun?: boolean | null | undefined;
  /** Renames files to `.migrated`, once every one of their entries is stored. Default: false. */
  readonly deleteAfterMigration?: boolean | null | undefined;
  /** Leaves out the files that the ledger knows as imported, unless they have changed since. Default: false. */
  readonly skipUnchanged?: boolean | null | undefined;
  /** Logs what is done, and every problem. Default: false. */
  readonly verbose?: boolean | null | undefined;
  /**
   * The folder of the user's legacy files. Default: `CODEBUDDY_HOME`, or `GROK_HOME`, or `~/.codebuddy`, looked up when asked.
   */
  readonly home?: string | null | undefined;
  /** Projects whose `.codebuddy` folders are imported too. */
  readonly projects?: readonly string[] | null | undefined;
  /** The largest session or cost file that is read, in bytes. Default: 100,000,000. */
  readonly maxFileBytes?: number | null | undefined;
  /**
   * Takes out of memories, sessions and messages what must not be stored, besides what the connection of the repositories
   * takes out. Default: nothing more.
   */
  readonly redact?: Redact | null | undefined;
  /** Returns the time, against which cache entries expire. Default: the system's clock. */
  readonly clock?: Clock | null | undefined;
  /** The destination of `verbose`. Default: standard error. */
  readonly log?: ((line: string) => void) | null | undefined;
}

const OPTION_NAMES: NamesOf<MigrationOptions> = {
  dryRun: true,
  deleteAfterMigration: true,
  skipUnchanged: true,
  verbose: true,
  home: true,
  projects: true,
  maxFileBytes: true,
  redact: true,
  clock: true,
  log: true,
};

/** Options whose every part is decided; without `home`, the folder is looked up when it is asked for. */
export interface ResolvedOptions {
  readonly dryRun: boolean;
  readonly deleteAfterMigration: boolean;
  readonly skipUnchanged: boolean;
  readonly verbose: boolean;
  readonly home: string | undefined;
  readonly projects: readonly string[];
  readonly maxFileBytes: number;
  readonly redact: Redact | undefined;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** Checks options, and decides what they leave open. */
export function resolveOptions(options: MigrationOptions): ResolvedOptions {
  const given = readOptions(options, OPTION_NAMES);
  const { home, projects = [], maxFileBytes = 100_000_000, redact, clock, log } = given;
  return {
    dryRun: optionalBoolean(given.dryRun, 'dryRun') ?? false,
    deleteAfterMigration: optionalBoolean(given.deleteAfterMigration, 'deleteAfterMigration') ?? false,
    skipUnchanged: optionalBoolean(given.skipUnchanged, 'skipUnchanged') ?? false,
    verbose: optionalBoolean(given.verbose, 'verbose') ?? false,
    home: home === undefined ? undefined : requirePath(home, 'home'),
    projects: requireArray(projects, 'projects').map((project) => requirePath(project, 'projects')),
    maxFileBytes: requireInteger(maxFileBytes, 'maxFileBytes', { min: 0 }),
    redact: redact === undefined ? undefined : requireRedact(redact),
    clock: requireFunction(clock ?? systemClock, 'clock'),
    log: requireFunction(log ?? ((line: string) => void process.stderr.write(`${line}\n`)), 'log'),
  };
}
