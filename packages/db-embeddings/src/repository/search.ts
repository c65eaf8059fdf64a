import {
  type CodeEmbedding,
  type Database,
  escapeLike,
  Filter,
  type Neighbour,
  nearestVectors,
  PAGE_CLAUSE,
  type Page,
  pageParameters,
  type Row,
  read,
  StatementCache,
} from '@codebuddy/db-core';
import { CHUNK_COLUMNS, toCodeEmbedding } from './rows.ts';

/** Which chunks a call looks at. */
export interface ChunkFilter {
  readonly projectId?: string | undefined;
  readonly filePath?: string | undefined;
  readonly symbolType?: string | undefined;
  readonly symbolName?: string | undefined;
  readonly language?: string | undefined;
}

const COLUMNS = CHUNK_COLUMNS.join(', ');

/** All dynamic SQL on chunks of code: filters, pages, names and vectors. */
export class ChunkSearch {
  readonly #statements: StatementCache;

  constructor(db: Database) {
    this.#statements = new StatementCache(db);
  }

  /** The chunks that pass a filter, in the order of their files and places. */
  find(filter: ChunkFilter & Page): CodeEmbedding[] {
    const where = conditions(filter);
    const sql = `SELECT ${COLUMNS} FROM code_embeddings ${where.clause()}
      ORDER BY project_id, file_path, chunk_index ${PAGE_CLAUSE}`;
    return this.#statements
      .prepare(sql, 'embeddings.find')
      .all(where.parameters(pageParameters(filter)))
      .map(toCodeEmbedding);
  }

  /** The chunks whose symbol's name contains a text, the shortest name first. */
  bySymbol(name: string, filter: ChunkFilter, limit: number): CodeEmbedding[] {
    const where = conditions(filter).where("symbol_name LIKE @pattern ESCAPE '\\'", {
      pattern: `%${escapeLike(name)}%`,
    });
    const sql = `SELECT ${COLUMNS} FROM code_embeddings ${where.clause()}
      ORDER BY length(symbol_name), symbol_name, id ${PAGE_CLAUSE}`;
    const parameters = where.parameters(pageParameters({ limit }));
    return this.#statements.prepare(sql, 'embeddings.searchBySymbol').all(parameters).map(toCodeEmbedding);
  }

  /** The chunks whose vectors of one model are most similar to a query. */
  nearest(
    query: Float32Array,
    model: string,
    filter: ChunkFilter,
    topK: number,
  ): (Neighbour & { chunk: CodeEmbedding })[] {
    const where = conditions(filter).equals('embedding_model', model);
    const sql = `SELECT id, embedding FROM code_embeddings ${where.clause()}`;
    const rows = this.#statements.prepare(sql, 'embeddings.searchSimilar').iterate(where.parameters());
    const neighbours = nearestVectors(storedVectors(rows), query, topK);
    const chunks = this.#byId(neighbours.map(({ key }) => key));
    return neighbours.flatMap((neighbour) => {
      const chunk = chunks.get(neighbour.key);
      return chunk === undefined ? [] : [{ ...neighbour, chunk }];
    });
  }

  #byId(ids: readonly number[]): Map<number, CodeEmbedding> {
    const where = new Filter().oneOf('id', ids);
    const sql = `SELECT ${COLUMNS} FROM code_embeddings ${where.clause()}`;
    const rows = this.#statements.prepare(sql, 'embeddings.searchSimilar').all(where.parameters());
    return new Map(rows.map((row) => [read.number(row, 'id'), toCodeEmbedding(row)]));
  }
}

function conditions(filter: ChunkFilter): Filter {
  return new Filter()
    .equals('project_id', filter.projectId)
    .equals('file_path', filter.filePath)
    .equals('symbol_type', filter.symbolType)
    .equals('symbol_name', filter.symbolName)
    .equals('language', filter.language);
}

function* storedVectors(rows: Iterable<Row>) {
  for (const row of rows) yield { key: read.number(row, 'id'), bytes: read.bytes(row, 'embedding') };
}
