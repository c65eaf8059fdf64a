import { DOMAINS } from '../domains/index.ts';
import type { Migrations } from '../table-kit/migrations.ts';

/** Marks our files in their header (`PRAGMA application_id`): "CBDB" in ASCII. */
export const APPLICATION_ID = 0x43_42_44_42;

/** The first version of ours. Versions 1 to 3 were written by earlier Code-Buddy releases and are upgraded. */
export const BASE_VERSION = 4;

const VERSIONS = [...new Set(DOMAINS.flatMap(({ migrations }) => Object.keys(migrations).map(Number)))].sort(
  (a, b) => a - b,
);

/** The schema version that this release writes: the newest that a domain has SQL for. */
export const SCHEMA_VERSION = Math.max(...VERSIONS);

/** The schema of {@link BASE_VERSION}. What comes after is in {@link MIGRATIONS}. */
export const SCHEMA_SQL = composeVersion(BASE_VERSION);

/**
 * The SQL that leads from each version to the next, by the version it leads to. A new file runs all of them in order, an
 * older one those above its own version, in one transaction. A released text never changes: `released.json` has their hashes.
 */
export const MIGRATIONS: Migrations = Object.fromEntries(VERSIONS.map((version) => [version, composeVersion(version)]));

function composeVersion(version: number): string {
  return DOMAINS.flatMap(({ migrations }) => migrations[version] ?? []).join('\n');
}
