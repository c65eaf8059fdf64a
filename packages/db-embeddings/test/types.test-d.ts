// Checked by the compiler: `pnpm typecheck`.
import type { CodeEmbedding, CodeStore } from '@codebuddy/db-core';
import { expectTypeOf } from 'vitest';
import { EmbeddingProvider, type EmbeddingRepository, type ProviderType } from '../src/index.ts';

declare const index: EmbeddingRepository;
expectTypeOf(index).toExtend<CodeStore>();
expectTypeOf(index.getById(1)).toEqualTypeOf<CodeEmbedding | null>();
expectTypeOf(index.searchSimilar(new Float32Array(2), { projectId: 'p' })).toExtend<
  readonly { readonly embedding: CodeEmbedding; readonly similarity: number }[]
>();
expectTypeOf<'local' | 'openai' | 'grok' | 'mock' | 'lexical'>().toExtend<ProviderType>();
const provider = new EmbeddingProvider({ provider: 'lexical' });
expectTypeOf(provider.embed('text')).resolves.toExtend<{
  embedding: Float32Array;
  dimensions: number;
  provider: string;
}>();
