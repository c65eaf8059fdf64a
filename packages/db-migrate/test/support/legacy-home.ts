import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AnalyticsRepository } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import { ImportLedger } from '@codebuddy/db-core';
import { MemoryRepository } from '@codebuddy/db-memory';
import { SessionRepository } from '@codebuddy/db-sessions';
import { type TemporaryDatabase, TemporaryFolder, temporaryDatabase } from '@codebuddy/test-kit';
import { DatabaseMigration, type MigrationOptions, type MigrationResult } from '../../src/index.ts';

/** A folder of legacy files, and a database that they are imported into. */
export class LegacyHome implements Disposable {
  readonly database: TemporaryDatabase;
  readonly home = new TemporaryFolder();
  readonly memories: MemoryRepository;
  readonly sessions: SessionRepository;
  readonly cache: CacheRepository;
  readonly analytics: AnalyticsRepository;

  private constructor(database: TemporaryDatabase) {
    this.database = database;
    this.memories = new MemoryRepository(database.db);
    this.sessions = new SessionRepository(database.db);
    this.cache = new CacheRepository(database.db);
    this.analytics = new AnalyticsRepository(database.db);
  }

  static async open(): Promise<LegacyHome> {
    return new LegacyHome(await temporaryDatabase());
  }

  /** A migration into all repositories. */
  migration(options: MigrationOptions = {}): DatabaseMigration {
    const { memories, sessions, cache, analytics } = this;
    const ledger = new ImportLedger(this.database.db);
    return new DatabaseMigration(
      { memories, sessions, cache, analytics, ledger },
      { home: this.home.path, ...options },
    );
  }

  async migrate(options?: MigrationOptions): Promise<MigrationResult> {
    return this.migration(options).migrate();
  }

  /** Writes a file below the folder: a string as it is, anything else as JSON. */
  write(path: string, value: unknown): void {
    mkdirSync(dirname(this.home.join(path)), { recursive: true });
    writeFileSync(this.home.join(path), typeof value === 'string' ? value : JSON.stringify(value));
  }

  /** Moves something in the folder to another name. */
  move(from: string, to: string): void {
    renameSync(this.home.join(from), this.home.join(to));
  }

  /** Adds entries and files that are broken, each in a way of its own, to an install that has memories. */
  writeBrokenEntries(): void {
    const path = this.home.join('memories.json');
    const good = JSON.parse(readFileSync(path, 'utf8'));
    if (!Array.isArray(good)) throw new Error('There are no memories to break: write an install first');
    const hostile = '{"id":"proto","type":"fact","content":"hostile keys","metadata":{"__proto__":{"polluted":true}}}';
    const broken = [
      { ...Object(good[0]), content: 'said again, under the same id' },
      'HOSTILE',
      null,
      { id: 'no-content', type: 'fact' },
      { id: 'bad', content: 'x', importance: 7, createdAt: 'yesterday', tags: 'style', metadata: 'text' },
      { id: 'nan', content: 'x', embedding: [0.1, null] },
    ];
    writeFileSync(path, JSON.stringify([...good, ...broken]).replace('"HOSTILE"', hostile));
    this.write('sessions/cut-off.json', '{"id":"cut-off"');
    this.write('sessions/empty.json', '');
    this.write('sessions/list.json', []);
    this.write('sessions/notes.txt', 'not a session');
    this.write('cache/semantic-cache.json', [
      { key: 'good', value: null },
      { key: null, value: 1 },
      { key: 'no-value', hits: 'many' },
    ]);
    this.write('cost-history.json', {
      daily: { '2025-01-01': 3, 'not-a-date': 3, '2025-02-30': 'free' },
      sessions: [{ cost: 1, tokens: 10, model: 'm', date: '2025-01-01' }, { cost: 2 }],
    });
    this.write('sessions/wrong-role.json', {
      id: 'wrong-role',
      messages: [
        { role: 'robot', content: 'beep' },
        { role: 'user', content: 'kept' },
      ],
    });
  }

  [Symbol.dispose](): void {
    this.database[Symbol.dispose]();
    this.home[Symbol.dispose]();
  }
}
