import type { Database, DatabaseManager, Redact, RepositoryOptions } from '@codebuddy/db-core';
import {
  contextOf,
  cosineSimilarity,
  decodeJson,
  decodeJsonObject,
  decodeVector,
  encodeJson,
  encodeVector,
  type MonotonicClock,
  type Row,
  type RunTransaction,
  read,
  readOptions,
  redactionOf,
  redactText,
  requireArray,
  resolveRepositoryOptions,
} from '@codebuddy/db-core/internal';
import {
  BaseStore,
  type GetOperation,
  getTextAtPath,
  type IndexConfig,
  type Item,
  type ListNamespacesOperation,
  type Operation,
  type OperationResults,
  type PutOperation,
  type SearchItem,
  type SearchOperation,
  tokenizePath,
} from '@langchain/langgraph-checkpoint';
import { matches, passes } from './conditions.ts';
import { isPut, isSearch, requireIndex, requireOperation } from './operations.ts';
import { prepareStatements, STORE_TABLES } from './statements.ts';

/** The options of a store. */
export interface LangGraphStoreOptions extends Pick<RepositoryOptions, 'clock'> {
  /** The embeddings that `search` ranks by. Without it, a query is not looked at. */
  readonly index?: IndexConfig | null | undefined;
}

interface Embedded {
  readonly path: string;
  readonly embedding: Uint8Array;
}

/**
 * A long-term store for LangGraph (https://langchain-ai.github.io/langgraphjs/concepts/memory) in the same file as memories.
 * An item and its vectors change together, or not at all. The connection's redaction applies to values, not of keys and
 * namespaces.
 *
 * @example
 * ```ts
 * import { LangGraphStore } from '@codebuddy/db-memory/langgraph';
 *
 * const store = await LangGraphStore.create(manager);
 * await store.put(['users', '42'], 'theme', { dark: true });
 * ```
 */
export class LangGraphStore extends BaseStore {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #transaction: RunTransaction;
  readonly #clock: MonotonicClock;
  readonly #index: IndexConfig | undefined;
  readonly #redact: Redact | undefined;

  private constructor(db: Database, options: LangGraphStoreOptions) {
    super();
    this.#statements = prepareStatements(db);
    this.#transaction = contextOf(db).transaction;
    this.#redact = redactionOf(db);
    const { clock, index } = readOptions(options, { clock: true, index: true });
    this.#clock = resolveRepositoryOptions({ clock }, db).clock;
    this.#index = index === undefined ? undefined : requireIndex(index);
  }

  /** Makes a store; its tables are made if they are not there yet. */
  static async create(
    manager: Pick<DatabaseManager, 'registerModule' | 'getDatabase'>,
    options: LangGraphStoreOptions = {},
  ): Promise<LangGraphStore> {
    await manager.registerModule(STORE_TABLES);
    return new LangGraphStore(manager.getDatabase(), options);
  }

  /** Runs operations: reads see what was there before, writes are done together, all or none. */
  async batch<Operations extends Operation[]>(operations: Operations): Promise<OperationResults<Operations>>;
  async batch(operations: Operation[]): Promise<unknown[]> {
    for (const operation of requireArray(operations, 'operations')) requireOperation(operation);
    const puts = operations.filter(isPut);
    const values = puts.map(({ value }) => (value === null ? null : encodeJson(value, 'value', this.#redact)));
    const queries = await this.#embedQueries(operations);
    const vectors = await this.#embedItems(puts, values);
    return this.#transaction('langgraph.batch', () => {
      const results = operations.map((operation) => this.#read(operation, queries));
      for (const [index, put] of puts.entries()) this.#write(put, values[index] ?? null, vectors[index] ?? []);
      return results;
    });
  }

  #read(operation: Operation, queries: ReadonlyMap<string, Float32Array>): unknown {
    if (isSearch(operation)) return this.#search(operation, queries);
    if (isPut(operation)) return undefined;
    if ('key' in operation) return this.#get(operation);
    return this.#listNamespaces(operation);
  }

  #get({ namespace, key }: GetOperation): Item | null {
    const row = this.#statements.get.get({ namespace: JSON.stringify(namespace), key });
    return row === undefined ? null : toItem(row);
  }

