import type { Database, Memory, NewMemory, Redact } from '@codebuddy/db-core';
import { contextOf, type RunTransaction } from '@codebuddy/db-core/internal';
import { type MemoryParameters, mergedMetadata, newMemoryParameters } from './inputs.ts';
import type { MemoryUses } from './memory-uses.ts';
import type { MemoryStatements } from './statements.ts';

/** Stores new memories; one that is said again stays one memory. */
export class MemoryWriter {
  readonly #statements: MemoryStatements;
  readonly #uses: MemoryUses;
  readonly #transaction: RunTransaction;
  readonly #redact: Redact | undefined;

  constructor(db: Database, statements: MemoryStatements, uses: MemoryUses, redact: Redact | undefined) {
    this.#statements = statements;
    this.#uses = uses;
    this.#transaction = contextOf(db).transaction;
    this.#redact = redact;
  }

  /** @param id - the id of a memory that is given none */
  create(memory: NewMemory, id: string, now: string): Memory {
    return this.#store(newMemoryParameters(memory, id, this.#redact), now);
  }

  /**
   * Stores a memory unless its id is taken, and returns whether there is one more now.
   *
   * @param id - the id of a memory that is given none
   */
  createNew(memory: NewMemory, id: string, now: string): boolean {
    const parameters = newMemoryParameters(memory, id, this.#redact);
    const isTaken = this.#statements.read.get({ id: parameters['id'] ?? null }) !== undefined;
    return !isTaken && this.#store(parameters, now).id === parameters['id'];
  }

  #store(given: MemoryParameters, now: string): Memory {
    const parameters = { ...given, access_count: 0, created_at: now, last_accessed: now };
    const created = this.#statements.create.get(parameters);
    if (created !== undefined) return this.#uses.toMemory(created);
    return this.#transaction('memories.create', () => this.#sayAgain(parameters));
  }

  /** Stores what is there already, unless it has expired, or somebody has deleted it in between. */
  #sayAgain(parameters: MemoryParameters): Memory {
    this.#statements.deleteOutlived.run(parameters);
    const known = this.#statements.locate.get(parameters);
    if (known === undefined) return this.#uses.toMemory(this.#statements.create.one(parameters));
    const { id, metadata } = this.#uses.toMemory(known);
    const merged = mergedMetadata(metadata, parameters['metadata']);
    return this.#uses.toMemory(this.#statements.sayAgain.one({ ...parameters, id, metadata: merged }));
  }
}
