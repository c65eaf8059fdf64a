import type { VectorSet } from '@codebuddy/vector-sets';
import Database from 'better-sqlite3';
import { loadPeer } from '../peers.ts';

const bytesOf = (vector: Float32Array) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
const rowsOf = (found: unknown[]) => found.map((row) => Number(Reflect.get(Object(row), 'rowid')) - 1);

/** sqlite-vec's virtual table: whole numbers, and bits whose candidates are measured again. */
export class SqliteVec {
  readonly #db;
  readonly #float;
  readonly #bit;

  private constructor(db: InstanceType<typeof Database>) {
    this.#db = db;
    this.#float = db.prepare('SELECT rowid FROM whole WHERE embedding MATCH ? AND k = ?');
    this.#bit = db.prepare(
      `WITH near AS (SELECT rowid FROM bits WHERE embedding MATCH vec_quantize_binary(@query) AND k = @candidates)
       SELECT near.rowid AS rowid FROM near JOIN vectors AS v ON v.id = near.rowid
       ORDER BY vec_distance_cosine(v.embedding, @query) LIMIT @k`,
    );
  }

  static async open(path: string, dimensions: number): Promise<SqliteVec> {
    const { load } = await loadPeer('sqlite-vec');
    const db = new Database(path);
    load(db);
    db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS whole USING vec0(embedding float[${dimensions}] distance_metric=cosine);
      CREATE VIRTUAL TABLE IF NOT EXISTS bits USING vec0(embedding bit[${dimensions}]);
      CREATE TABLE IF NOT EXISTS vectors (id INTEGER PRIMARY KEY, embedding BLOB NOT NULL)`);
    return new SqliteVec(db);
  }

  load(vectors: VectorSet, rows: number, withBits: boolean): void {
    const whole = this.#db.prepare('INSERT INTO whole (rowid, embedding) VALUES (?, ?)');
    const bits = this.#db.prepare('INSERT INTO bits (rowid, embedding) VALUES (?, vec_quantize_binary(?))');
    const plain = this.#db.prepare('INSERT INTO vectors VALUES (?, ?)');
    this.#db.transaction(() => {
      for (let row = 0; row < rows; row++) {
        const bytes = bytesOf(vectors.at(row));
        whole.run(BigInt(row + 1), bytes);
        if (!withBits) continue;
        bits.run(BigInt(row + 1), bytes);
        plain.run(row + 1, bytes);
      }
    })();
  }

  search(query: Float32Array, k: number): number[] {
    return rowsOf(this.#float.all(bytesOf(query), k));
  }

  searchBits(query: Float32Array, k: number, candidates: number): number[] {
    return rowsOf(this.#bit.all({ query: bytesOf(query), k, candidates }));
  }

  close(): void {
    this.#db.close();
  }
}
