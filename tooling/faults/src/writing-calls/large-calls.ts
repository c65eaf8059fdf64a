import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CacheRepository } from '@codebuddy/db-cache';
import { EmbeddingProvider, EmbeddingRepository, reembed } from '@codebuddy/db-embeddings';
import { runMigration } from '@codebuddy/db-integration';
import { MemoryRepository } from '@codebuddy/db-memory';
import { CheckpointRepository, SessionRepository } from '@codebuddy/db-sessions';
import { IS_LONG, scaled } from '../scale.ts';
import type { Stage } from './writing-call.ts';

/** One call that writes more than the log may keep. */
export interface LargeCall {
  readonly prepare?: (stage: Stage) => unknown;
  readonly make: (stage: Stage) => unknown;
  /** Whether it commits in batches: the log then never holds all that it writes. */
  readonly inBatches?: boolean;
}

/** Rows that take 20 MB or more: few with long texts, or many in the long run. */
const ROWS = scaled(1_250, 20_000);
const MESSAGES = scaled(1_250, 50_000);
const TEXT = 'x'.repeat(scaled(16_000, 1_000));
const VECTOR = new Float32Array(scaled(1_024, 256)).fill(1);

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
const textOf = (number: number) => `${number} ${TEXT}`;

function storeMemories({ db }: Stage): void {
  new MemoryRepository(db).bulkCreate(numbers(ROWS).map((number) => ({ type: 'fact', content: textOf(number) })));
}

function storeSession({ db }: Stage): void {
  const sessions = new SessionRepository(db);
  sessions.createSession({ id: 's' });
  sessions.addMessages(numbers(MESSAGES).map((number) => ({ session_id: 's', role: 'user', content: textOf(number) })));
}

function storeEntries({ db }: Stage): void {
  const cache = new CacheRepository(db);
  cache.setMany(
    numbers(ROWS).map((number) => ({ key: `k${number}`, value: textOf(number), category: 'c', tags: ['t'] })),
  );
}

const chunkOf = (number: number) => ({ chunk_text: textOf(number), embedding: VECTOR, embedding_model: 'm' });

function storeFile({ db }: Stage): void {
  new EmbeddingRepository(db).replaceFile('p', 'a.ts', 'h', numbers(ROWS).map(chunkOf));
}

/** SQL that inserts as many rows as fill the log. */
const INSERT = `INSERT INTO memories (id, type, scope, content)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
  SELECT 'id' || i, 'fact', 'user', i || ' ${TEXT}' FROM n`;

/** Rows with long texts are deleted by little more than their first pages: this takes many rows. */
const DELETIONS: Readonly<Record<string, LargeCall>> = {
  [`deleteMessages of ${MESSAGES} messages`]: {
    prepare: storeSession,
    make: ({ db }) => new SessionRepository(db).deleteMessages('s'),
  },
  [`deleteSession of ${MESSAGES} messages`]: {
    prepare: storeSession,
    make: ({ db }) => new SessionRepository(db).deleteSession('s'),
  },
  [`deleteForProject of ${ROWS} chunks`]: {
    prepare: storeFile,
    make: ({ db }) => new EmbeddingRepository(db).deleteForProject('p'),
  },
  [`deleteByTag of ${ROWS} entries`]: {
    prepare: storeEntries,
    make: ({ db }) => new CacheRepository(db).deleteByTag('t'),
  },
  [`CacheRepository.clear of ${ROWS} entries`]: {
    prepare: storeEntries,
    make: ({ db }) => new CacheRepository(db).clear(),
  },
  'clearAll of 40 MB': {
    prepare: (stage) => {
      storeMemories(stage);
      storeSession(stage);
    },
    make: ({ manager }) => manager.clearAll(),
  },
};

/** Calls that write more than the log may keep, by what they write. */
export const LARGE_CALLS: Readonly<Record<string, LargeCall>> = {
  [`bulkCreate of ${ROWS} memories`]: { make: storeMemories },
  [`addMessages of ${MESSAGES} messages`]: { make: storeSession },
  [`forkSession of ${MESSAGES} messages`]: {
    prepare: storeSession,
    make: ({ db }) => new SessionRepository(db).forkSession('s'),
  },
  [`importSession of ${MESSAGES} messages`]: {
    prepare: storeSession,
    make: ({ db }) => {
      const sessions = new SessionRepository(db);
      const exported = sessions.exportSession('s');
      sessions.importSession({ ...exported, session: { ...exported.session, id: 'imported' } });
    },
  },
  'addMessage of 20 MB': {
    prepare: ({ db }) => new SessionRepository(db).createSession({ id: 's' }),
    make: ({ db }) =>
      new SessionRepository(db).addMessage({ session_id: 's', role: 'tool', content: 'x'.repeat(20_000_000) }),
  },
  'CheckpointRepository.create of 20 MB': {
    make: ({ db }) => {
      const content = crypto.getRandomValues(new Uint8Array(50_000));
      const files = numbers(400).map((number) => ({
        file_path: `${number}.bin`,
        content: content.with(0, number % 256).with(1, number >> 8),
      }));
      new CheckpointRepository(db).create({ project_id: 'p', files });
    },
  },
  [`replaceFile of ${ROWS} chunks`]: { make: storeFile },
  [`reembed of ${ROWS} chunks`]: {
    prepare: storeFile,
    make: ({ db }) => {
      const index = new EmbeddingRepository(db);
      const embed = async (texts: string[]) => {
        await nextTurn();
        return texts.map((_, number) => Array.from(VECTOR, () => number + 1));
      };
      const provider = new EmbeddingProvider({ provider: embed, model: 'other', maxBatch: 64 });
      return reembed({ db, provider, cache: index, targets: [index] });
    },
  },
  [`setMany of ${ROWS} entries`]: { make: storeEntries },
  'vacuum of 20 MB': { prepare: storeMemories, make: ({ manager }) => manager.vacuum() },
  [`runMigration of ${ROWS} memories`]: {
    make: ({ folder }) => {
      mkdirSync(folder, { recursive: true });
      const memories = numbers(ROWS).map((number) => ({ id: `m${number}`, type: 'fact', content: textOf(number) }));
      writeFileSync(join(folder, 'memories.json'), JSON.stringify(memories));
      return runMigration({ home: folder });
    },
    inBatches: true,
  },
  ...(IS_LONG ? DELETIONS : {}),
  'DatabaseManager.exec': { make: ({ manager }) => manager.exec(INSERT) },
  'DatabaseManager.transaction': {
    make: ({ manager }) => manager.transaction(() => manager.prepare(INSERT).run()),
  },
  'DatabaseManager.prepare': { make: ({ manager }) => manager.prepare(INSERT).run() },
  'DatabaseManager.prepare, returning rows': { make: ({ manager }) => manager.prepare(`${INSERT} RETURNING id`).get() },
  'a transaction of the driver': {
    make: ({ db }) => {
      const insert = db.prepare(INSERT);
      db.transaction(() => insert.run())();
    },
  },
  'registerModule of 20 MB': {
    make: ({ manager }) =>
      manager.registerModule({
        name: 'large',
        migrations: { 1: `CREATE TABLE large_rows AS SELECT zeroblob(20000000) AS data` },
      }),
  },
};
