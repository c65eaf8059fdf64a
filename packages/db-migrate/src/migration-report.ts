import { requireObject, requireStringOrEmpty } from '@codebuddy/db-core/internal';

/** The kinds of legacy data, in the order in which they are imported. */
export const PHASES = ['memories', 'sessions', 'cache', 'analytics'] as const;

/** A kind of legacy data. */
export type Phase = (typeof PHASES)[number];

/** An entry that was not imported, and why. Nothing of its content is told, so that a report may be passed on. */
export interface EntryProblem {
  readonly file: string;
  /** Where it stands, counted from 1: `entry 12`, `message 3`, `day 2`; absent if the whole file is meant. */
  readonly position?: string;
  readonly reason: string;
}

/** The outcome of importing one legacy file. */
export interface FileReport {
  readonly path: string;
  readonly phase: Phase;
  /** The number of entries that were read, broken ones included. */
  entries: number;
  /** The number of entries that were stored now. */
  inserted: number;
  /** The number of entries that were there already. */
  existing: number;
  /** The number of entries that were left out because they have expired. */
  expired: number;
  /** The entries that were not imported. If there is one, the file is never renamed. */
  readonly problems: EntryProblem[];
  /** The new path of the file, if it was renamed. */
  renamedTo?: string;
}

/** The report of an import, or of what a dry run would do. */
export interface MigrationResult {
  /** Whether every entry of every file that has a target is stored. */
  readonly success: boolean;
  /** The number of records that were stored now, by kind. */
  readonly migratedItems: Readonly<Record<Phase, number>>;
  /** One line for each entry that was not imported. */
  readonly errors: readonly string[];
  /** In milliseconds. */
  readonly duration: number;
  /** The outcome of each file that was read. */
  readonly files: readonly FileReport[];
  /**
   * The files that were left alone, since nothing was given to import them into, or nothing in them could be imported. The
   * latter are not remembered as imported: the next import looks at them again.
   */
  readonly notMigrated: readonly string[];
  /** The number of messages that were stored now, with their sessions. */
  readonly messages: number;
}

/** Starts the report of a file. */
export function startReport(path: string, phase: Phase): FileReport {
  return { path, phase, entries: 0, inserted: 0, existing: 0, expired: 0, problems: [] };
}

/** Returns whether nothing of a file could be imported, such as of one whose shape is not known. */
export function isNotImported({ problems, inserted, existing, expired }: FileReport): boolean {
  return problems.length > 0 && inserted + existing + expired === 0;
}

/** Writes a problem as one line. */
export function formatProblem(problem: EntryProblem): string {
  const { file, position, reason } = requireObject(problem, 'problem');
  for (const text of [file, position ?? '', reason]) requireStringOrEmpty(text, 'problem');
  return position === undefined ? `${file}: ${reason}` : `${file}: ${position}: ${reason}`;
}
