import { join } from 'node:path';
import { hasErrorCode } from '@codebuddy/db-core';
import { isError, type OpenFolder, RootFolder } from '@codebuddy/db-core/internal';
import { FileChangedError, LegacyFile } from '../files/legacy-file.ts';
import { describePath, jsonNames, type LegacyFolder, PLACES, pathOf } from '../files/legacy-folder.ts';
import { UnreadableError } from '../files/unreadable-error.ts';
import { type FileReport, startReport } from '../migration-report.ts';
import type { DoneFile, PhaseContext } from './phase-context.ts';
import { refusalOf } from './store-records.ts';

/** Imports one file, and reports on it. What can't be read is a problem of this file alone. */
export type ImportFile = (file: LegacyFile, report: FileReport, folder: LegacyFolder) => Promise<void>;

/** So many files are remembered as imported together, since the disk is waited for each time. */
const FILES_AT_ONCE = 100;

/** Imports the files of a phase in each folder, in the order of their names. An error of the database ends the import. */
export async function importFiles(context: PhaseContext<unknown>, importFile: ImportFile): Promise<void> {
  const { folder: below, file } = PLACES[context.phase];
  for (const folder of context.folders) {
    const path = pathOf(folder, { folder: below });
    if (!describePath(path).exists) continue;
    try {
      await openRoot(folder).inFolder(below, async (open) => {
        const names = file === undefined ? jsonNames((await open.entries()).map(({ name }) => name)) : [file];
        await importNames(context, open, path, names, (opened, report) => importFile(opened, report, folder));
      });
    } catch (error) {
      const reason = whyUnreadable(error);
      if (reason === undefined) throw error;
      const report = startReport(path, context.phase);
      report.problems.push({ file: path, reason });
      await context.filesDone([{ report }]);
    }
  }
}

type ReadFile = (file: LegacyFile, report: FileReport) => Promise<void>;

async function importNames(
  context: PhaseContext<unknown>,
  folder: OpenFolder,
  folderPath: string,
  names: readonly string[],
  read: ReadFile,
): Promise<void> {
  for (let first = 0; first < names.length; first += FILES_AT_ONCE) {
    const done: DoneFile[] = [];
    for (const name of names.slice(first, first + FILES_AT_ONCE)) {
      const imported = await importOne(context, folder, name, join(folderPath, name), read);
      if (imported !== undefined) done.push(imported);
    }
    await context.filesDone(done);
  }
}

/** Imports one file of an open folder; `undefined` if there is none. */
async function importOne(
  { phase, renames }: PhaseContext<unknown>,
  folder: OpenFolder,
  name: string,
  path: string,
  read: ReadFile,
): Promise<DoneFile | undefined> {
  const report = startReport(path, phase);
  let file: LegacyFile | undefined;
  try {
    file = await LegacyFile.open(folder, name, path, { hashed: renames });
    if (file === undefined) return undefined;
    await read(file, report);
  } catch (error) {
    // That it has changed is told by the file itself, when it is done.
    if (!(error instanceof FileChangedError))
      report.problems.push({ file: path, reason: whyUnreadable(error) ?? refusalOf(error) });
  } finally {
    await file?.close();
  }
  return { report, ...(file === undefined ? {} : { file }) };
}

function openRoot({ path }: LegacyFolder): RootFolder {
  try {
    return new RootFolder(path);
  } catch (error) {
    if (hasErrorCode(error, 'DB_CANNOT_OPEN')) throw new UnreadableError("it can't be opened", { cause: error });
    throw error;
  }
}

/** Returns why a file or folder can't be read, or `undefined` if the error is about something else. */
function whyUnreadable(error: unknown): string | undefined {
  if (error instanceof UnreadableError || hasErrorCode(error, 'DB_OUTSIDE_ROOT')) return error.message;
  return isError(error) && 'syscall' in error && 'code' in error ? `it can't be read (${error.code})` : undefined;
}
