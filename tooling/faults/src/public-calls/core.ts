import * as entry from '@codebuddy/db-core';
import * as internal from '@codebuddy/db-core/internal';
import { emptyFolder } from './folders.ts';
import type { PublicModule } from './public-object.ts';

const AT = '2026-01-01T00:00:00.000Z';
const VECTOR = Float32Array.of(1, 2, 3);

/** What code is built of: what they are given is their caller's own code: SQL, names of columns, bounds. */
const BUILDING_BLOCKS = [
  'FileLock',
  'callerPlace',
  'laterInstant',
  'mergeJsonObjects',
  'requireJsonValue',
  'resolveInstalled',
  'startProcess',
  'Filter',
  'contextOf',
  'requireCore',
  'RootFolder',
  'TypedEventEmitter',
  'describeUnusedNames',
  'projectIdOf',
  'readConfig',
  'readOptions',
  'readRecord',
  'refuseUnknownNames',
  'optionalBoolean',
  'optionalInteger',
  'optionalNameOrNull',
  'optionalStringOrNull',
  'keepingLines',
  'redactCacheRecord',
  'redactMemory',
  'redactText',
  'redactTranscript',
  'redactionOf',
  'requireBytes',
  'requireFunction',
  'requireInteger',
  'requireKey',
  'requireArray',
  'requireHighlightTags',
  'requireNumber',
  'requireObject',
  'requirePath',
  'requireRedact',
  'requireString',
  'requireStringOrEmpty',
  'requireOneOf',
  'resolveRepositoryOptions',
  'shareRepository',
  'snippetSql',
  'splitPath',
  'toAnalytics',
  'toCodeEmbedding',
  'toConvention',
  'toMemory',
  'toMessage',
  'toRepairLearning',
  'toSession',
  'toToolStats',
  'vectorIndexOf',
];

const CONFIGURATION = 'warns: programs give one configuration to all of their parts';

/** What the repositories are built of, besides what tells no wrong names from others. */
const INSIDE = ['formatStatistics', 'diversify', 'fuseRankings', 'hybridSearch', 'pageParameters'];

const core = { ...entry, ...internal };

const errors = Object.entries(core).flatMap(([name, value]) =>
  typeof value === 'function' && (value === core.DatabaseError || value.prototype instanceof core.DatabaseError)
    ? [name]
    : [],
);

export const coreModule: PublicModule = {
  exports: core,
  objects: {
    DatabaseManager: ({ manager }) => ({
      target: manager,
      calls: managerCalls(),
      ends: ['close'],
      open: { configure: CONFIGURATION },
    }),
    ImportLedger: ({ db }) => ({ target: new core.ImportLedger(db), calls: ledgerCalls() }),
    MonotonicClock: () => ({ target: new core.MonotonicClock(), calls: { now: [], timestamp: [], timestampOf: [1] } }),
  },
  functions: ({ db, path }) => ({
    target: {
      ...core,
      'new DatabaseManager': async (config: entry.DatabaseConfig) => {
        using manager = new core.DatabaseManager(config);
        await manager.initialize();
      },
      'new ImportLedger': (clock: entry.Clock) =>
        new core.ImportLedger(db, clock).record({ path: '/a', size: 1, modifiedMs: 1, entries: 1, failed: 0 }),
      'new MonotonicClock': (clock: entry.Clock) => new core.MonotonicClock(clock).timestamp(),
      getDatabaseManager: (config: entry.DatabaseConfig) => {
        core.resetDatabaseManager();
        return core.getDatabaseManager(config);
      },
      initializeDatabase: async (config: entry.DatabaseConfig) => {
        core.resetDatabaseManager();
        await core.initializeDatabase(config);
      },
    },
    calls: functionCalls(path),
    open: {
      'new DatabaseManager.0': CONFIGURATION,
      'initializeDatabase.0': CONFIGURATION,
      'getDatabaseManager.0': CONFIGURATION,
      'encodeJson.0': 'is any value',
      'encodeJsonObject.0': 'is any object',
      ...Object.fromEntries(INSIDE.map((name) => [name, 'is used inside, after its options were read'])),
    },
  }),
  withoutInput: [
    ...errors,
    ...BUILDING_BLOCKS,
    'dataFolder',
    'randomId',
    'resetDatabaseManager',
    'systemClock',
    'vectorMemoryBytes',
    // These tell what a value is, whatever it is.
    'hasErrorCode',
    'hasSystemCode',
    'isCalendarDate',
    'isError',
    'isErrorNamed',
    'isSystemError',
    'isPlainObject',
    'toDatabaseError',
  ],
};

