import type { CodeEmbedding, Redact } from '@codebuddy/db-core';
import { type Given, hashContent, keepingLines, redactText, requireRedact } from '@codebuddy/db-core/internal';
import { getEmbeddingRepository } from '@codebuddy/db-embeddings';
import type { CodeChunkDetails, CodeSearchResult } from './integration-types.ts';
import type { ProviderAccess } from './provider-access.ts';

/** Code that is found by its meaning. */
export class SemanticCode {
  readonly #provider: ProviderAccess;
  readonly #redact: Redact | undefined;

  /** @param redact - takes secrets out of code before it is stored or sent to the model. Default: as the repository does */
  constructor(provider: ProviderAccess, redact: Redact | undefined) {
    this.#provider = provider;
    this.#redact = redact === undefined ? undefined : keepingLines(requireRedact(redact));
  }

  async index(
    projectId: string,
    filePath: string,
    chunkIndex: number,
    text: string,
    details: Given<CodeChunkDetails>,
  ): Promise<CodeEmbedding> {
    const redacted = this.#redacted(text);
    const { embedding, model } = await this.#provider.get().embed(redacted);
    return getEmbeddingRepository().upsert({
      project_id: projectId,
      file_path: filePath,
      chunk_index: chunkIndex,
      chunk_text: redacted,
      chunk_hash: hashContent(Buffer.from(text)),
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
    const { embedding, model } = await this.#provider.get().embed(this.#redacted(query));
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

  #redacted(text: string): string {
    return redactText(text, this.#redact ?? getEmbeddingRepository().redact);
  }
}
