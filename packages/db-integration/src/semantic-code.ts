import type { CodeEmbedding } from '@codebuddy/db-core';
import { getEmbeddingRepository } from '@codebuddy/db-embeddings';
import type { CodeChunkDetails, CodeSearchResult } from './integration-types.ts';
import type { ProviderAccess } from './provider-access.ts';

/** Code that is found by its meaning. */
export class SemanticCode {
  readonly #provider: ProviderAccess;

  constructor(provider: ProviderAccess) {
    this.#provider = provider;
  }

  async index(
    projectId: string,
    filePath: string,
    chunkIndex: number,
    text: string,
    details: CodeChunkDetails,
  ): Promise<CodeEmbedding> {
    const { embedding, model } = await this.#provider.get().embed(text);
    return getEmbeddingRepository().upsert({
      project_id: projectId,
      file_path: filePath,
      chunk_index: chunkIndex,
      chunk_text: text,
      embedding,
      embedding_model: model,
      symbol_type: details.symbolType,
      symbol_name: details.symbolName,
      start_line: details.startLine,
      end_line: details.endLine,
      language: details.language,
    });
  }

  async search(
    query: string,
    projectId: string,
    symbolType: string | undefined,
    limit: number,
  ): Promise<CodeSearchResult[]> {
    const { embedding, model } = await this.#provider.get().embed(query);
    const found = getEmbeddingRepository().searchSimilar(
      embedding,
      { projectId, symbolType, embeddingModel: model },
      limit,
    );
    return found.map(({ embedding: chunk, similarity }) => ({
      filePath: chunk.file_path,
      chunkText: chunk.chunk_text,
      similarity,
    }));
  }
}
