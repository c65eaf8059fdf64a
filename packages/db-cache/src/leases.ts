import { randomUUID } from 'node:crypto';
import type { Database } from '@codebuddy/db-core';
import { type ConnectionContext, contextOf, type Row, read } from '@codebuddy/db-core/internal';
import type { NewEntry } from './cache-rows.ts';
import type { CacheStatements } from './statements.ts';

/** The right to store what is computed for a key, for as long as nobody changes its entry. */
export interface Lease {
  readonly key: string;
  /** Tells it from every other lease, of this key too. */
  readonly id: string;
  /** Whether a row stands for it. */
  readonly isStored: boolean;
}

/**
 * Leases as in "Scaling Memcache at Facebook" (Nishtala et al., 2013), section 3.2.1. The row of a stale value stands for the
 * lease, or a row of its own (`leased`): whatever replaces or deletes entries takes the lease with them, by key, tag, category
 * or pattern, in any process. If nothing can be written at the moment, the lease lasts until anything else is.
 */
export class Leases {
  readonly #context: ConnectionContext;
  readonly #statements: CacheStatements;

  constructor(db: Database, statements: CacheStatements) {
    this.#context = contextOf(db);
    this.#statements = statements;
  }

  /**
   * Returns the lease that another caller has, in any process, or makes one. It waits for no other connection.
   *
   * @param entry - the entry to be, without its value
   */
  acquire({ row: { key, category, created_at: now }, tags }: NewEntry): Lease {
    const row = this.#context.writeNow('cache.getOrCompute', () => {
      this.#statements.deleteDead.run({ key, now });
      this.#statements.acquireLease.run({ key, id: randomUUID(), category, now });
      for (const tag of tags) this.#statements.addTag.run({ key, tag });
      return this.#statements.readLease.one({ key });
    });
    return row === undefined ? this.#untilAnyChange(key) : toLease(key, row);
  }

  /** Returns whether a lease still holds; the caller is in a write transaction. */
  holds({ key, id, isStored }: Lease): boolean {
    if (!isStored) return this.#untilAnyChange(key).id === id;
    const row = this.#statements.readLease.get({ key });
    return row !== undefined && toLease(key, row).id === id;
  }

  /** Gives a lease up whose value could not be computed. Otherwise its row would stay until expired entries are deleted. */
  async release({ key, id, isStored }: Lease): Promise<void> {
    if (!isStored || !this.#context.db.open) return;
    const release = () => void this.#statements.releaseLease.run({ key, id });
    await this.#context.writeSoon('cache.getOrCompute', release, 'The mark of a computation that failed stays.');
  }

  /** Whatever is written, by this connection or another one, ends the lease. */
  #untilAnyChange(key: string): Lease {
    const row = this.#statements.changes.one();
    return { key, id: `${read.number(row, 'others')} ${read.number(row, 'own')} ${key}`, isStored: false };
  }
}

/** A stale value is known by the instant it was stored at; it is older than anything stored since. */
function toLease(key: string, row: Row): Lease {
  const id = read.optionalText(row, 'lease') ?? `${read.text(row, 'created_at')} ${key}`;
  return { key, id, isStored: true };
}
