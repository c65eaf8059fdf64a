import type { VectorSet } from '@codebuddy/vector-sets';
import type { Database } from '../../src/index.ts';
import { cosineSimilarity, decodeVector, encodeVector, type Neighbour, type VectorSource } from '../../src/internal.ts';
import { seededRandom } from '../../src/testing/index.ts';

/** Memories, as vector search sees them in these tests. */
export const SOURCE: VectorSource = {
  name: 'memories',
  table: 'memories',
  from: 'memories',
  key: 'seq',
  vector: 'embedding',
  model: 'embedding_model',
  keyword: { type: 'type', project: 'project_id' },
  numeric: { importance: 'importance' },
};

/** Makes vectors in clusters, as embeddings are; some are alike, and some are zero. */
export function vectorMaker(dimensions: number, seed: number): () => Float32Array {
  const next = seededRandom(seed);
  const centred = () => next() + next() + next() - 1.5;
  const clusters = Array.from({ length: 20 }, () => Array.from({ length: dimensions }, centred));
  return () => {
    const kind = next();
    if (kind < 0.01) return new Float32Array(dimensions);
    const cluster = clusters[Math.floor(next() * clusters.length)] ?? [];
    const spread = kind < 0.1 ? 0 : 0.6;
    return Float32Array.from(cluster, (number) => number + spread * centred());
  };
}

/** Stores the first vectors of a set, each with a memory of its own. */
export function storeVectors(db: Database, set: VectorSet, rows: number): void {
  const insert = db.prepare(
    `INSERT INTO memories (id, type, scope, content, embedding, embedding_model)
     VALUES (@id, 'fact', 'user', @id, @embedding, 'm')`,
  );
  db.transaction(() => {
    for (let row = 0; row < rows; row++) insert.run({ id: String(row), embedding: encodeVector(set.at(row)) });
  })();
}

/** Writes memories with vectors, and sometimes changes or deletes some: whatever a table may go through. */
export class Scribbler {
  readonly #db: Database;
  readonly #next: () => number;
  readonly #vector: () => Float32Array;
  readonly #name: string;
  #written = 0;

  constructor(db: Database, seed: number, dimensions: number) {
    this.#db = db;
    this.#next = seededRandom(seed);
    this.#vector = vectorMaker(dimensions, seed);
    this.#name = String(seed);
  }

  insert(count: number, model = 'm'): void {
    const insert = this.#db.prepare(
      `INSERT INTO memories (id, type, scope, project_id, content, embedding, embedding_model, importance)
       VALUES (@id, @type, 'user', @project, @id, @embedding, @model, @importance)`,
    );
    this.#db.transaction(() => {
      for (let i = 0; i < count; i++) {
        const id = `${this.#name}:${this.#written++}`;
        const type = this.#next() < 0.5 ? 'fact' : 'preference';
        const project = this.#next() < 0.1 ? `p${Math.floor(this.#next() * 5)}` : null;
        insert.run({ id, type, project, embedding: encodeVector(this.#vector()), model, importance: this.#next() });
      }
    })();
  }

  /** Does one of the things that change what a search finds. */
  change(): void {
    const kind = this.#next();
    const seq = this.#anySeq();
    if (kind < 0.5) this.insert(1 + Math.floor(this.#next() * 3));
    else if (kind < 0.65) this.#set('embedding = @value', seq, encodeVector(this.#vector()));
    else if (kind < 0.7) this.#set('embedding = NULL, embedding_model = @value', seq, null);
    else if (kind < 0.8) this.#set('importance = @value', seq, this.#next());
    else if (kind < 0.85) this.#set('embedding_model = @value', seq, this.#next() < 0.5 ? 'm' : 'other');
    else this.#db.prepare('DELETE FROM memories WHERE seq = ?').run(seq);
  }

  #set(assignment: string, seq: number, value: unknown): void {
    this.#db.prepare(`UPDATE memories SET ${assignment} WHERE seq = @seq`).run({ seq, value });
  }

  #anySeq(): number {
    const row = this.#db.prepare('SELECT ifnull(max(seq), 1) AS last FROM memories').get();
    return 1 + Math.floor(this.#next() * Number(Reflect.get(Object(row), 'last')));
  }
}

/** Searches by measuring every row: what all other ways must agree with. */
export function scan(
  db: Database,
  query: { readonly vector: Float32Array; readonly model: string; readonly topK: number },
  where = 'true',
): Neighbour[] {
  const rows = db
    .prepare(`SELECT seq, embedding FROM memories WHERE embedding IS NOT NULL AND embedding_model = ? AND ${where}`)
    .all(query.model);
  const neighbours: Neighbour[] = [];
  for (const row of rows) {
    const { seq, embedding } = Object(row);
    const vector = embedding instanceof Uint8Array ? decodeVector(embedding) : undefined;
    if (vector?.length !== query.vector.length) continue;
    neighbours.push({ key: Number(seq), similarity: cosineSimilarity(query.vector, vector) });
  }
  return neighbours.sort((a, b) => b.similarity - a.similarity || a.key - b.key).slice(0, query.topK);
}
