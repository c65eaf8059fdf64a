import { analytics } from '../domains/analytics/table.ts';
import { cache } from '../domains/cache/table.ts';
import { checkpoints } from '../domains/checkpoints/table.ts';
import { codeEmbeddings } from '../domains/code/table.ts';
import { imports } from '../domains/imports/table.ts';
import { memories } from '../domains/memories/table.ts';
import { sessions } from '../domains/sessions/table.ts';
import { fullTextBounds } from '../table-kit/full-text-index.ts';
import { vectors } from '../table-kit/vector-log.ts';
import { bookkeeping } from './bookkeeping.ts';

/** Marks our files in their header (`PRAGMA application_id`): "CBDB" in ASCII. */
export const APPLICATION_ID = 0x43_42_44_42;

/** The first version of ours. Versions 1 to 3 were written by earlier Code-Buddy releases and are upgraded. */
export const BASE_VERSION = 4;

/** The schema version that this release writes. */
export const SCHEMA_VERSION = 4;

/** The schema of {@link BASE_VERSION}. Once released it never changes: what comes after is in {@link MIGRATIONS}. */
export const SCHEMA_SQL = [
  bookkeeping,
  fullTextBounds,
  vectors,
  memories,
  sessions,
  checkpoints,
  codeEmbeddings,
  analytics,
  cache,
  imports,
].join('\n');

/**
 * The SQL that leads from each version to the next, by the version it leads to. A new file runs all of them in order,
 * an older one those above its own version; each commits together with its row in `schema_version`.
 */
export const MIGRATIONS: Readonly<Record<number, string>> = {
  [BASE_VERSION]: SCHEMA_SQL,
};
