// Checked by the compiler: `pnpm typecheck`.
import { expectTypeOf } from 'vitest';
import {
  type DatabaseIntegration,
  getMemoryRepository,
  initializeDatabaseSystem,
  type Memory,
  type Session,
} from '../src/index.ts';

declare const db: DatabaseIntegration;
expectTypeOf(db.addMemory('a', { type: 'fact', expiresAt: new Date() })).resolves.toEqualTypeOf<Memory>();
expectTypeOf(db.createSession({ name: 'n' })).toEqualTypeOf<Session>();
expectTypeOf(db.getOrComputeCached('k', () => 1)).resolves.toBeNumber();
expectTypeOf(db.getCostSummary()).toExtend<{ session: number; daily: number; weekly: number; monthly: number }>();
expectTypeOf(initializeDatabaseSystem).toBeCallableWith({ dbPath: 'a.db', durability: 'power', autoMigrate: false });
expectTypeOf(getMemoryRepository().find()).toEqualTypeOf<Memory[]>();
