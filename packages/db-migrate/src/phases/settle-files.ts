import { hasSystemCode, isSystemError } from '@codebuddy/db-core/internal';
import type { LegacyFile } from '../files/legacy-file.ts';
import { type FileReport, isNotImported } from '../migration-report.ts';
import type { ImportLedgerTarget } from '../targets.ts';
import type { DoneFile } from './phase-context.ts';

const CHANGED = 'it was changed while it was imported; import it again';

/**
 * Remembers files as imported, and renames those of which everything is stored, if that is wanted. A file that another process
 * has changed since it was read stays as it is, and is imported again next time.
 */
export async function settleFiles(
  done: readonly DoneFile[],
  { ledger, renames }: { readonly ledger: ImportLedgerTarget | undefined; readonly renames: boolean },
): Promise<void> {
  const unchanged: Required<DoneFile>[] = [];
  for (const { report, file } of done) {
    if (file === undefined) continue;
    const state = await file.state();
    if (state === 'same') unchanged.push({ report, file });
    // One that is gone was renamed by another process that imported it.
    else if (state === 'changed') report.problems.push({ file: report.path, reason: CHANGED });
  }
  ledger?.recordAll(
    unchanged
      .filter(({ report }) => !isNotImported(report))
      .map(({ report: { path, entries, problems }, file: { size, modifiedMs } }) => ({
        path,
        size,
        modifiedMs,
        entries,
        failed: problems.length,
      })),
  );
  if (!renames) return;
  for (const { report, file } of unchanged) if (report.problems.length === 0) await rename(file, report);
}

async function rename(file: LegacyFile, report: FileReport): Promise<void> {
  const fail = (reason: string) => report.problems.push({ file: report.path, reason });
  try {
    const renamedTo = await file.rename();
    if (renamedTo === undefined) fail(CHANGED);
    else report.renamedTo = renamedTo;
  } catch (error) {
    // Another process has renamed it.
    if (hasSystemCode(error, 'ENOENT')) return;
    if (!isSystemError(error)) throw error;
    fail(`it is imported, but can't be renamed (${error.code})`);
  }
}
