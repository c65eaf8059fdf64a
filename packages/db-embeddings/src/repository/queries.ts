import type {
  ChunkFilter,
  CodeEmbedding,
  Database,
  HybridMatch,
  HybridOptions,
  Page,
  SimilarityOptions,
} from '@codebuddy/db-core';
import {
  CHUNK_COLUMNS,
  CODE_VECTORS,
  contextOf,
  escapeLike,
  Filter,
  type Given,
  HYBRID_NAMES,
  hybridSearch,
  type Neighbour,
  PAGE_CLAUSE,
  PAGE_NAMES,
  pageParameters,
  RANKING_DEPTH,
  type RunReads,
  read,
  readOptions,
  requireComparable,
  SIMILARITY_NAMES,
  type StatementCache,
  toCodeEmbedding,
  toFtsQuery,
  type VectorIndex,
  vectorIndexOf,
} from '@codebuddy/db-core/internal';
import { conditions, FILTER_NAMES, vectorConditions } from './filter.ts';

const FIND_NAMES = { ...FILTER_NAMES, ...PAGE_NAMES };
const SIMILAR_NAMES = { ...FILTER_NAMES, ...SIMILARITY_NAMES };
const HYBRID_SEARCH_NAMES = { ...SIMILAR_NAMES, ...HYBRID_NAMES };

const COLUMNS = CHUNK_COLUMNS.join(', ');

/** All dynamic SQL on chunks of code: filters, pages, names and vectors. */
export class ChunkSearch {
  readonly vectors: VectorIndex;
  readonly #statements: StatementCache;
  readonly #reads: RunReads;

  constructor(db: Database) {
    this.vectors = vectorIndexOf(db, CODE_VECTORS);
    this.#statements = contextOf(db).dynamicStatements;
    this.#reads = contextOf(db).read;
  }

  /** The chunks that pass a filter, in the order of their files and places. */
  find(wanted: ChunkFilter & Page): CodeEmbedding[] {
    const filter = readOptions(wanted, FIND_NAMES, 'filter');
    const where = conditions(filter);
    const sql = `SELECT ${COLUMNS} FROM code_embeddings ${where.clause()}
      ORDER BY project_id, file_path, chunk_index ${PAGE_CLAUSE}`;
    return this.#statements
      .prepare(sql, 'embeddings.find')
      .all(where.parameters(pageParameters(filter)))
      .map(toCodeEmbedding);
  }

  /** The chunks whose symbol's name contains a string, the shortest name first. */
  bySymbol(name: string, filter: ChunkFilter, limit: number): CodeEmbedding[] {
    const where = conditions(readOptions(filter, FILTER_NAMES, 'filter')).where(
      "symbol_name LIKE @pattern ESCAPE '\\'",
      {
        pattern: `%${escapeLike(name)}%`,
      },
    );
    const sql = `SELECT ${COLUMNS} FROM code_embeddings ${where.clause()}
      ORDER BY length(symbol_name), symbol_name, id ${PAGE_CLAUSE}`;
    const parameters = where.parameters(pageParameters({ limit }));
    return this.#statements.prepare(sql, 'embeddings.searchBySymbol').all(parameters).map(toCodeEmbedding);
  }

  /** The chunks that hold words of a string, or whose vectors are similar to that of it. */
  hybrid(
    text: string,
    vector: Float32Array | undefined,
    wanted: ChunkFilter & SimilarityOptions & HybridOptions,
  ): HybridMatch<CodeEmbedding>[] {
    const options = readOptions(wanted, HYBRID_SEARCH_NAMES);
    const find = (neighbours: Neighbour[]) =>
      hybridSearch(this.#keysByWords(text, options), neighbours, (ids) => this.#byId(ids), options);
    return vector === undefined
      ? this.#reads('embeddings.searchHybrid', () => find([]))
      : this.#searchAnd(vector, options, RANKING_DEPTH, find);
  }

  /** The chunks whose vectors are most similar to a query. */
  nearest(
    vector: Float32Array,
    wanted: ChunkFilter & SimilarityOptions,
    topK: number,
  ): (Neighbour & { chunk: CodeEmbedding })[] {
    const filter = readOptions(wanted, SIMILAR_NAMES, 'filter');
    if (filter.embeddingModel !== undefined) requireComparable(filter.embeddingModel, this.vectors.models());
    return this.#searchAnd(vector, filter, topK, (neighbours) => {
      const chunks = this.#byId(neighbours.map(({ key }) => key));
      return neighbours.flatMap((neighbour) => {
        const chunk = chunks.get(neighbour.key);
        return chunk === undefined ? [] : [{ ...neighbour, chunk }];
      });
    });
  }

  #searchAnd<Result>(
    vector: Float32Array,
    filter: Given<ChunkFilter & SimilarityOptions>,
    topK: number,
    read: (neighbours: Neighbour[]) => Result,
  ): Result {
    const { embeddingModel: model, mode } = filter;
    const keys = () => this.#keysOfNames(filter);
    return this.vectors.searchAnd({ vector, model, topK, conditions: vectorConditions(filter), keys, mode }, read);
  }

  #keysByWords(text: string, filter: Given<ChunkFilter>): number[] {
    const query = toFtsQuery(text, 'any');
    if (query === undefined) return [];
    const where = conditions(filter).where('code_contents_fts MATCH @query', { query });
    const statement = this.#statements.prepare(
      `SELECT code_chunks.id FROM code_contents_fts
       JOIN code_chunks ON code_chunks.content_id = code_contents_fts.rowid ${where.clause()}
       ORDER BY bm25(code_contents_fts), code_chunks.id LIMIT @limit`,
      'embeddings.searchHybrid',
    );
    return statement.all(where.parameters({ limit: RANKING_DEPTH })).map((row) => read.number(row, 'id'));
  }

  /** Files and symbols are too many to be attributes of vectors: their few chunks are looked up. */
  #keysOfNames({ filePath, symbolName, projectId }: Given<ChunkFilter>): number[] | undefined {
    if (filePath === undefined && symbolName === undefined) return undefined;
    const where = conditions({ filePath, symbolName, projectId });
    const statement = this.#statements.prepare(
      `SELECT id FROM code_chunks ${where.clause()}`,
      'embeddings.searchSimilar',
    );
    return statement.all(where.parameters()).map((row) => read.number(row, 'id'));
  }

  #byId(ids: readonly number[]): Map<number, CodeEmbedding> {
    const where = new Filter().oneOf('id', ids);
    const sql = `SELECT ${COLUMNS} FROM code_embeddings ${where.clause()}`;
    const rows = this.#statements.prepare(sql, 'embeddings.searchSimilar').all(where.parameters());
    return new Map(rows.map((row) => [read.number(row, 'id'), toCodeEmbedding(row)]));
  }
}
