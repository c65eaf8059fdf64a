import type { Database } from '@codebuddy/db-core';
import { read } from '@codebuddy/db-core/internal';
import { errorEssence } from './error-essence.ts';
import { prepareStatements } from './statements.ts';

/**
 * Finds the stored patterns that are of the same kind as an error, however they were written: earlier releases and other modules
 * left the same out of a message in notations of their own. Each pattern is looked at once; rows never get an older id.
 */
export class KnownPatterns {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #patterns = new Map<string, Set<string>>();
  #lastId = 0;

  constructor(db: Database) {
    this.#statements = prepareStatements(db);
  }

  /** Returns the signature itself, and the stored patterns that have the same essence. */
  like(signature: string): string[] {
    for (const row of this.#statements.patternsSince.all({ lastId: this.#lastId })) {
      this.#lastId = Math.max(this.#lastId, read.number(row, 'id'));
      this.#note(read.text(row, 'error_pattern'));
    }
    const essence = errorEssence(signature);
    return [...new Set([signature, ...((essence === '' ? undefined : this.#patterns.get(essence)) ?? [])])];
  }

  #note(pattern: string): void {
    const essence = errorEssence(pattern);
    const known = this.#patterns.get(essence) ?? new Set();
    this.#patterns.set(essence, known.add(pattern));
  }
}
