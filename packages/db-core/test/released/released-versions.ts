import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The lock file: the SHA-256 of each version's SQL. */
export const HASHES = path('../../src/schema/released.json');

/** The rows of the file that is kept of a version. */
export const ROWS = path('./rows.sql');

/** The hashes of the lock file, by version. */
export const RELEASED: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(Object(JSON.parse(readFileSync(HASHES, 'utf8')))).map(([version, hash]) => [version, String(hash)]),
);

/** Where the file is that a build of a version wrote, compressed. */
export function fileOfVersion(version: number): string {
  return path(`./version-${version}.db.gz`);
}

/** Writes the file that is kept of a version to a path. */
export function unpackVersion(version: number, destination: string): void {
  writeFileSync(destination, gunzipSync(readFileSync(fileOfVersion(version))));
}

/** Hashes the SQL of a version as the lock file does. */
export function hashOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

/** Returns a recipe of CONTRIBUTING.md, for the message of a test that fails because it was not followed. */
export function recipe(title: string): string {
  const page = readFileSync(path('../../../../CONTRIBUTING.md'), 'utf8');
  const section = page.split(/^## /m).find((text) => text.startsWith(`${title}\n`));
  if (section === undefined) throw new Error(`CONTRIBUTING.md has no recipe "${title}"`);
  return section.trim();
}
