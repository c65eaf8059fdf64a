import type { AiSdkEmbeddingModel } from '../../src/index.ts';

/** An embedding model in the shape of the AI SDK's specification, version 3. */
export class MockEmbeddingModelV3 implements AiSdkEmbeddingModel {
  readonly specificationVersion = 'v3';
  readonly provider = 'mock-provider';
  readonly modelId = 'mock-model';
  readonly maxEmbeddingsPerCall: Promise<number>;
  readonly supportsParallelCalls: boolean;
  readonly calls: string[][] = [];

  constructor(maxEmbeddingsPerCall: number, supportsParallelCalls: boolean) {
    this.maxEmbeddingsPerCall = Promise.resolve(maxEmbeddingsPerCall);
    this.supportsParallelCalls = supportsParallelCalls;
  }

  async doEmbed({ values }: { values: string[] }) {
    this.calls.push(values);
    return { embeddings: values.map((value) => [value.length, 1]), usage: { tokens: values.length } };
  }
}
