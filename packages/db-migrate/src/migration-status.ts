import { statSync } from 'node:fs';
import { hasSystemCode } from '@codebuddy/db-core/internal';
import { modifiedMsOf } from './files/legacy-file.ts';
import { describePath, type LegacyPath, legacyFolders, listFiles, PLACES, pathOf } from './files/legacy-folder.ts';
import { type MigrationOptions, resolveOptions } from './migration-options.ts';
import { PHASES, type Phase } from './migration-report.ts';
import type { ImportLedgerTarget } from './targets.ts';

/** The legacy files that are there. */
export interface MigrationStatus {
  /** Whether a file is there that has not been imported as it is. */
  readonly needsMigration: boolean;
  readonly files: readonly LegacyPath[];
}

/**
 * Lists the places where legacy files may be, and returns whether there is something to import. Only files are looked at: no
 * database needs to be open.
 *
 * @param ledger - knows which files were imported; without it, each file that is there counts as not imported
 *
 * @example
 * ```ts
 * const { needsMigration, files } = findLegacyFiles();
 * ```
 */
export function findLegacyFiles(options: MigrationOptions = {}, ledger?: ImportLedgerTarget): MigrationStatus {
  const { home, projects } = resolveOptions(options);
  return statusOf(legacyFolders(home, projects), PHASES, ledger);
}

/** Describes the files of some kinds in some folders; of the other kinds only the places. */
export function statusOf(
  folders: ReturnType<typeof legacyFolders>,
  phases: readonly Phase[],
  ledger: ImportLedgerTarget | undefined,
): MigrationStatus {
  const files = folders.flatMap((folder) => phases.flatMap((phase) => listFiles(folder, phase)));
  const places = folders.flatMap((folder) =>
    PHASES.flatMap((phase) => PLACES[phase].map((place) => pathOf(folder, place))),
  );
  return { needsMigration: files.some((path) => !isImported(path, ledger)), files: places.map(describePath) };
}

/** Returns whether a file has been imported as it is, or is gone. */
export function isImported(path: string, ledger: ImportLedgerTarget | undefined): boolean {
  try {
    const stats = statSync(path, { bigint: true });
    return ledger?.isUnchanged({ path, size: Number(stats.size), modifiedMs: modifiedMsOf(stats) }) === true;
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return true;
    throw error;
  }
}
