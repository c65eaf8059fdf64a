import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportOutcome } from '@codebuddy/db-core/internal';
import type { ParsedEntry } from '../entries/parsed-entry.ts';
import { type JsonEntry, readJsonEntries } from '../files/json-entries.ts';
import { parseJson } from '../files/json-text.ts';
import type { LegacyFile } from '../files/legacy-file.ts';
import { UnreadableError } from '../files/unreadable-error.ts';
import type { EntryProblem, FileReport } from '../migration-report.ts';
import type { PhaseContext } from './phase-context.ts';
import { refusalOf, type StoreOutcome, storeRecords } from './store-records.ts';

/** The conversion of a list's entries to records, and the target of these. */
export interface ListImport<Value> {
  /** The property that holds the list, if the file is an object. */
  readonly listName: string;
  readonly parse: (entry: unknown) => ParsedEntry<Value>;
  /** Stores records, all or none. */
  readonly store: (values: readonly Value[]) => ImportOutcome[];
  /** Tells which records are stored; those that were inserted now must be as they were read. */
  readonly areStored: (records: readonly StoredRecord<Value>[]) => boolean[];
  /** Merges the records that are repetitions of others in the file, and tells which records are stored then. */
  readonly merge?: (records: readonly StoredRecord<Value>[]) => boolean[];
}

/** A record that is stored. */
export interface StoredRecord<Value> {
  readonly value: Value;
  /** Whether it was not there before. */
  readonly insertedNow: boolean;
}

/** The largest part of a list that is stored in one transaction, and held in memory; the bytes are those of the file. */
const MAX_BATCH = { entries: 1_000, bytes: 4_000_000 };

/** Stores what can be stored of a list, some entries at a time, and compares it with what is stored. */
export async function importList<Value>(
  { dryRun, advance }: Pick<PhaseContext<unknown>, 'dryRun' | 'advance'>,
  file: LegacyFile,
  report: FileReport,
  list: ListImport<Value>,
): Promise<void> {
  for await (const { records, entries, bytesRead } of readBatches(file, report, list)) {
    const outcomes = storeRecords(
      records.map(({ value }) => value),
      list.store,
    );
    reportOutcomes(records, outcomes, report);
    if (!dryRun) reportDifferences(records, outcomes, report, list);
    report.entries += entries;
    advance(report.entries, bytesRead);
    await nextTurn();
  }
}

interface ListRecord<Value> {
  readonly position: number;
  readonly value: Value;
}

interface Batch<Value> {
  readonly records: readonly ListRecord<Value>[];
  /** The number of entries, broken and expired ones included. */
  readonly entries: number;
  readonly bytesRead: number;
}

/** Reads the records of a list, and reports the entries that are none. */
async function* readBatches<Value>(
  file: LegacyFile,
  report: FileReport,
  list: ListImport<Value>,
): AsyncGenerator<Batch<Value>, void, undefined> {
  let records: ListRecord<Value>[] = [];
  let entries = 0;
  let bytes = 0;
  for await (const chunk of readJsonEntries(file.chunks(), list.listName)) {
    for (const entry of chunk.entries) {
      const parsed = parseEntry(entry, list);
      if ('value' in parsed) records.push({ position: entry.position, value: parsed.value });
      else if ('expired' in parsed) report.expired++;
      else report.problems.push(problemAt(report, entry, parsed.reasons.join('; ')));
      entries++;
      bytes += 'problem' in entry.content ? 0 : entry.content.length;
      if (entries < MAX_BATCH.entries && bytes < MAX_BATCH.bytes) continue;
      yield { records, entries, bytesRead: chunk.bytesRead };
      [records, entries, bytes] = [[], 0, 0];
    }
  }
  if (entries > 0) yield { records, entries, bytesRead: file.size };
}

function parseEntry<Value>({ content }: JsonEntry, list: ListImport<Value>): ParsedEntry<Value> {
  if ('problem' in content) return { reasons: [content.problem] };
  try {
    return list.parse(parseJson(content));
  } catch (error) {
    return { reasons: [error instanceof UnreadableError ? error.message : refusalOf(error)] };
  }
}

function reportOutcomes<Value>(
  records: readonly ListRecord<Value>[],
  outcomes: readonly StoreOutcome[],
  report: FileReport,
): void {
  for (const [index, record] of records.entries()) {
    const outcome = outcomes[index];
    if (outcome === 'inserted') report.inserted++;
    else if (outcome === 'exists') report.existing++;
    else if (outcome !== undefined) report.problems.push(problemAt(report, record, outcome.refused));
  }
}

function reportDifferences<Value>(
  records: readonly ListRecord<Value>[],
  outcomes: readonly StoreOutcome[],
  report: FileReport,
  list: ListImport<Value>,
): void {
  const imported = records.flatMap((record, index) => {
    const outcome = outcomes[index];
    return typeof outcome === 'string' ? [{ ...record, insertedNow: outcome === 'inserted' }] : [];
  });
  const areStored = list.areStored(imported);
  const areMerged = list.merge?.(imported);
  for (const [index, record] of imported.entries())
    if (areStored[index] !== true || areMerged?.[index] === false)
      report.problems.push(problemAt(report, record, 'it is not stored as it was read'));
}

function problemAt({ path }: FileReport, { position }: { readonly position: number }, reason: string): EntryProblem {
  return { file: path, position: `entry ${position}`, reason };
}
