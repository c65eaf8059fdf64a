import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Reads the records of a JSON file that {@link keep} wrote, by key; none if there is no file yet, or a damaged one. */
export function readKept<Kept>(path: string, isKept: (record: unknown) => record is Kept): Record<string, Kept> {
  const records = existsSync(path) ? Object(JSON.parse(readFileSync(path, 'utf8'))) : {};
  const kept: Record<string, Kept> = {};
  for (const [key, record] of Object.entries(records)) if (isKept(record)) kept[key] = record;
  return kept;
}

/** Writes a JSON file such that a run that is ended meanwhile leaves the one before. */
export function keep(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(content, null, 1));
  renameSync(`${path}.new`, path);
}
