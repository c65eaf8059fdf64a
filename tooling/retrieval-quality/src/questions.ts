/** What somebody may ask about this repository's code, and the file that answers it. */
export interface Question {
  readonly text: string;
  /** Relative to `packages/`. */
  readonly file: string;
}

const core = 'db-core/src/';

/** Written by hand from the documentation, in the words of a user, before any search was tried. */
export const QUESTIONS: readonly Question[] = [
  { text: 'create the database file so that only its owner can read it', file: `${core}connection/database-file.ts` },
  { text: 'which pragmas does a connection set', file: `${core}connection/pragmas.ts` },
  { text: 'refuse a Node.js version that is too old', file: `${core}connection/connect.ts` },
  { text: 'upgrade the schema with a backup before', file: `${core}schema/upgrade.ts` },
  { text: 'copy the database to a backup file', file: `${core}schema/backup-copy.ts` },
  { text: 'wait for the write lock of another process', file: `${core}schema/write-lock.ts` },
  { text: 'tables of another module in the same database', file: `${core}schema/modules.ts` },
  { text: 'turn an error code of SQLite into a typed error', file: `${core}errors/classify.ts` },
  { text: 'escape percent and underscore for LIKE', file: `${core}full-text/user-text.ts` },
  { text: 'split camelCase names into words', file: `${core}full-text/identifiers.ts` },
  { text: 'reciprocal rank fusion', file: `${core}ranking/reciprocal-rank-fusion.ts` },
  { text: 'results that differ from each other: diversity', file: `${core}ranking/maximal-marginal-relevance.ts` },
  { text: 'store money as whole nano-dollars', file: `${core}codecs/money.ts` },
  { text: 'parse an ISO timestamp', file: `${core}codecs/timestamps.ts` },
  { text: 'cosine similarity of two embeddings', file: `${core}codecs/vectors.ts` },
  { text: 'run a read-only query in another process with a timeout', file: `${core}guarded-query.ts` },
  { text: 'how large is each table on disk', file: `${core}statistics.ts` },
  { text: 'a temporary database for tests', file: `${core}testing/temporary-database.ts` },
  { text: 'memory bound of vector search, dropped when idle', file: `${core}vector-index/resident-pool.ts` },
  { text: 'load the WebAssembly kernels', file: `${core}vector-index/kernels/load-kernels.ts` },
  { text: 'a bounded cache of prepared statements', file: `${core}sql/statement-cache.ts` },
  { text: 'transaction that rolls back when the function throws', file: `${core}sql/transactions.ts` },
  { text: 'replace a memory by a newer one and keep its history', file: 'db-memory/src/memory-repository.ts' },
  { text: 'full-text search through messages with snippets', file: 'db-sessions/src/sessions/search.ts' },
  { text: 'export a conversation as Markdown', file: 'db-sessions/src/transcripts/session-markdown.ts' },
  { text: 'restore the files of a checkpoint', file: 'db-sessions/src/checkpoints/project-checkpoints.ts' },
  {
    text: 'never follow a symbolic link out of the project folder',
    file: 'db-sessions/src/checkpoints/project-folder.ts',
  },
  { text: 'budget per day, week and month: reserve and settle', file: 'db-analytics/src/budgets/budgets.ts' },
  { text: 'price of a model per million tokens', file: 'db-analytics/src/prices/price-table.ts' },
  { text: 'normalise an error message to its signature', file: 'db-analytics/src/repairs/error-signature.ts' },
  { text: 'rank repair strategies by their success', file: 'db-analytics/src/repairs/ranking.ts' },
  { text: 'compute a value once for concurrent callers', file: 'db-cache/src/single-flight.ts' },
  { text: 'evict the least recently used cache entries', file: 'db-cache/src/cache-bounds.ts' },
  { text: 'Keyv storage adapter', file: 'db-cache/src/keyv.ts' },
  { text: 'time to live such as 5m or 2h', file: 'db-cache/src/duration.ts' },
  { text: 'semantic cache must not answer when numbers or a negation differ', file: 'db-cache/src/same-facts.ts' },
  { text: 'read a large JSON file entry by entry', file: 'db-migrate/src/files/json-entries.ts' },
  { text: 'import legacy cost history', file: 'db-migrate/src/phases/import-costs.ts' },
  { text: 'cut source code into chunks at its symbols', file: 'db-embeddings/src/indexing/chunk-by-symbols.ts' },
  { text: 'walk a project and leave out what git ignores', file: 'db-embeddings/src/indexing/walk-project.ts' },
  { text: 'embed texts through an OpenAI compatible server', file: 'db-embeddings/src/providers/http-embedder.ts' },
  { text: 'vectors of words without a model', file: 'db-embeddings/src/providers/lexical-embedder.ts' },
  { text: 'move all vectors to another embedding model', file: 'db-embeddings/src/reembed.ts' },
];