  #write({ namespace, key }: PutOperation, value: string | null, vectors: readonly Embedded[]): void {
    const place = { namespace: JSON.stringify(namespace), key };
    if (value === null) {
      this.#statements.delete.run(place);
      return;
    }
    this.#statements.put.run({ ...place, value, now: this.#clock.timestamp() });
    this.#statements.deleteVectors.run(place);
    for (const vector of vectors) this.#statements.putVector.run({ ...place, ...vector });
  }

  #search(operation: SearchOperation, queries: ReadonlyMap<string, Float32Array>): SearchItem[] {
    const { namespacePrefix, filter = {}, limit = 10, offset = 0, query } = operation;
    const exact = JSON.stringify(namespacePrefix);
    const under = { exact, prefix: namespacePrefix.length === 0 ? '' : `${exact.slice(0, -1)},` };
    const vector = query === undefined ? undefined : queries.get(query);
    const scores = vector === undefined ? new Map<string, number>() : this.#scores(under, vector);
    // Values are read of the items that are returned only, unless a filter looks at them all.
    const isFiltered = Object.keys(filter).length > 0;
    const rows = (isFiltered ? this.#statements.under : this.#statements.placesUnder).all(under);
    const passing = isFiltered ? rows.filter((row) => passes(toItem(row).value, filter)) : rows;
    // Items without a vector come last, in the order they had.
    const ranked = passing.map((row) => ({ row, score: scores.get(placeOf(row)) }));
    if (vector !== undefined) ranked.sort((a, b) => (b.score ?? -2) - (a.score ?? -2));
    return ranked.slice(offset, offset + limit).flatMap(({ row, score }) => {
      const item = this.#statements.get.get({ namespace: read.text(row, 'namespace'), key: read.text(row, 'key') });
      if (item === undefined) return [];
      return [score === undefined ? toItem(item) : { ...toItem(item), score }];
    });
  }

  /** Returns how similar the most similar vector of each item is, by the item's place. */
  #scores(under: { exact: string; prefix: string }, query: Float32Array): ReadonlyMap<string, number> {
    const scores = new Map<string, number>();
    for (const row of this.#statements.vectorsUnder.all(under)) {
      const vector = decodeVector(read.bytes(row, 'embedding'));
      if (vector === undefined) continue;
      const place = placeOf(row);
      scores.set(place, Math.max(scores.get(place) ?? -2, cosineSimilarity(query, vector)));
    }
    return scores;
  }

  #listNamespaces({ matchConditions = [], maxDepth, limit, offset }: ListNamespacesOperation): string[][] {
    const namespaces = this.#statements.namespaces
      .all()
      .map((row) => toNamespace(row))
      .filter((namespace) => matchConditions.every((condition) => matches(namespace, condition)))
      .map((namespace) => JSON.stringify(namespace.slice(0, maxDepth)));
    return [...new Set(namespaces)].slice(offset, offset + limit).map(parseNamespace);
  }

  async #embedQueries(operations: readonly Operation[]): Promise<ReadonlyMap<string, Float32Array>> {
    const index = this.#index;
    const queries = operations.flatMap((operation) =>
      isSearch(operation) && operation.query !== undefined ? [operation.query] : [],
    );
    if (index === undefined) return new Map();
    const vectors = await Promise.all(
      queries.map((query) => index.embeddings.embedQuery(redactText(query, this.#redact))),
    );
    return new Map(queries.map((query, i) => [query, Float32Array.from(vectors[i] ?? [])]));
  }

  /** @param values - what is stored of each, as JSON */
  async #embedItems(puts: readonly PutOperation[], values: readonly (string | null)[]): Promise<Embedded[][]> {
    const index = this.#index;
    if (index === undefined) return [];
    const texts = puts.map(({ index: paths }, put) => {
      const value = values[put] ?? null;
      return value === null || paths === false ? [] : textsOf(decodeJsonObject(value), paths ?? index.fields ?? ['$']);
    });
    const vectors = await index.embeddings.embedDocuments(texts.flat().map(({ text }) => text));
    let next = 0;
    return texts.map((list) =>
      list.map(({ path }) => ({ path, embedding: encodeVector(Float32Array.from(vectors[next++] ?? [])) })),
    );
  }
}

function textsOf(value: Record<string, unknown>, paths: readonly string[]): { path: string; text: string }[] {
  return paths.flatMap((path) => {
    const texts =
      path === '$' ? [JSON.stringify(value)] : tokenizePath(path).length > 0 ? getTextAtPath(value, path) : [];
    return texts.map((text, index) => ({ path: `${path}#${index}`, text }));
  });
}

function toItem(row: Row): Item {
  return {
    namespace: toNamespace(row),
    key: read.text(row, 'key'),
    value: decodeJsonObject(read.text(row, 'value')),
    createdAt: new Date(read.text(row, 'created_at')),
    updatedAt: new Date(read.text(row, 'updated_at')),
  };
}

/** The namespace is a JSON list, which ends with its bracket. */
function placeOf(row: Row): string {
  return read.text(row, 'namespace') + read.text(row, 'key');
}

function toNamespace(row: Row): string[] {
  return parseNamespace(read.text(row, 'namespace'));
}

function parseNamespace(text: string): string[] {
  const labels = decodeJson(text);
  return Array.isArray(labels) ? labels.map(String) : [];
}
