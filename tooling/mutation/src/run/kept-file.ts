import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Reads a JSON file that {@link keep} wrote, or returns what to begin with if there is none. */
export function readKept<Content>(path: string, beginning: Content): Content {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : beginning;
}

/** Writes a JSON file such that a run that is ended meanwhile leaves the one before. */
export function keep(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(content, null, 1));
  renameSync(`${path}.new`, path);
}
