import { globSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, '../../..');

/** The names of the published packages, which are the folders below `packages/`. */
export const PACKAGES: readonly string[] = readdirSync(`${ROOT}/packages`).sort();

/** The names of the folders below `tooling/`. */
export const TOOLING: readonly string[] = readdirSync(`${ROOT}/tooling`).sort();

/** Returns the names of the published packages that one of them may use: an arrow never goes up or sideways. */
export function allowedPackages(name: string): readonly string[] {
  if (name === 'db-core') return [];
  if (name === 'db-integration') return PACKAGES.filter((other) => other !== name);
  return ['db-core'];
}

/** Reads a file of the repository. */
export function readText(path: string): string {
  return readFileSync(`${ROOT}/${path}`, 'utf8');
}

/** Returns the paths, relative to the root, of all source files of packages and tooling: tests and configuration too. */
export function sourcePaths(): string[] {
  return globSync(['{packages,tooling}/*/**/*.{ts,mjs}', 'examples/**/*.ts'], {
    cwd: ROOT,
    exclude: (name) => IS_MADE.has(name),
  }).sort();
}

/** Folders of which nothing is written by hand. */
const IS_MADE: ReadonlySet<string> = new Set(['node_modules', 'dist', '.examples', '.samples', 'coverage']);
