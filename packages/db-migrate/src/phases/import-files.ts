import { join } from 'node:path';
import { hasErrorCode } from '@codebuddy/db-core';
import { isSystemError, type OpenFolder, RootFolder } from '@codebuddy/db-core/internal';
import { FileChangedError, LegacyFile } from '../files/legacy-file.ts';
import { describePath, jsonNames, type LegacyFolder, PLACES, type Place, pathOf } from '../files/legacy-folder.ts';
import { UnreadableError } from '../files/unreadable-error.ts';
import { type FileReport, startReport } from '../migration-report.ts';
import type { DoneFile, PhaseContext } from './phase-context.ts';
import { refusalOf } from './store-records.ts';

/** A step of importing a file, while it is open. What can't be read is a problem of this file alone. */
export type ReadFile<Content> = (file: LegacyFile, report: FileReport, folder: LegacyFolder) => Promise<Content>;

/** The content of a file that was read, and the report of its import. */
export interface ReadContent<Content> {
  readonly content: Content;
  readonly file: LegacyFile;
  readonly report: FileReport;
}

/** The steps in which the files of a phase are imported. */
export interface FileImport<Content> {
  readonly read: ReadFile<Content>;
  /** Stores what was read of several files. */
  readonly store?: (contents: readonly ReadContent<Content>[]) => Promise<void>;
}

/** The files that are read and stored together: small ones cost a commit, and a wait for the disk, together. */
const MAX_GROUP = { files: 50, bytes: 4_000_000 };

/** Imports the files of a phase in each folder, in the order of their names. An error of the database ends the import. */
export async function importFiles<Content>(context: PhaseContext<unknown>, steps: FileImport<Content>): Promise<void> {
  for (const folder of context.folders)
    for (const place of PLACES[context.phase]) await importPlace(context, steps, folder, place);
}

async function importPlace<Content>(
  context: PhaseContext<unknown>,
  steps: FileImport<Content>,
  folder: LegacyFolder,
  { folder: below, file }: Place,
): Promise<void> {
  const path = pathOf(folder, { folder: below });
  if (!describePath(path).exists) return;
  try {
    await openRoot(folder).inFolder(below, async (open) => {
      const found = file === undefined ? jsonNames((await open.entries()).map(({ name }) => name)) : [file];
      const names = found.filter((name) => !context.skips(join(path, name)));
      const most = steps.store === undefined ? 1 : MAX_GROUP.files;
      for (const group of groupsOf(path, names, most)) await importGroup(context, steps, group, { folder, path, open });
    });
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    const report = startReport(path, context.phase);
    report.problems.push({ file: path, reason });
    await context.filesDone([{ report }]);
  }
}

/** Divides files into groups of bearable size; a large file is alone in its group. */
function* groupsOf(path: string, names: readonly string[], most: number): Generator<readonly string[]> {
  let group: string[] = [];
  let bytes = 0;
  for (const name of names) {
    const { size = 0 } = describePath(join(path, name));
    if (group.length > 0 && (group.length === most || bytes + size > MAX_GROUP.bytes)) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(name);
    bytes += size;
  }
  if (group.length > 0) yield group;
}

interface OpenPlace {
  readonly folder: LegacyFolder;
  readonly path: string;
  readonly open: OpenFolder;
}

async function importGroup<Content>(
  context: PhaseContext<unknown>,
  { read, store }: FileImport<Content>,
  names: readonly string[],
  place: OpenPlace,
): Promise<void> {
  const files = await Promise.all(names.map((name) => readOne(context, read, name, place)));
  const contents = files.flatMap((file) => (file !== undefined && 'content' in file ? [file] : []));
  if (store !== undefined && contents.length > 0) await store(contents);
  await context.filesDone(files.filter((file) => file !== undefined));
}

/** Reads one file of an open folder; `undefined` if there is none. */
async function readOne<Content>(
  { phase, renames }: PhaseContext<unknown>,
  read: ReadFile<Content>,
  name: string,
  { folder, path, open }: OpenPlace,
): Promise<ReadContent<Content> | DoneFile | undefined> {
  const report = startReport(join(path, name), phase);
  let file: LegacyFile | undefined;
  try {
    file = await LegacyFile.open(open, name, report.path, { hashed: renames });
    if (file === undefined) return undefined;
    return { content: await read(file, report, folder), report, file };
  } catch (error) {
    // That it has changed is told by the file itself, when it is done.
    if (!(error instanceof FileChangedError))
      report.problems.push({ file: report.path, reason: whyUnreadable(error) ?? refusalOf(error) });
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
  return isSystemError(error) ? `it can't be read (${error.code})` : undefined;
}
