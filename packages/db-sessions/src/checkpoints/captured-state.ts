import type { NewCheckpoint, NewCheckpointFile } from '@codebuddy/db-core';
import type { Found } from './project-folder.ts';

/** The state of some paths, as a checkpoint keeps it. */
export type CapturedState = Pick<NewCheckpoint, 'files' | 'absent_folders'>;

/** Turns what was found at some paths into the state that a checkpoint keeps. */
export function captureState(found: ReadonlyMap<string, Found>): CapturedState {
  const files: NewCheckpointFile[] = [];
  const absentFolders = new Set<string>();
  for (const [path, each] of found) {
    files.push({ file_path: path, ...(each.kind === 'file' ? { content: each.content, mode: each.mode } : {}) });
    if (each.kind === 'absent' && each.absentFolder !== undefined) absentFolders.add(each.absentFolder);
  }
  return { files, absent_folders: [...absentFolders] };
}
