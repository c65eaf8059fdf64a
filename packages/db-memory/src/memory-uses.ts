import type { Database, Memory } from '@codebuddy/db-core';
import { contextOf, formatTimestamp, type Row, toMemory, type UsageCounter } from '@codebuddy/db-core/internal';
import type { MemoryStatements } from './statements.ts';

/** Stands for the counter of how often memories are read. */
const MEMORY_USES = {};

/** Counts how often memories are read, and shows the counts that are not written down yet as if they were. */
export class MemoryUses {
  readonly #counter: UsageCounter;

  constructor(db: Database, statements: MemoryStatements) {
    this.#counter = contextOf(db).usageCounter(MEMORY_USES, {
      operation: 'memories.countUses',
      write: ({ key, uses, usedAt }) => statements.addUses.run({ id: key, uses, usedAt: formatTimestamp(usedAt) }),
    });
  }

  /** Reads a row of a memory. */
  toMemory(row: Row): Memory {
    const memory = toMemory(row);
    const held = this.#counter.heldOf(memory.id);
    return held === undefined ? memory : withUses(memory, held.uses, formatTimestamp(held.usedAt));
  }

  /**
   * Reads a row of a memory that was asked for, and counts it.
   *
   * @param now - in milliseconds since 1970
   */
  count(row: Row, now: number): Memory {
    const memory = this.toMemory(row);
    if (!this.#counter.count(memory.id, now)) return memory;
    return withUses(memory, 1, formatTimestamp(now));
  }
}

function withUses(memory: Memory, uses: number, usedAt: string): Memory {
  const last_accessed = usedAt > memory.last_accessed ? usedAt : memory.last_accessed;
  return { ...memory, access_count: memory.access_count + uses, last_accessed };
}
