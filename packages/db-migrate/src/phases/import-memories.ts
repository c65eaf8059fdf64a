import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Memory, MemoryImportTarget } from '@codebuddy/db-core';
import { parseLegacyMemory } from '../entries/legacy-memory.ts';
import { type JsonEntry, readJsonEntries } from '../files/json-entries.ts';
import { parseJson } from '../files/json-text.ts';
import type { LegacyFile } from '../files/legacy-file.ts';
import { type LegacyFolder, memoriesFile } from '../files/legacy-folder.ts';
import type { EntryProblem, FileReport } from '../migration-report.ts';
import { type PhaseContext, reportFile } from './phase-context.ts';

/** How many memories are stored in one transaction, and held in memory. */
const BATCH = 200;

/** Imports `memories.json` of each folder, and reads it again to compare it with what is stored. */
export async function importMemories(context: PhaseContext<MemoryImportTarget>): Promise<void> {
  for (const folder of context.folders) {
    await reportFile(context, 'memories', folder, memoriesFile(folder), async (file, report) => {
      const insertedNow = await store(context, folder, file, report);
      if (!context.dryRun) await verify(context.target, folder, file, report, insertedNow);
    });
  }
}

/** Stores what can be stored, and returns the positions of the entries that were not there before. */
async function store(
  { target, advance }: PhaseContext<MemoryImportTarget>,
  folder: LegacyFolder,
  file: LegacyFile,
  report: FileReport,
): Promise<ReadonlySet<number>> {
  const insertedNow = new Set<number>();
  for await (const { memories, problems, bytesRead } of readBatches(folder, file)) {
    const outcomes = target.importMemories(memories.map(({ memory }) => memory));
    for (const [index, { position }] of memories.entries()) {
      if (outcomes[index] === 'inserted') insertedNow.add(position);
    }
    report.entries += memories.length + problems.length;
    report.inserted = insertedNow.size;
    report.existing += outcomes.filter((outcome) => outcome === 'exists').length;
    report.problems.push(...problems);
    advance(report.entries, bytesRead);
    await nextTurn();
  }
  return insertedNow;
}

/** Compares the file with the database: what was inserted must be there as it was read, the rest by what it says. */
async function verify(
  target: MemoryImportTarget,
  folder: LegacyFolder,
  file: LegacyFile,
  report: FileReport,
  insertedNow: ReadonlySet<number>,
): Promise<void> {
  for await (const { memories } of readBatches(folder, file)) {
    const stored = target.locateMemories(memories.map(({ memory }) => memory));
    for (const [index, { memory, position }] of memories.entries()) {
      const found = stored[index] ?? null;
      const isThere = found !== null && (!insertedNow.has(position) || saysTheSame(found, memory));
      if (!isThere) {
        report.problems.push({
          file: file.path,
          position: `entry ${position}`,
          id: memory.id,
          reason: 'it is not stored as it was read',
        });
      }
    }
    await nextTurn();
  }
}

/** A memory whose id was taken has a new one; another process may have read it since. */
function saysTheSame(stored: Memory, read: Memory): boolean {
  const { id, access_count, last_accessed } = read;
  return isDeepStrictEqual({ ...stored, id, access_count, last_accessed }, read) && stored.access_count >= access_count;
}

interface Batch {
  readonly memories: { readonly position: number; readonly memory: Memory }[];
  readonly problems: EntryProblem[];
  readonly bytesRead: number;
}

async function* readBatches(folder: LegacyFolder, file: LegacyFile): AsyncGenerator<Batch, void, undefined> {
  let batch: Batch = { memories: [], problems: [], bytesRead: 0 };
  for await (const entry of readJsonEntries(file, 'memories')) {
    const { memories, problems } = batch;
    const parsed = parseEntry(entry, folder, file);
    if ('reason' in parsed) problems.push(parsed);
    else memories.push({ position: entry.position, memory: parsed });
    if (memories.length + problems.length === BATCH) {
      yield { memories, problems, bytesRead: entry.bytesRead };
      batch = { memories: [], problems: [], bytesRead: entry.bytesRead };
    }
  }
  if (batch.memories.length + batch.problems.length > 0) yield { ...batch, bytesRead: file.size };
}

function parseEntry({ position, content }: JsonEntry, folder: LegacyFolder, file: LegacyFile): Memory | EntryProblem {
  const problem = { file: file.path, position: `entry ${position}` };
  if ('problem' in content) return { ...problem, reason: content.problem };
  try {
    const parsed = parseLegacyMemory(parseJson(content), folder, file.modifiedMs);
    if ('value' in parsed) return parsed.value;
    return { ...problem, ...(parsed.id === undefined ? {} : { id: parsed.id }), reason: parsed.reasons.join('; ') };
  } catch (error) {
    if (error instanceof SyntaxError) return { ...problem, reason: error.message };
    throw error;
  }
}
