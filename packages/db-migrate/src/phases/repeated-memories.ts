import { isDeepStrictEqual } from 'node:util';
import type { Memory } from '@codebuddy/db-core';
import type { MemoryImportTarget } from '@codebuddy/db-core/internal';
import { identityOf } from '../entries/memory-identity.ts';
import type { StoredRecord } from './import-list.ts';

/**
 * Merges the memories that stand in a file more than once. What was merged in an earlier import is not merged again: that can be
 * seen from the stored memory, which is no longer what its first entry says.
 */
export class RepeatedMemories {
  readonly #target: MemoryImportTarget;
  /** The memories of this file that are stored as their first entries say. */
  readonly #first = new Set<string>();

  constructor(target: MemoryImportTarget) {
    this.#target = target;
  }

  /** Merges the memories among records that are stored that came before in the file, and returns which records are stored. */
  merge(records: readonly StoredRecord<Memory>[]): boolean[] {
    const others = records.filter(({ insertedNow }) => !insertedNow).map(({ value }) => this.#asStored(value));
    const stored = this.#target.locateMemories(others);
    const repeated = new Set<Memory>();
    let other = 0;
    const memories = records.map(({ value, insertedNow }) => {
      const memory = insertedNow ? this.#asStored(value) : (others[other] ?? value);
      const found = insertedNow ? null : (stored[other++] ?? null);
      const identity = identityOf(memory);
      if (this.#first.has(identity)) repeated.add(memory);
      else if (insertedNow || isDeepStrictEqual(found, { ...memory, id: found?.id })) this.#first.add(identity);
      return memory;
    });
    if (repeated.size === 0) return records.map(() => true);
    this.#target.mergeMemories([...repeated]);
    return memories.map((memory) => !repeated.has(memory) || covers(this.#target.locateMemories([memory])[0], memory));
  }

  #asStored(memory: Memory): Memory {
    return this.#target.redactMemory?.(memory) ?? memory;
  }
}

function covers(merged: Memory | null | undefined, memory: Memory): boolean {
  return (
    merged !== null &&
    merged !== undefined &&
    merged.importance >= memory.importance &&
    merged.access_count >= memory.access_count &&
    merged.created_at <= memory.created_at &&
    merged.last_accessed >= memory.last_accessed
  );
}
