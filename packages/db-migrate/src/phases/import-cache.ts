import type { CacheImportTarget, CacheRecord } from '@codebuddy/db-core/internal';
import { parseLegacyCacheEntry } from '../entries/legacy-cache-entry.ts';
import { cacheFile } from '../files/legacy-folder.ts';
import { importList } from './import-list.ts';
import { type PhaseContext, reportFile } from './phase-context.ts';

/** Imports `cache/semantic-cache.json` of each folder; what has expired is left out. */
export async function importCache(context: PhaseContext<CacheImportTarget>): Promise<void> {
  const { target, advance } = context;
  for (const folder of context.folders) {
    await reportFile(context, 'cache', folder, cacheFile(folder), (file, report) => {
      const list = {
        listName: 'entries',
        parse: (entry: unknown) => parseLegacyCacheEntry(entry, file.modifiedMs, context.now),
        idOf: ({ key }: CacheRecord) => key,
        store: (records: readonly CacheRecord[]) => target.importEntries(records),
        areStored: (records: readonly { readonly value: CacheRecord }[]) =>
          target.locateEntries(records.map(({ value }) => value.key)),
        advance,
      };
      return importList(file, report, list, !context.dryRun);
    });
  }
}
