import type { CheckpointFile } from '@codebuddy/db-core';
import { type FileState, isInState, stateOf } from './file-state.ts';
import type { Found, FoundFile } from './project-folder.ts';

/** A file of a checkpoint, compared with the folder now. */
export interface FileChange {
  readonly path: string;
  /** The change since the checkpoint; one of the permissions alone is a modification, too. */
  readonly change: 'unchanged' | 'modified' | 'created' | 'deleted';
  /** The content then; absent if there was no file. */
  readonly before?: Uint8Array;
  /** The content now; absent if there is no file. */
  readonly after?: Uint8Array;
  /** The permission bits then, such as 0o755; absent if there was no file, or they were not saved. */
  readonly modeBefore?: number;
  /** The permission bits now; absent if there is no file. */
  readonly modeAfter?: number;
}

/** Compares a file of a checkpoint with what was found at its path. */
export function compareFile(
  path: string,
  file: CheckpointFile,
  found: Found,
  contentOf: (hash: string) => Uint8Array,
): FileChange {
  const then = stateOf(file);
  const now = found.kind === 'file' ? found : undefined;
  return {
    path,
    change: changeOf(then, now),
    ...(then.hash === undefined ? {} : { before: contentOf(then.hash) }),
    ...(then.mode === undefined ? {} : { modeBefore: then.mode }),
    ...(now === undefined ? {} : { after: now.content, modeAfter: now.mode }),
  };
}

function changeOf(then: FileState, now: FoundFile | undefined): FileChange['change'] {
  if (now === undefined) return then.hash === undefined ? 'unchanged' : 'deleted';
  if (then.hash === undefined) return 'created';
  return isInState(now, then) ? 'unchanged' : 'modified';
}
