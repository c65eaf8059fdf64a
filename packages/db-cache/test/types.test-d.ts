// Checked by the compiler: `pnpm typecheck`.
import type { CacheStore } from '@codebuddy/db-core';
import { expectTypeOf } from 'vitest';
import type { CacheRepository } from '../src/index.ts';

declare const cache: CacheRepository;
expectTypeOf(cache).toExtend<CacheStore>();
expectTypeOf(cache.get('k')).toEqualTypeOf<unknown>();
expectTypeOf(cache.get<number>('k')).toEqualTypeOf<number | null>();
expectTypeOf(cache.getOrCompute('k', () => 'a')).resolves.toEqualTypeOf<{
  readonly value: string;
  readonly cached: boolean;
}>();
cache.set('k', 1, { ttlMs: '1.5h' });
