// Checked by the compiler: `pnpm typecheck`.
import { expectTypeOf } from 'vitest';
import {
  type Async,
  type BusyError,
  type CacheStore,
  DatabaseError,
  type DatabaseErrorCode,
  DatabaseManager,
  hasErrorCode,
  type Memory,
  type MemoryStore,
  type Message,
  type SessionStore,
} from '../src/index.ts';

declare const error: unknown;
if (DatabaseError.isInstance(error)) expectTypeOf(error.code).toEqualTypeOf<DatabaseErrorCode>();
if (hasErrorCode(error, 'DB_BUSY')) expectTypeOf(error.retryable).toBeBoolean();
expectTypeOf<BusyError['code']>().toEqualTypeOf<'DB_BUSY'>();

const manager = new DatabaseManager({ dbPath: 'a.db', durability: 'power' });
expectTypeOf(manager.transaction(() => 1)).toBeNumber();
manager.on('db:migration', ({ version, applied }) => {
  expectTypeOf(version).toBeNumber();
  expectTypeOf(applied).toBeBoolean();
});

// The asynchronous form takes the same parameters and returns promises; what is iterated becomes an AsyncIterable.
type Memories = Async<MemoryStore>;
expectTypeOf<Parameters<Memories['find']>>().toEqualTypeOf<Parameters<MemoryStore['find']>>();
expectTypeOf<ReturnType<Memories['find']>>().toEqualTypeOf<Promise<Memory[]>>();
expectTypeOf<ReturnType<Memories['getById']>>().toEqualTypeOf<Promise<Memory | null>>();
expectTypeOf<ReturnType<Async<SessionStore>['iterateMessages']>>().toEqualTypeOf<AsyncIterable<Message>>();
expectTypeOf<ReturnType<Async<CacheStore>['getOrCompute']>>().toExtend<Promise<{ cached: boolean }>>();
