import { DatabaseError, type Redact } from '@codebuddy/db-core';
import { hasSystemCode, isError } from '@codebuddy/db-core/internal';
import { parseJson } from '../files/json-text.ts';
import { type LegacyFile, openLegacyFile } from '../files/legacy-file.ts';
import type { LegacyFolder } from '../files/legacy-folder.ts';
import type { EntryProblem, FileReport, Phase } from '../migration-report.ts';
import { startReport } from '../migration-report.ts';

/** The context that the phases of an import share. */
export interface PhaseContext<Target> {
  readonly target: Target;
  readonly folders: readonly LegacyFolder[];
  /** Whether nothing is to be stored: what was read can't then be compared with what is stored. */
  readonly dryRun: boolean;
  /** The time of the import, in milliseconds since 1970-01-01 UTC. */
  readonly now: number;
  /** Removes from a string what must not be stored. */
  readonly redact: Redact;
  /** The largest file that is read whole, in bytes. */
  readonly maxFileBytes: number;
  /** Told again and again how far the phase has come. */
  readonly advance: (entries: number, bytes: number) => void;
  /** Told when a file is done; it may then be renamed. */
  readonly fileDone: (report: FileReport, file: LegacyFile | undefined) => Promise<void>;
}

/**
 * Reads one file into a report, if it is there. What goes wrong with the file as a whole becomes a problem of the
 * report; an error of the database ends the import.
 */
export async function reportFile(
  context: Pick<PhaseContext<unknown>, 'fileDone'>,
  phase: Phase,
  folder: LegacyFolder,
  path: string,
  read: (file: LegacyFile, report: FileReport) => Promise<void>,
): Promise<void> {
  const report = startReport(path, phase);
  let file: LegacyFile | undefined;
  try {
    file = await openLegacyFile(folder.path, path);
    await read(file, report);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return;
    report.problems.push(toProblem(path, error));
  } finally {
    await file?.handle.close();
  }
  await context.fileDone(report, file);
}

/**
 * Reads a file that is not read in parts.
 *
 * @throws SyntaxError when it is too large, or not JSON
 */
export async function readWholeFile(
  context: Pick<PhaseContext<unknown>, 'maxFileBytes'>,
  file: LegacyFile,
): Promise<unknown> {
  if (file.size > context.maxFileBytes) {
    throw new SyntaxError(`it is larger than ${context.maxFileBytes} bytes; raise maxFileBytes to read it`);
  }
  return parseJson(await file.handle.readFile());
}

/** Turns a reading error into the report of a file; any other error is rethrown. */
function toProblem(file: string, error: unknown): EntryProblem {
  if (error instanceof SyntaxError) return { file, reason: error.message };
  if (DatabaseError.isInstance(error) && error.code === 'DB_OUTSIDE_ROOT') return { file, reason: error.message };
  if (isError(error) && 'syscall' in error) return { file, reason: `it can't be read (${error.message})` };
  throw error;
}
