import type { VectorSet } from '@codebuddy/vector-sets';
import type { CodeBuddy } from './contenders/codebuddy.ts';
import { median, takeTurns } from './measure.ts';

const ADDED = 800;
const K = 10;

/** Measures adding one vector to an index of vectors alone. */
export async function addOne(
  rows: number,
  vectors: VectorSet,
  add: (row: number, vector: Float32Array) => void,
): Promise<number> {
  let row = rows;
  const times = await takeTurns([{ name: 'add', run: () => add(row++, vectors.at(row % rows)) }], 200);
  return times.get('add') ?? Number.NaN;
}

/**
 * Measures what a new row costs our index: a search right after some were added, less the same search again, by their number,
 * and the entry in the log of changes. The rest of an upsert is there with any index, or none.
 */
export function addToIndex(ours: CodeBuddy, vectors: VectorSet, rows: number, atOnce: number): number {
  const afterwards: number[] = [];
  const again: number[] = [];
  const search = (into: number[]) => {
    const start = performance.now();
    ours.search(vectors.at(rows), K, 'fast');
    into.push(performance.now() - start);
  };
  for (let row = 0; row < ADDED; row++) {
    ours.repository.upsert({
      project_id: `added-${atOnce}`,
      file_path: `added-${row}.ts`,
      chunk_index: 0,
      chunk_text: `added ${atOnce} ${row}`,
      embedding: vectors.at(row),
      embedding_model: 'bench',
    });
    if (row % atOnce > 0) continue;
    search(afterwards);
    search(again);
  }
  const entry = ours.manager.prepare('INSERT INTO code_chunks_vector_changes (key) VALUES (1)');
  const start = performance.now();
  ours.manager.transaction(() => {
    for (let row = 0; row < ADDED; row++) entry.run();
  });
  return (median(afterwards) - median(again)) / atOnce + (performance.now() - start) / ADDED;
}
