import { readdirSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { MemoryScope } from '@codebuddy/db-core';
import { hasSystemCode, toDatabaseError } from '@codebuddy/db-core/internal';

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
  /** In bytes; absent for a folder, or if there is nothing. */
  readonly size?: number;
}

/** Returns the folders to look in: that of the user first. Asked anew each time, since the home folder may change. */
export function legacyFolders(home: string | undefined, projects: readonly string[]): LegacyFolder[] {
  return [
    { path: home ?? join(homedir(), '.codebuddy'), scope: 'user' },
    ...projects.map((project) => ({
      path: join(project, '.codebuddy'),
      scope: 'project' as const,
      projectId: basename(project),
    })),
  ];
}

/** The paths that a legacy folder may hold. */
export const memoriesFile = (folder: LegacyFolder) => join(folder.path, 'memories.json');
export const sessionsFolder = (folder: LegacyFolder) => join(folder.path, 'sessions');
export const cacheFile = (folder: LegacyFolder) => join(folder.path, 'cache', 'semantic-cache.json');
export const costsFile = (folder: LegacyFolder) => join(folder.path, 'cost-history.json');

/** Returns the session files of a folder, in the order of their names. */
export function sessionFiles(folder: LegacyFolder): string[] {
  const path = sessionsFolder(folder);
  try {
    return readdirSync(path)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw toDatabaseError(error, 'migration.sessions');
  }
}

/** Returns whether there is something at a path, and how large it is. */
export function describePath(path: string): LegacyPath {
  const stats = statsOf(path);
  if (stats === undefined) return { path, exists: false };
  return stats.isFile() ? { path, exists: true, size: stats.size } : { path, exists: true };
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw toDatabaseError(error, 'migration.status');
  }
}