function managerCalls() {
  return {
    configure: [{ walMode: true, busyTimeoutMs: 5_000 }],
    initialize: [],
    isInitialized: [],
    getDatabase: [],
    exec: ['SELECT 1'],
    prepare: ['SELECT 1'],
    transaction: [() => 1],
    backup: [`${emptyFolder()}/backup.db`, () => undefined],
    getDatabaseStats: [],
    getTableSizes: [],
    formatStats: [],
    checkHealth: ['none'],
    queryReadOnly: [
      'SELECT count(*) FROM memories WHERE id <> @id',
      { parameters: { id: 'a' }, maxRows: 3, timeoutMs: 5_000, maxBytes: 1_000 },
    ],
    registerModule: [{ name: 'notes', migrations: { 1: 'CREATE TABLE notes_entries (id INTEGER)' } }],
    vacuum: [],
    purge: [],
    rebuildVectorIndex: [],
    clearAll: [],
  };
}

function ledgerCalls() {
  const file = { path: '/a.json', size: 1, modifiedMs: 1, entries: 1, failed: 0 };
  return { isUnchanged: [file], record: [file], recordAll: [[file]] };
}

function functionCalls(database: string) {
  const folder = emptyFolder();
  const config = {
    dbPath: `${folder}/agent.db`,
    walMode: true,
    verbose: false,
    busyTimeoutMs: 100,
    upgradeTimeoutMs: 100,
    log: () => undefined,
    clock: () => 1,
    redact: String,
  };
  const candidates = [{ score: 1, embedding: VECTOR }, { score: 0.5 }];
  const statistics = {
    version: 1,
    size: 1,
    tables: ['memories'],
    memoriesCount: 1,
    sessionsCount: 1,
    embeddingsCount: 1,
    cacheSize: 1,
  };
  return {
    'new DatabaseManager': [config],
    'new ImportLedger': [() => 1],
    'new MonotonicClock': [() => 1],
    initializeDatabase: [config],
    getDatabaseManager: [config],
    salvageDatabase: [database, `${folder}/salvaged.db`],
    restoreBackup: [database, `${folder}/restored.db`],
    quarantine: [`${folder}/none.db`, 1],
    setAside: [`${folder}/none.db`, 1],
    configureVectorMemory: [{ maxBytes: 1_000_000, idleMs: 1_000 }],
    assertVector: [VECTOR, 'embedding', 3],
    requireComparable: ['m', ['m', 'n']],
    chunkContentHash: ['text', 'm', Uint8Array.of(1)],
    cosineSimilarity: [VECTOR, VECTOR],
    decodeVector: [Uint8Array.of(1, 2, 3, 4)],
    encodeVector: [VECTOR, 'embedding'],
    decodeJson: ['{}'],
    decodeJsonObject: ['{}'],
    encodeJson: [{ a: 1 }, 'value'],
    encodeJsonObject: [{ a: 1 }, 'value'],
    hashContent: [Uint8Array.of(1)],
    packContent: [Uint8Array.of(1)],
    unpackContent: ['raw', Uint8Array.of(1)],
    formatTimestamp: [1, 'timestamp'],
    normalizeTimestamp: [AT, 'timestamp'],
    parseTimestamp: [AT],
    toNanoDollars: [1, 'cost'],
    fromNanoDollars: [1],
    formatBytes: [1],
    formatStatistics: [statistics],
    escapeLike: ['%'],
    identifierWords: ['getUserById'],
    toFtsQuery: ['a word', 'all'],
    excerpt: ['a word', 'word', ['<', '>']],
    diversify: [candidates, 0.5, 2],
    fuseRankings: [{ keyword: [1, 2], vector: [2, 1] }],
    hybridSearch: [[1], [{ key: 1, similarity: 0.5 }], () => new Map(), { limit: 3, diversity: 0.5 }],
    pageParameters: [{ limit: 1, offset: 1 }, 10],
    redactSecrets: ['sk-1'],
    requireRelativePath: ['src/a.ts'],
  };
}
