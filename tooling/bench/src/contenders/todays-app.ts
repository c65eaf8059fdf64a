import type { VectorSet } from '@codebuddy/vector-sets';
import Database from 'better-sqlite3';
import { chunkOf } from './codebuddy.ts';

/** The table of the app as it is today, with better-sqlite3's defaults: the raw baseline of bulk loads too. */
export class TodaysApp {
  readonly #db;
  readonly #all;

  constructor(path: string, journal: 'delete' | 'wal' = 'delete') {
    this.#db = new Database(path);
    this.#db.pragma(`journal_mode = ${journal}`);
    this.#db.exec(`CREATE TABLE code_embeddings (
      id INTEGER PRIMARY KEY AUTOINCREMENT, project_id TEXT NOT NULL, file_path TEXT NOT NULL, chunk_index INTEGER NOT NULL,
      chunk_text TEXT NOT NULL, chunk_hash TEXT NOT NULL, embedding BLOB NOT NULL, symbol_type TEXT, symbol_name TEXT,
      start_line INTEGER, end_line INTEGER, language TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP,
      updated_at TEXT DEFAULT CURRENT_TIMESTAMP, UNIQUE (project_id, file_path, chunk_index));
      CREATE INDEX idx_project ON code_embeddings(project_id);
      CREATE INDEX idx_symbol ON code_embeddings(symbol_name)`);
    this.#all = this.#db.prepare('SELECT * FROM code_embeddings');
  }

  load(vectors: VectorSet, rows: number): void {
    const insert = this.#db.prepare(
      `INSERT INTO code_embeddings (project_id, file_path, chunk_index, chunk_text, chunk_hash, embedding, symbol_type,
         symbol_name, start_line, end_line, language) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#db.transaction(() => {
      for (let row = 0; row < rows; row++) {
        const c = chunkOf(vectors, row);
        const bytes = Buffer.from(c.embedding.buffer, c.embedding.byteOffset, c.embedding.byteLength);
        const hash = `${row}`.padStart(64, '0');
        const place = [c.project_id, c.file_path, c.chunk_index];
        insert.run(...place, c.chunk_text, hash, bytes, c.symbol_type, c.symbol_name, 1, 30, c.language);
      }
    })();
  }

  /** Every row to an object, the cosine in JavaScript, all sorted. */
  search(query: Float32Array, k: number): number[] {
    const scored: { id: number; similarity: number }[] = [];
    for (const row of this.#all.all()) {
      const bytes = Object(row)['embedding'];
      if (!(bytes instanceof Uint8Array)) throw new Error('A row has no vector');
      const vector = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
      let dot = 0;
      let a = 0;
      let b = 0;
      for (let i = 0; i < vector.length; i++) {
        const x = query[i] ?? 0;
        const y = vector[i] ?? 0;
        dot += x * y;
        a += x * x;
        b += y * y;
      }
      scored.push({ id: Number(Reflect.get(Object(row), 'id')), similarity: dot / (Math.sqrt(a) * Math.sqrt(b)) });
    }
    return scored
      .sort((x, y) => y.similarity - x.similarity)
      .slice(0, k)
      .map(({ id }) => id - 1);
  }

  close(): void {
    this.#db.close();
  }
}
