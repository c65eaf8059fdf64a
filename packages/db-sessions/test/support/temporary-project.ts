import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RepositoryOptions } from '@codebuddy/db-core';
import { type TemporaryDatabase, TemporaryFolder, temporaryDatabase } from '@codebuddy/test-kit';
import { CheckpointRepository, ProjectCheckpoints, type ProjectCheckpointsConfig } from '../../src/index.ts';

/** What is at a path: a folder, a link, or a file with its permissions. */
export type Entry = string;

/** A project folder with its checkpoints, and a folder outside; removed at the end of its `using` block. */
export class TemporaryProject {
  readonly database: TemporaryDatabase;
  readonly folder = new TemporaryFolder();
  readonly path: string;
  readonly outside: string;
  readonly repository: CheckpointRepository;
  readonly checkpoints: ProjectCheckpoints;

  private constructor(database: TemporaryDatabase, options: RepositoryOptions) {
    this.database = database;
    this.path = this.folder.join('project');
    this.outside = this.folder.join('outside');
    for (const folder of [this.path, this.outside]) mkdirSync(folder);
    this.repository = new CheckpointRepository(database.db, options);
    this.checkpoints = this.open();
  }

  static async create(options: RepositoryOptions = {}): Promise<TemporaryProject> {
    return new TemporaryProject(await temporaryDatabase(), options);
  }

  /** Returns other checkpoints of the project, as another process would have them. */
  open(config: Partial<ProjectCheckpointsConfig> = {}): ProjectCheckpoints {
    return new ProjectCheckpoints(this.repository, { projectId: 'shop', projectPath: this.path, ...config });
  }

  /** Returns the path of something in the project. */
  join(...parts: string[]): string {
    return this.folder.join('project', ...parts);
  }

  /** Writes a file and the folders on the way to it. */
  write(path: string, content: string | Uint8Array, mode?: number): void {
    mkdirSync(dirname(this.join(path)), { recursive: true });
    writeFileSync(this.join(path), content);
    if (mode !== undefined) chmodSync(this.join(path), mode);
  }

  read(path: string): string {
    return readFileSync(this.join(path), 'utf8');
  }

  /** Describes all that is in the project, each path with what is there. */
  tree(): Record<string, Entry> {
    return treeOf(this.path);
  }

  [Symbol.dispose](): void {
    this.database[Symbol.dispose]();
    this.folder[Symbol.dispose]();
  }
}

/** Describes all that is in a folder, each path with what is there. Links are not followed. */
export function treeOf(root: string, folder = ''): Record<string, Entry> {
  const tree: Record<string, Entry> = {};
  for (const name of readdirSync(`${root}/${folder}`).sort()) {
    const path = `${folder}${name}`;
    tree[path] = entryAt(`${root}/${path}`);
    if (tree[path] === 'folder') Object.assign(tree, treeOf(root, `${path}/`));
  }
  return tree;
}

function entryAt(path: string): Entry {
  const stats = lstatSync(path);
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  return `${(stats.mode & 0o7777).toString(8)} ${readFileSync(path).toString('base64')}`;
}
