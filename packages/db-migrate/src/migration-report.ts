import { requireObject, requireStringOrEmpty } from '@codebuddy/db-core/internal';

/** The kinds of legacy data, in the order in which they are imported. */
export const PHASES = ['memories', 'sessions', 'cache', 'analytics'] as const;

/** A kind of legacy data. */
export type Phase = (typeof PHASES)[number];

/** An entry that was not imported, and why. */
export interface EntryProblem {
  readonly file: string;
  /** Where it stands: `entry 12`, `message 3`, or nothing where the whole file is meant. */
  readonly position?: string;
  /** Its id, where it has one. */
  readonly id?: string;
  readonly reason: string;
}

/** What became of one legacy file. */
export interface FileReport {
  readonly path: string;
  readonly phase: Phase;
  /** How many entries were read, broken ones included. */
  entries: number;
  /** How many were stored now. */
  inserted: number;
  /** How many were there already. */
  existing: number;
  /** How many were left out because their time is over. */
  expired: number;
  /** The entries that were not imported. Where there is one, the file is never renamed. */
  readonly problems: EntryProblem[];
  /** What the file is called now, where it was renamed. */
  renamedTo?: string;
}

/** What an import did, or, on a dry run, would do. */
export interface MigrationResult {
  /** Whether every entry of every file that has a target is stored. */
  readonly success: boolean;
  /** How many records were stored now, by kind. */
  readonly migratedItems: Readonly<Record<Phase, number>>;
  /** One line for each entry that was not imported. */
  readonly errors: readonly string[];
  /** In milliseconds. */
  readonly duration: number;
  /** What became of each file that was read. */
  readonly files: readonly FileReport[];
  /** The files that were left alone because nothing was given to import them into. */
  readonly notMigrated: readonly string[];
  /** How many messages were stored now, with their sessions. */
  readonly messages: number;
}

/** Starts the report of a file. */
export function startReport(path: string, phase: Phase): FileReport {
  return { path, phase, entries: 0, inserted: 0, existing: 0, expired: 0, problems: [] };
}

/** Writes a problem as one line. */
export function formatProblem(problem: EntryProblem): string {
  const { file, position, id, reason } = requireObject(problem, 'problem');
  for (const text of [file, position ?? '', id ?? '', reason]) requireStringOrEmpty(text, 'problem');
  const name = id === undefined ? undefined : JSON.stringify(id);
  const where = [position, name].filter((part) => part !== undefined).join(' ');
  return where === '' ? `${file}: ${reason}` : `${file}: ${where}: ${reason}`;
}
