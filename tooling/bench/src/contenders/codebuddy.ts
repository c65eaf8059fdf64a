import { DatabaseManager, type SearchMode } from '@codebuddy/db-core';
import { CODE_VECTORS, type Condition, type VectorIndex, vectorIndexOf } from '@codebuddy/db-core/internal';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import type { VectorSet } from '@codebuddy/vector-sets';

const MODEL = 'bench';
const AT_ONCE = 50_000;

/** The rows that a filter of 1 % or 10 % lets through: the projects that `chunkOf` puts them into. */
export const PASSES: Readonly<Record<string, (row: number) => boolean>> = {
  one: (row) => row % 100 === 0,
  ten: (row) => row % 10 === 1,
};

/** A chunk of about 450 characters, as the table of the bulk load has it. */
export function chunkOf(vectors: VectorSet, row: number) {
  const project = PASSES['one']?.(row) ? 'one' : PASSES['ten']?.(row) ? 'ten' : 'rest';
  return {
    project_id: project,
    file_path: `src/module-${Math.floor(row / 20)}.ts`,
    chunk_index: row % 20,
    chunk_text: `${row} export function name${row % 997}(value: string): string { return value.trim(); }\n`.repeat(6),
    embedding: vectors.at(row),
    embedding_model: MODEL,
    symbol_type: 'function',
    symbol_name: `name${row % 997}`,
    start_line: 1,
    end_line: 30,
    language: 'typescript',
  };
}

/** This project's index of code. */
export class CodeBuddy {
  readonly manager: DatabaseManager;
  readonly repository: EmbeddingRepository;
  readonly index: VectorIndex;

  private constructor(manager: DatabaseManager) {
    this.manager = manager;
    this.repository = new EmbeddingRepository(manager.getDatabase());
    this.index = vectorIndexOf(manager.getDatabase(), CODE_VECTORS);
  }

  static async open(dbPath: string): Promise<CodeBuddy> {
    const manager = new DatabaseManager({ dbPath });
    await manager.initialize();
    return new CodeBuddy(manager);
  }

  load(vectors: VectorSet, rows: number): void {
    for (let start = 0; start < rows; start += AT_ONCE) {
      const count = Math.min(AT_ONCE, rows - start);
      this.repository.bulkUpsert(Array.from({ length: count }, (_, i) => chunkOf(vectors, start + i)));
    }
  }

  /** Returns rows: their keys count from 1. */
  search(vector: Float32Array, topK: number, mode?: SearchMode, project?: string): number[] {
    const conditions: Condition[] = project === undefined ? [] : [{ keyword: 'project', oneOf: [project] }];
    return this.index.search({ vector, model: MODEL, topK, mode, conditions }).map(({ key }) => key - 1);
  }

  /** The whole call that a caller makes, records included. */
  searchSimilar(vector: Float32Array, topK: number): unknown {
    return this.repository.searchSimilar(vector, { embeddingModel: MODEL, mode: 'fast' }, topK);
  }
}
