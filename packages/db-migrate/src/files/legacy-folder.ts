import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { MemoryScope } from '@codebuddy/db-core';
import { dataFolder, hasSystemCode } from '@codebuddy/db-core/internal';
import type { Phase } from '../migration-report.ts';

/** A folder with legacy files: that of the user, or that of one project. */
export interface LegacyFolder {
  readonly path: string;
  /** The scope of the memories in it. */
  readonly scope: MemoryScope;
  /** The project that it belongs to. */
  readonly projectId?: string;
}

/** A legacy file or folder, as `getMigrationStatus` lists it. */
export interface LegacyPath {
  readonly path: string;
  readonly exists: boolean;
  /** In bytes; absent if there is no regular file. */
  readonly size?: number;
}

/** The place of the files of a kind below a legacy folder. */
export interface Place {
  /** A folder below; empty for the legacy folder itself. */
  readonly folder: string;
  /** The one file of this kind; without it, every `.json` file of the folder is one. */
  readonly file?: string;
}

/** The places of the files of each kind; a folder with `memory-index.json` may hold other files of memories. */
export const PLACES: Readonly<Record<Phase, readonly Place[]>> = {
  memories: [{ folder: '', file: 'memories.json' }, { folder: 'memory' }],
  sessions: [{ folder: 'sessions' }],
  cache: [{ folder: 'cache', file: 'semantic-cache.json' }],
  analytics: [{ folder: '', file: 'cost-history.json' }],
};

/**
 * Returns the folders to look in: that of the user first, which is the one that the database lies in if nobody says otherwise.
 * Asked anew each time, since the environment may change.
 */
export function legacyFolders(home: string | undefined, projects: readonly string[]): LegacyFolder[] {
  return [
    { path: home ?? dataFolder(), scope: 'user' },
    ...projects.map((project) => ({
      path: join(project, '.codebuddy'),
      scope: 'project' as const,
      projectId: basename(project),
    })),
  ];
}

/** Returns the path of a file or folder below a legacy folder. */
export function pathOf({ path }: LegacyFolder, { folder, file = '' }: Place): string {
  return join(path, folder, file);
}

/** Lists the regular files of a kind in a folder, in the order of their places and names. */
export function listFiles(folder: LegacyFolder, phase: Phase): string[] {
  return PLACES[phase].flatMap((place) => listPlace(folder, place));
}

function listPlace(folder: LegacyFolder, place: Place): string[] {
  const path = pathOf(folder, place);
  const paths = place.file === undefined ? jsonNames(namesIn(path)).map((name) => join(path, name)) : [path];
  return paths.filter((each) => describePath(each).size !== undefined);
}

/** Returns the names of JSON files, in order. */
export function jsonNames(names: readonly string[]): string[] {
  return names.filter((name) => name.endsWith('.json')).sort();
}

/** Returns whether there is something at a path, and how large it is. */
export function describePath(path: string): LegacyPath {
  const stats = statsOf(path);
  if (stats === undefined) return { path, exists: false };
  return stats !== 'unreadable' && stats.isFile() ? { path, exists: true, size: stats.size } : { path, exists: true };
}

function namesIn(path: string): string[] {
  return statsOf(path) === undefined ? [] : attempt(() => readdirSync(path), []);
}

function statsOf(path: string): Stats | 'unreadable' | undefined {
  return attempt<Stats | 'unreadable' | undefined>(() => statSync(path, { throwIfNoEntry: false }), 'unreadable');
}

/** A path that the system refuses to show keeps no program from starting: an import that reads it reports it. */
function attempt<Result>(look: () => Result, refused: Result): Result {
  try {
    return look();
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EIO')) return refused;
    throw error;
  }
}
