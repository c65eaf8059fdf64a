import { isDeepStrictEqual } from 'node:util';
import type { CacheImportTarget, CacheRecord } from '@codebuddy/db-core/internal';
import { parseLegacyCacheEntry } from '../entries/legacy-cache-entry.ts';
import { importFiles } from './import-files.ts';
import { importList } from './import-list.ts';
import type { PhaseContext } from './phase-context.ts';

/** Imports `cache/semantic-cache.json` of each folder; what has expired is left out. */
export async function importCache(context: PhaseContext<CacheImportTarget>): Promise<void> {
  const { target, now } = context;
  await importFiles(context, {
    read: (file, report) =>
      importList(context, file, report, {
        listName: 'entries',
        parse: (entry: unknown) => parseLegacyCacheEntry(entry, file.modifiedAt, now),
        store: (records: readonly CacheRecord[]) => target.importEntries(records),
        areStored: (records) => {
          const stored = target.locateEntries(records.map(({ value }) => value.key));
          return records.map(({ value, insertedNow }, index) => {
            const found = stored[index] ?? null;
            return found !== null && (!insertedNow || holdsTheSame(found, target.redactEntry?.(value) ?? value));
          });
        },
      }),
  });
}

/** Another process may have hit the entry since. */
function holdsTheSame(stored: CacheRecord, read: CacheRecord): boolean {
  return isDeepStrictEqual({ ...stored, hits: read.hits }, read) && stored.hits >= read.hits;
}
