import type { VectorSet } from '@codebuddy/vector-sets';
import { loadPeer } from '../peers.ts';

const AT_ONCE = 10_000;

/** LanceDB with an inverted file of product-quantised vectors (IVF_PQ), refined from the vectors themselves. */
export class LanceDb {
  #table: LanceTable | undefined;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async load(vectors: VectorSet, rows: number): Promise<void> {
    const lance = await loadPeer('@lancedb/lancedb');
    const connection = await lance.connect(this.#folder);
    const some = (start: number) =>
      Array.from({ length: Math.min(AT_ONCE, rows - start) }, (_, i) => ({
        id: start + i,
        vector: Array.from(vectors.at(start + i)),
      }));
    const table = await connection.createTable('vectors', some(0));
    for (let start = AT_ONCE; start < rows; start += AT_ONCE) await table.add(some(start));
    const config = lance.Index.ivfPq({ distanceType: 'cosine', numPartitions: 256, numSubVectors: 96 });
    await table.createIndex('vector', { config });
    this.#table = table;
  }

  async search(query: Float32Array, k: number, probes: number, refine: number): Promise<number[]> {
    const search = this.#table?.search(Array.from(query)).distanceType('cosine').nprobes(probes).refineFactor(refine);
    const found = (await search?.select(['id']).limit(k).toArray()) ?? [];
    return found.map(({ id }) => Number(id));
  }
}

interface LanceTable {
  search(vector: number[]): LanceQuery;
}

interface LanceQuery {
  distanceType(type: string): LanceQuery;
  nprobes(count: number): LanceQuery;
  refineFactor(factor: number): LanceQuery;
  select(columns: string[]): LanceQuery;
  limit(count: number): LanceQuery;
  toArray(): Promise<{ id: number }[]>;
}
