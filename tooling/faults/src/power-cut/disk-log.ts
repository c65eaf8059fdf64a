import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A file, whatever its names are. */
export interface RecordedFile {
  /** Its bytes when the recording began. */
  readonly before: Buffer;
}

/** Bytes that were written somewhere, or a length that was set. */
export type Change = { readonly offset: number; readonly data: Buffer } | { readonly length: number };

/** An event in a folder. */
export type DiskEvent =
  | { readonly kind: 'changed'; readonly file: RecordedFile; readonly change: Change }
  /** Names that were given and taken in one step. */
  | { readonly kind: 'named'; readonly names: readonly (readonly [path: string, file: RecordedFile | undefined])[] }
  /** `fsync` returned: of a file, or of a folder. */
  | { readonly kind: 'synced'; readonly file: RecordedFile | undefined }
  /** The process told somebody that something is done, which must hold from now on. */
  | { readonly kind: 'told'; readonly text: string };

/** The files of a folder, and all that happened to them. */
export interface DiskLog {
  readonly folders: readonly string[];
  readonly before: ReadonlyMap<string, RecordedFile>;
  readonly events: readonly DiskEvent[];
}

/** Reads the files of a folder as they are, by paths relative to it. */
export function filesOf(folder: string): Pick<DiskLog, 'folders' | 'before'> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  const isFolder = (path: string) => statSync(path).isDirectory();
  const name = (path: string) => relative(folder, path);
  return {
    folders: paths.filter(isFolder).map(name),
    before: new Map(
      paths.filter((path) => !isFolder(path)).map((path) => [name(path), { before: readFileSync(path) }]),
    ),
  };
}

/** Decides which of the changes that were not synced reach the disk. */
export interface Luck {
  /** Returns whether one change of a file does. */
  readonly change: () => boolean;
  /** The share of the names since the last sync that do, from 0 to 1: file systems keep names in their order. */
  readonly names: number;
}

/**
 * Returns the files that a power cut leaves behind after some of the events. What was synced is there. Any other write may
 * be missing, alone or with others; names may be missing from some point on, as on file systems that keep a journal of
 * them.
 */
export function cutPower(log: DiskLog, after: number, luck: Luck): ReadonlyMap<string, Buffer> {
  const contents = new Map<RecordedFile, Buffer>();
  const pending = new Map<RecordedFile, Change[]>();
  const namings: Extract<DiskEvent, { kind: 'named' }>[] = [];
  let namesSynced = 0;
  const write = (file: RecordedFile, changes: readonly Change[]) =>
    contents.set(file, applyChanges(contents.get(file) ?? file.before, changes));
  for (const event of log.events.slice(0, after)) {
    if (event.kind === 'changed') {
      const changes = pending.get(event.file) ?? [];
      pending.set(event.file, changes);
      changes.push(event.change);
    } else if (event.kind === 'named') namings.push(event);
    else if (event.kind === 'synced') {
      namesSynced = namings.length;
      if (event.file === undefined) continue;
      write(event.file, pending.get(event.file) ?? []);
      pending.delete(event.file);
    }
  }
  for (const [file, changes] of pending) write(file, changes.filter(luck.change));
  const names = new Map(log.before);
  const kept = namesSynced + Math.round((namings.length - namesSynced) * luck.names);
  for (const { names: changed } of namings.slice(0, kept)) {
    for (const [path, file] of changed) {
      if (file === undefined) names.delete(path);
      else names.set(path, file);
    }
  }
  return new Map(Array.from(names, ([path, file]) => [path, contents.get(file) ?? file.before]));
}

/**
 * Returns the names that a file was given by a link or a new name while bytes of it might still have been missing after a
 * power cut.
 */
export function unsyncedNames(log: DiskLog): string[] {
  const unsynced = new Set<RecordedFile>();
  const found: string[] = [];
  for (const event of log.events) {
    if (event.kind === 'changed') unsynced.add(event.file);
    else if (event.kind === 'synced' && event.file !== undefined) unsynced.delete(event.file);
    else if (event.kind === 'named')
      found.push(...event.names.flatMap(([path, file]) => (file !== undefined && unsynced.has(file) ? [path] : [])));
  }
  return found;
}

/** Applies changes to a copy of some bytes. Between the end of a file and a later write, its bytes are zero. */
export function applyChanges(before: Buffer, changes: readonly Change[]): Buffer {
  const endOf = (change: Change) => ('length' in change ? change.length : change.offset + change.data.length);
  const bytes = Buffer.alloc(Math.max(before.length, ...changes.map(endOf)));
  before.copy(bytes);
  let length = before.length;
  for (const change of changes) {
    if ('length' in change) {
      if (change.length < length) bytes.fill(0, change.length, length);
      length = change.length;
    } else {
      change.data.copy(bytes, change.offset);
      length = Math.max(length, endOf(change));
    }
  }
  return bytes.subarray(0, length);
}
