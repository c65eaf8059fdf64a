import { isDeepStrictEqual } from 'node:util';
import type { Memory } from '@codebuddy/db-core';
import { type MemoryImportTarget, redactMemory } from '@codebuddy/db-core/internal';
import { parseLegacyMemory } from '../entries/legacy-memory.ts';
import { importFiles } from './import-files.ts';
import { importList } from './import-list.ts';
import type { PhaseContext } from './phase-context.ts';
import { RepeatedMemories } from './repeated-memories.ts';

/** Imports `memories.json`, and the files in `memory`, of each folder. */
export async function importMemories(context: PhaseContext<MemoryImportTarget>): Promise<void> {
  const { target, redact } = context;
  await importFiles(context, {
    read: (file, report, folder) => {
      const repeated = new RepeatedMemories(target);
      return importList(context, file, report, {
        listName: 'memories',
        parse: (entry: unknown) => {
          const parsed = parseLegacyMemory(entry, folder, file.modifiedAt);
          return 'value' in parsed && redact !== undefined ? { value: redactMemory(parsed.value, redact) } : parsed;
        },
        store: (memories: readonly Memory[]) => target.importMemories(memories),
        areStored: (memories) => {
          const stored = target.locateMemories(memories.map(({ value }) => value));
          return memories.map(({ value, insertedNow }, index) => {
            const found = stored[index] ?? null;
            return found !== null && (!insertedNow || saysTheSame(found, target.redactMemory?.(value) ?? value));
          });
        },
        merge: (memories) => repeated.merge(memories),
      });
    },
  });
}

/** A memory whose id was taken has a new one; another process may have read it since. */
function saysTheSame(stored: Memory, read: Memory): boolean {
  const { id, access_count, last_accessed } = read;
  return isDeepStrictEqual({ ...stored, id, access_count, last_accessed }, read) && stored.access_count >= access_count;
}
