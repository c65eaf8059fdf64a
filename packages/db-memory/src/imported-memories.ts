import type { Memory, Redact } from '@codebuddy/db-core';
import {
  encodeJsonObject,
  hashContent,
  type ImportOutcome,
  mergeJsonObjects,
  redactMemory,
  type SqlValue,
  toMemory,
} from '@codebuddy/db-core/internal';
import { identityParameters, type MemoryParameters, memoryRecordParameters } from './inputs.ts';
import type { MemoryStatements } from './statements.ts';

const IDENTITY = ['user_id', 'scope', 'project_id', 'content'];

/** Stores memories of an import as they are, each once, and finds them again. */
export class ImportedMemories {
  readonly #statements: MemoryStatements;
  readonly #now: () => string;
  readonly #redact: Redact | undefined;

  constructor(statements: MemoryStatements, now: () => string, redact: Redact | undefined) {
    this.#statements = statements;
    this.#now = now;
    this.#redact = redact;
  }

  import(record: Memory): ImportOutcome {
    const parameters = memoryRecordParameters(record, this.#redact);
    for (let attempt = 0; ; attempt++) {
      const id = importedId(parameters, attempt);
      const insert = () => this.#statements.insertIfNew.run({ ...parameters, id }).changes > 0;
      if (insert() || (this.#deleteOutlived(parameters) && insert())) return 'inserted';
      if (this.#locate(parameters, id) !== null) return 'exists';
    }
  }

  find(record: Memory): Memory | null {
    const identity = identityParameters(record, this.#redact);
    for (let attempt = 0; ; attempt++) {
      const id = importedId(identity, attempt);
      const found = this.#locate(identity, id);
      if (found !== null || this.#statements.read.get({ id }) === undefined) return found;
    }
  }

  /** Merges a record into the stored memory that says the same; what both have in their metadata stays as it is stored. */
  merge(record: Memory): void {
    const {
      id: _,
      type: __,
      identifiers: ___,
      embedding_owed: ____,
      ...given
    } = memoryRecordParameters(record, this.#redact);
    const metadata = mergeJsonObjects(this.redact(record).metadata ?? {}, this.find(record)?.metadata ?? {});
    this.#statements.merge.run({ ...given, metadata: encodeJsonObject(metadata, 'metadata') });
  }

  /** Returns a record as it is stored. */
  redact(memory: Memory): Memory {
    return this.#redact === undefined ? memory : redactMemory(memory, this.#redact);
  }

  /**
   * Finds what says the same; what was replaced since is found by its id, since an import must not bring it back. What has expired
   * is in the way of nothing that is still to live.
   */
  #locate(identity: MemoryParameters, id: string): Memory | null {
    const current = this.#statements.locate.get(identity);
    if (current !== undefined) {
      const memory = toMemory(current);
      return this.#isOver(memory) && !this.#isOver(identity) ? null : memory;
    }
    const sameId = this.#statements.read.get({ id });
    if (sameId === undefined || sameId['superseded_at'] === null) return null;
    const isSame = IDENTITY.every((column) => sameId[column] === identity[column]);
    return isSame ? toMemory(sameId) : null;
  }

  #deleteOutlived(identity: MemoryParameters): boolean {
    if (this.#isOver(identity)) return false;
    return this.#statements.deleteOutlived.run({ ...identity, last_accessed: this.#now() }).changes > 0;
  }

  #isOver({ expires_at: end }: { readonly expires_at?: SqlValue }): boolean {
    return typeof end === 'string' && end <= this.#now();
  }
}

/** The id that an imported memory is stored under: its own, or, if other memories have that, one made from its content. */
function importedId({ id, content }: MemoryParameters, attempt: number): string {
  if (attempt === 0) return String(id);
  const derived = `${id}-${hashContent(Buffer.from(String(content))).slice(0, 12)}`;
  return attempt === 1 ? derived : `${derived}-${attempt}`;
}
