import type { CostImportTarget } from '@codebuddy/db-core/internal';
import { parseLegacyCosts } from '../entries/legacy-costs.ts';
import { costsFile } from '../files/legacy-folder.ts';
import { type PhaseContext, readWholeFile, reportFile } from './phase-context.ts';

/** Two amounts of US dollars that differ by less are the same: they are kept to a billionth. */
const SAME_AMOUNT = 1e-9;

/** Imports `cost-history.json` of each folder. */
export async function importCosts(context: PhaseContext<CostImportTarget>): Promise<void> {
  const { target } = context;
  for (const folder of context.folders) {
    await reportFile(context, 'analytics', folder, costsFile(folder), async (file, report) => {
      const { records: read, problems } = parseLegacyCosts(await readWholeFile(context, file));
      // The same day may be in the files of several folders: each counts for itself.
      const records = read.map((record) => ({ ...record, key: `${folder.projectId ?? 'user'}:${record.key}` }));
      report.entries = records.length + problems.length;
      report.problems.push(...problems.map((problem) => ({ file: file.path, ...problem })));
      const outcomes = target.importCosts(records);
      report.inserted = outcomes.filter((outcome) => outcome === 'inserted').length;
      report.existing = outcomes.length - report.inserted;
      context.advance(report.entries, file.size);
      if (context.dryRun) return;
      const stored = target.locateCosts(records.map(({ key }) => key));
      for (const [index, { key, cost }] of records.entries()) {
        if ((stored[index] ?? -1) < cost - SAME_AMOUNT) {
          report.problems.push({ file: file.path, id: key, reason: 'it is not stored as it was read' });
        }
      }
    });
  }
}
