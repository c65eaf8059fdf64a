import type {
  Database,
  HybridMatch,
  HybridOptions,
  Memory,
  MemoryFilter,
  Page,
  SimilarityOptions,
  TextMatch,
  TextSearchOptions,
} from '@codebuddy/db-core';
import {
  contextOf,
  excerpt,
  Filter,
  type Given,
  HYBRID_NAMES,
  hybridSearch,
  MEMORY_COLUMNS,
  MEMORY_VECTORS,
  type NamesOf,
  type Neighbour,
  PAGE_CLAUSE,
  PAGE_NAMES,
  pageParameters,
  RANKING_DEPTH,
  type RunReads,
  read,
  readOptions,
  requireComparable,
  requireHighlightTags,
  SIMILARITY_NAMES,
  type SqlParameters,
  type StatementCache,
  snippetSql,
  toFtsQuery,
  type VectorIndex,
  type VectorQuery,
  vectorIndexOf,
} from '@codebuddy/db-core/internal';
import { conditions, FILTER_NAMES, vectorConditions } from './filter.ts';
import type { MemoryUses } from './memory-uses.ts';

const FIND_NAMES = { ...FILTER_NAMES, ...PAGE_NAMES };
const TEXT_NAMES: NamesOf<TextSearchOptions> = { ...FIND_NAMES, highlight: true, match: true };
const SIMILAR_NAMES = { ...FILTER_NAMES, ...SIMILARITY_NAMES };
const HYBRID_SEARCH_NAMES = { ...SIMILAR_NAMES, ...HYBRID_NAMES };

const COLUMNS = MEMORY_COLUMNS.map((column) => `m.${column}`).join(', ');

/** All dynamic SQL on memories: filters, pages, full text and vectors. */
export class MemorySearch {
  readonly vectors: VectorIndex;
  readonly #statements: StatementCache;
  readonly #uses: MemoryUses;
  readonly #reads: RunReads;

  constructor(db: Database, uses: MemoryUses) {
    this.#uses = uses;
    this.vectors = vectorIndexOf(db, MEMORY_VECTORS);
    this.#statements = contextOf(db).dynamicStatements;
    this.#reads = contextOf(db).read;
  }

  /** The memories that pass a filter: the most important first, then the newest. */
  find(wanted: MemoryFilter & Page, now: string): Memory[] {
    const filter = readOptions(wanted, FIND_NAMES, 'filter');
    const where = conditions(filter, now);
    const statement = this.#statements.prepare(
      `SELECT ${COLUMNS} FROM memories AS m ${where.clause()}
       ORDER BY m.importance DESC, m.created_at DESC, m.seq DESC ${PAGE_CLAUSE}`,
      'memories.find',
    );
    return statement.all(where.parameters(pageParameters(filter))).map((row) => this.#uses.toMemory(row));
  }

  /** The memories that hold the words of a string: the best match first. */
  matchText(text: string, wanted: TextSearchOptions, now: string): TextMatch[] {
    const options = readOptions(wanted, TEXT_NAMES);
    const query = toFtsQuery(text, options.match);
    if (query === undefined) return [];
    const tags = requireHighlightTags(options.highlight);
    const [open, close] = tags;
    const where = conditions(options, now).where('memories_fts MATCH @query', { query });
    const statement = this.#statements.prepare(
      `SELECT ${COLUMNS}, -bm25(memories_fts) AS score,
         ${snippetSql('memories_fts', 'm.content')} AS snippet
       FROM memories_fts JOIN memories AS m ON m.seq = memories_fts.rowid ${where.clause()}
       ORDER BY score DESC, m.seq ${PAGE_CLAUSE}`,
      'memories.search',
    );
    return statement.all(where.parameters({ ...pageParameters(options, 20), open, close })).map((row) => {
      const memory = this.#uses.toMemory(row);
      const snippet = read.optionalText(row, 'snippet') ?? excerpt(memory.content, text, tags);
      return { memory, score: read.number(row, 'score'), snippet };
    });
  }

  /** The memories that hold words of a string, or whose vectors are similar to that of it. */
  hybrid(
    text: string,
    vector: Float32Array | undefined,
    wanted: MemoryFilter & SimilarityOptions & HybridOptions,
    now: string,
  ): HybridMatch<Memory>[] {
    const options = readOptions(wanted, HYBRID_SEARCH_NAMES);
    const find = (neighbours: Neighbour[]) =>
      hybridSearch(this.#keysByWords(text, options, now), neighbours, (seqs) => this.#bySeq(seqs), options);
    return vector === undefined
      ? this.#reads('memories.searchHybrid', () => find([]))
      : this.vectors.searchAnd(queryOf(vector, options, RANKING_DEPTH, now), find);
  }

  /** The memories whose vectors are most similar to a query. */
  nearest(
    vector: Float32Array,
    wanted: MemoryFilter & SimilarityOptions,
    topK: number,
    now: string,
  ): (Neighbour & { memory: Memory })[] {
    const filter = readOptions(wanted, SIMILAR_NAMES, 'filter');
    if (filter.embeddingModel !== undefined) requireComparable(filter.embeddingModel, this.vectors.models());
    return this.vectors.searchAnd(queryOf(vector, filter, topK, now), (neighbours) => {
      const found = this.#bySeq(neighbours.map(({ key }) => key));
      return neighbours.flatMap((neighbour) => {
        const memory = found.get(neighbour.key);
        return memory === undefined ? [] : [{ ...neighbour, memory }];
      });
    });
  }

  /** Changes columns of one memory, and returns whether it existed. The columns are those of `changeParameters`. */
  update(id: string, set: SqlParameters): boolean {
    const columns = Object.keys(set);
    if (columns.length === 0) {
      return (
        this.#statements.prepare('SELECT 1 FROM memories WHERE id = @id', 'memories.update').get({ id }) !== undefined
      );
    }
    const assignments = columns.map((column) => `${column} = @${column}`).join(', ');
    const statement = this.#statements.prepare(`UPDATE memories SET ${assignments} WHERE id = @id`, 'memories.update');
    return statement.run({ ...set, id }).changes > 0;
  }

  #keysByWords(text: string, filter: Given<MemoryFilter>, now: string): number[] {
    const query = toFtsQuery(text, 'any');
    if (query === undefined) return [];
    const where = conditions(filter, now).where('memories_fts MATCH @query', { query });
    const statement = this.#statements.prepare(
      `SELECT m.seq FROM memories_fts JOIN memories AS m ON m.seq = memories_fts.rowid ${where.clause()}
       ORDER BY bm25(memories_fts), m.seq LIMIT @limit`,
      'memories.searchHybrid',
    );
    return statement.all(where.parameters({ limit: RANKING_DEPTH })).map((row) => read.number(row, 'seq'));
  }

  #bySeq(seqs: readonly number[]): Map<number, Memory> {
    const where = new Filter().oneOf('m.seq', seqs);
    const statement = this.#statements.prepare(
      `SELECT m.seq, ${COLUMNS} FROM memories AS m ${where.clause()}`,
      'memories.searchSimilar',
    );
    return new Map(statement.all(where.parameters()).map((row) => [read.number(row, 'seq'), this.#uses.toMemory(row)]));
  }
}

function queryOf(
  vector: Float32Array,
  filter: Given<MemoryFilter & SimilarityOptions>,
  topK: number,
  now: string,
): VectorQuery {
  const { embeddingModel: model, mode } = filter;
  return { vector, model, topK, conditions: vectorConditions(filter, now), mode };
}
