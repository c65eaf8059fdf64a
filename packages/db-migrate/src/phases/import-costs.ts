import type { CostImportTarget, CostRecord, ImportedCost } from '@codebuddy/db-core/internal';
import { parseLegacyCosts } from '../entries/legacy-costs.ts';
import { importFiles } from './import-files.ts';
import type { PhaseContext } from './phase-context.ts';
import { readWholeFile } from './read-whole-file.ts';
import { storeRecords } from './store-records.ts';

/** Two amounts of US dollars that differ by less are the same: they are kept to a billionth. */
const SAME_AMOUNT = 1e-9;

/** The number of records that are stored in one transaction. */
const MAX_BATCH = 1_000;

/** Imports `cost-history.json` of each folder. */
export async function importCosts(context: PhaseContext<CostImportTarget>): Promise<void> {
  await importFiles(context, {
    read: async (file, report, folder) => {
      const { records, problems } = parseLegacyCosts(await readWholeFile(context, file));
      report.entries = records.length + problems.length;
      const fail = (position: string, reason: string) => report.problems.push({ file: file.path, position, reason });
      report.problems.push(...problems.map((problem) => ({ file: file.path, ...problem })));
      for (let first = 0; first < records.length; first += MAX_BATCH) {
        // The same day may be in the files of several folders: each counts for itself.
        const batch = records.slice(first, first + MAX_BATCH).map(({ position, record }) => ({
          position,
          record: { ...record, key: `${folder.projectId ?? 'user'}:${record.key}` },
        }));
        const outcomes = storeRecords(
          batch.map(({ record }) => record),
          (costs) => context.target.importCosts(costs),
        );
        const stored = context.dryRun ? undefined : context.target.locateCosts(batch.map(({ record }) => record.key));
        for (const [index, { position, record }] of batch.entries()) {
          const outcome = outcomes[index];
          if (typeof outcome === 'object') fail(position, outcome.refused);
          else if (outcome === 'inserted') report.inserted++;
          else report.existing++;
          if (typeof outcome !== 'object' && stored !== undefined && !covers(stored[index] ?? null, record))
            fail(position, 'it is not stored as it was read');
        }
      }
      context.advance(report.entries, file.size);
    },
  });
}

/** What is stored may have grown since. */
function covers(stored: ImportedCost | null, { cost, tokensIn, tokensOut }: CostRecord): boolean {
  return (
    stored !== null && stored.cost >= cost - SAME_AMOUNT && stored.tokensIn >= tokensIn && stored.tokensOut >= tokensOut
  );
}
