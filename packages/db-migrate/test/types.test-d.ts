// Checked by the compiler: `pnpm typecheck`.
import type { CacheRepository } from '@codebuddy/db-cache';
import type { MemoryRepository } from '@codebuddy/db-memory';
import { expectTypeOf } from 'vitest';
import { DatabaseMigration, type MigrationResult } from '../src/index.ts';

declare const memories: MemoryRepository;
declare const cache: CacheRepository;
const migration = new DatabaseMigration({ memories, cache }, { dryRun: true });
expectTypeOf(migration.migrate()).resolves.toEqualTypeOf<MigrationResult>();
expectTypeOf<MigrationResult['migratedItems']>().toExtend<
  Record<'memories' | 'sessions' | 'cache' | 'analytics', number>
>();
