import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportOutcome } from '@codebuddy/db-core/internal';
import type { ParsedEntry } from '../entries/parsed-entry.ts';
import { type JsonEntry, readJsonEntries } from '../files/json-entries.ts';
import { parseJson } from '../files/json-text.ts';
import type { LegacyFile } from '../files/legacy-file.ts';
import type { EntryProblem, FileReport } from '../migration-report.ts';

/** The conversion of a list's entries to records, and the target of these. */
export interface ListImport<Value> {
  /** The property that holds the list, if the file is an object. */
  readonly listName: string;
  readonly parse: (entry: unknown) => ParsedEntry<Value>;
  /** The name that reports give a record. */
  readonly idOf: (value: Value) => string;
  readonly store: (values: readonly Value[]) => ImportOutcome[];
  /** Tells which records are stored; those that were inserted now must be as they were read. */
  readonly areStored: (values: readonly { readonly value: Value; readonly insertedNow: boolean }[]) => boolean[];
  readonly advance: (entries: number, bytes: number) => void;
}

/** The number of records that are stored in one transaction, and held in memory. */
const BATCH = 200;

/** Stores what can be stored of a list, then reads it again and compares it with what is stored. */
export async function importList<Value>(
  file: LegacyFile,
  report: FileReport,
  list: ListImport<Value>,
  verify: boolean,
): Promise<void> {
  const insertedNow = await storeAll(file, report, list);
  if (verify) await verifyAll(file, report, list, insertedNow);
}

async function storeAll<Value>(
  file: LegacyFile,
  report: FileReport,
  list: ListImport<Value>,
): Promise<ReadonlySet<number>> {
  const insertedNow = new Set<number>();
  for await (const { records, problems, expired, bytesRead } of readBatches(file, list)) {
    const outcomes = list.store(records.map(({ value }) => value));
    for (const [index, { position }] of records.entries())
      if (outcomes[index] === 'inserted') insertedNow.add(position);
    report.entries += records.length + problems.length + expired;
    report.inserted = insertedNow.size;
    report.existing += outcomes.filter((outcome) => outcome === 'exists').length;
    report.expired += expired;
    report.problems.push(...problems);
    list.advance(report.entries, bytesRead);
    await nextTurn();
  }
  return insertedNow;
}

async function verifyAll<Value>(
  file: LegacyFile,
  report: FileReport,
  list: ListImport<Value>,
  insertedNow: ReadonlySet<number>,
): Promise<void> {
  for await (const { records } of readBatches(file, list)) {
    const stored = list.areStored(
      records.map(({ value, position }) => ({ value, insertedNow: insertedNow.has(position) })),
    );
    for (const [index, { value, position }] of records.entries()) {
      if (stored[index] === true) continue;
      const reason = 'it is not stored as it was read';
      report.problems.push({ file: file.path, position: `entry ${position}`, id: list.idOf(value), reason });
    }
    await nextTurn();
  }
}

interface Batch<Value> {
  readonly records: { readonly position: number; readonly value: Value }[];
  readonly problems: EntryProblem[];
  expired: number;
  bytesRead: number;
}

async function* readBatches<Value>(
  file: LegacyFile,
  list: ListImport<Value>,
): AsyncGenerator<Batch<Value>, void, undefined> {
  let batch: Batch<Value> = { records: [], problems: [], expired: 0, bytesRead: 0 };
  let read = 0;
  for await (const entry of readJsonEntries(file, list.listName)) {
    const parsed = parseEntry(entry, list);
    if ('value' in parsed) batch.records.push({ position: entry.position, value: parsed.value });
    else if ('expired' in parsed) batch.expired++;
    else batch.problems.push(toProblem(file, entry, parsed));
    batch.bytesRead = entry.bytesRead;
    if (++read % BATCH === 0) {
      yield batch;
      batch = { records: [], problems: [], expired: 0, bytesRead: entry.bytesRead };
    }
  }
  if (read % BATCH !== 0) yield { ...batch, bytesRead: file.size };
}

function parseEntry<Value>({ content }: JsonEntry, list: ListImport<Value>): ParsedEntry<Value> {
  if ('problem' in content) return { reasons: [content.problem] };
  try {
    return list.parse(parseJson(content));
  } catch (error) {
    if (error instanceof SyntaxError) return { reasons: [error.message] };
    throw error;
  }
}

function toProblem(
  file: LegacyFile,
  { position }: JsonEntry,
  { reasons, id }: { reasons: readonly string[]; id?: string },
): EntryProblem {
  return {
    file: file.path,
    position: `entry ${position}`,
    ...(id === undefined ? {} : { id }),
    reason: reasons.join('; '),
  };
}
