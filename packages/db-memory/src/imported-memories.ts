import type { Memory, Redact } from '@codebuddy/db-core';
import { hashContent, type ImportOutcome, redactMemory, toMemory } from '@codebuddy/db-core/internal';
import { identityParameters, memoryRecordParameters } from './inputs.ts';
import type { MemoryStatements } from './statements.ts';

/** Stores memories of an import as they are, each once, and finds them again. */
export class ImportedMemories {
  readonly #statements: MemoryStatements;
  readonly #redact: Redact | undefined;

  constructor(statements: MemoryStatements, redact: Redact | undefined) {
    this.#statements = statements;
    this.#redact = redact;
  }

  import(record: Memory): ImportOutcome {
    const parameters = memoryRecordParameters(record, this.#redact);
    for (let attempt = 0; ; attempt++) {
      const id = importedId(parameters, attempt);
      if (this.#statements.insertIfNew.run({ ...parameters, id }).changes > 0) return 'inserted';
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

  /** Returns a record as it is stored. */
  redact(memory: Memory): Memory {
    return this.#redact === undefined ? memory : redactMemory(memory, this.#redact);
  }

  /** Finds what says the same; what was replaced since is found by its id, since an import must not bring it back. */
  #locate(identity: ReturnType<typeof identityParameters>, id: string): Memory | null {
    const { scope = null, project_id = null, content = null } = identity;
    const current = this.#statements.locate.get({ scope, project_id, content });
    if (current !== undefined) return toMemory(current);
    const sameId = this.#statements.read.get({ id });
    if (sameId === undefined || sameId['superseded_at'] === null) return null;
    const isSame = sameId['content'] === content && sameId['scope'] === scope && sameId['project_id'] === project_id;
    return isSame ? toMemory(sameId) : null;
  }
}

/** The id that an imported memory is stored under: its own, or, if other memories have that, one made from its content. */
function importedId({ id, content }: ReturnType<typeof identityParameters>, attempt: number): string {
  if (attempt === 0) return String(id);
  const derived = `${id}-${hashContent(Buffer.from(String(content))).slice(0, 12)}`;
  return attempt === 1 ? derived : `${derived}-${attempt}`;
}
