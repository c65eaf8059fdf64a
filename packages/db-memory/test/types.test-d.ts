// Checked by the compiler: `pnpm typecheck`.
import type { HybridMatch, Memory, MemoryStore, MemoryType } from '@codebuddy/db-core';
import { expectTypeOf } from 'vitest';
import { MemoryRepository, type NewMemory } from '../src/index.ts';

declare const memories: MemoryRepository;
expectTypeOf(memories).toExtend<MemoryStore>();
expectTypeOf(memories.getById('a')).toEqualTypeOf<Memory | null>();
expectTypeOf(memories.find({ type: ['fact', 'pattern'], limit: 0 })).toEqualTypeOf<Memory[]>();
expectTypeOf(memories.searchHybrid('words')).toEqualTypeOf<HybridMatch<Memory>[]>();
expectTypeOf(memories.searchSimilar(new Float32Array(2))[0]?.similarity).toEqualTypeOf<number | undefined>();
expectTypeOf<NewMemory['type']>().toEqualTypeOf<MemoryType>();
expectTypeOf(MemoryRepository).toBeConstructibleWith();
