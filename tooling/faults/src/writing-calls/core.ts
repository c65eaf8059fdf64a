import { ImportLedger } from '@codebuddy/db-core';
import { MemoryRepository } from '@codebuddy/db-memory';
import { keyBefore, partsOf, type Stage, textOf, type WritingCalls } from './writing-call.ts';

const INSERT = "INSERT INTO memories (id, type, scope, content) VALUES (?, 'fact', 'user', ?)";
const IDS = 'SELECT id FROM memories';

function storeMemories({ db }: Stage, keys: readonly string[]): void {
  new MemoryRepository(db).bulkCreate(keys.map((id) => ({ id, type: 'fact', content: textOf(id) })));
}

export const coreCalls: WritingCalls = {
  'DatabaseManager.exec': {
    begin:
      ({ manager }) =>
      (key) =>
        manager.exec(
          `INSERT INTO memories (id, type, scope, content) VALUES ('${key}', 'fact', 'user', '${textOf(key)}')`,
        ),
    stored: IDS,
  },
  'DatabaseManager.prepare': {
    begin: ({ manager }) => {
      const insert = manager.prepare(INSERT);
      return (key) => insert.run(key, textOf(key));
    },
    stored: IDS,
    ofDriver: true,
  },
  'DatabaseManager.prepare, returning a row': {
    begin: ({ manager }) => {
      const insert = manager.prepare(`${INSERT} RETURNING id`);
      return (key) => insert.get(key, textOf(key));
    },
    stored: IDS,
    ofDriver: true,
  },
  'DatabaseManager.prepare, iterating over rows': {
    begin: ({ manager }) => {
      const insert = manager.prepare(`${INSERT} RETURNING id`);
      return (key) => insert.iterate(key, textOf(key)).next();
    },
    stored: IDS,
    ofDriver: true,
  },
  'DatabaseManager.getDatabase, a transaction of the driver': {
    begin: ({ manager }) => {
      const db = manager.getDatabase();
      const insert = db.prepare(INSERT);
      return db.transaction((key: string) => {
        for (const part of partsOf(key)) insert.run(part, textOf(part));
      });
    },
    stored: `SELECT ${keyBefore('/', 'id')} FROM memories`,
    rows: 3,
    ofDriver: true,
  },
  'DatabaseManager.transaction': {
    begin: ({ manager }) => {
      const insert = manager.prepare(INSERT);
      return (key) =>
        manager.transaction(() => {
          for (const part of partsOf(key)) insert.run(part, textOf(part));
        });
    },
    stored: `SELECT ${keyBefore('/', 'id')} FROM memories`,
    rows: 3,
  },
  'DatabaseManager.registerModule': {
    begin:
      ({ manager }) =>
      (key) =>
        manager.registerModule({
          name: `module-${key}`,
          migrations: { 1: `CREATE TABLE module_${key}_rows (id INTEGER)` },
        }),
    stored: `SELECT substr(module, 8) FROM module_versions
      UNION ALL SELECT replace(substr(name, 8), '_rows', '') FROM sqlite_schema WHERE name LIKE 'module\\_n%' ESCAPE '\\'`,
    rows: 2,
    slow: true,
  },
  'DatabaseManager.vacuum': {
    prepare: storeMemories,
    begin:
      ({ manager }) =>
      () =>
        manager.vacuum(),
    stored: IDS,
    together: true,
    slow: true,
  },
  'DatabaseManager.purge': {
    prepare: storeMemories,
    begin:
      ({ manager }) =>
      () =>
        manager.purge(),
    stored: IDS,
    together: true,
    slow: true,
  },
  'DatabaseManager.rebuildVectorIndex': {
    prepare: storeMemories,
    begin:
      ({ manager }) =>
      () =>
        manager.rebuildVectorIndex(),
    stored: IDS,
    together: true,
    slow: true,
  },
  'DatabaseManager.clearAll': {
    prepare: storeMemories,
    begin:
      ({ manager }) =>
      () =>
        manager.clearAll(),
    deleted: IDS,
    together: true,
  },
  'ImportLedger.record': {
    begin: ({ db }) => {
      const ledger = new ImportLedger(db);
      return (key) => ledger.record({ path: `/${textOf(key)}`, size: 1, modifiedMs: 1, entries: 1, failed: 0 });
    },
    stored: "SELECT substr(path, 2, instr(path, ' ') - 2) FROM imported_files",
  },
  'ImportLedger.recordAll': {
    begin: ({ db }) => {
      const ledger = new ImportLedger(db);
      const file = { size: 1, modifiedMs: 1, entries: 1, failed: 0 };
      return (key) => ledger.recordAll(partsOf(key).map((part) => ({ ...file, path: `/${part} ${textOf(key)}` })));
    },
    stored: `SELECT ${keyBefore('/', 'substr(path, 2)')} FROM imported_files`,
    rows: 3,
  },
};

export const coreReads = [
  'DatabaseManager.snapshot',
  'DatabaseManager.configure',
  'DatabaseManager.initialize',
  'DatabaseManager.isInitialized',
  'DatabaseManager.backup',
  'DatabaseManager.getDatabaseStats',
  'DatabaseManager.getTableSizes',
  'DatabaseManager.formatStats',
  'DatabaseManager.checkHealth',
  'DatabaseManager.queryReadOnly',
  'DatabaseManager.close',
  'ImportLedger.isUnchanged',
  'MonotonicClock.now',
  'MonotonicClock.timestamp',
  'MonotonicClock.timestampOf',
];
