import type { Database, ReembeddingTarget } from '@codebuddy/db-core';
import { contextOf, type Given, type NamesOf, readOptions, requireFunction } from '@codebuddy/db-core/internal';
import { requireSignal } from './providers/embedder.ts';
import type { EmbeddingProvider, VectorCache } from './providers/embedding-provider.ts';
import { toTextVectors } from './repository/embedding-cache.ts';

/** The vectors to move, and the model to move them to. */
export interface ReembedConfig {
  readonly db: Database;
  /** The model to move to. */
  readonly provider: EmbeddingProvider;
  /** The cache that holds the new vectors until all are made, such as `EmbeddingRepository`. */
  readonly cache: VectorCache;
  readonly targets: readonly ReembeddingTarget[];
  readonly signal?: AbortSignal | null | undefined;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | null | undefined;
}

const CONFIG_NAMES: NamesOf<ReembedConfig> = {
  db: true,
  provider: true,
  cache: true,
  targets: true,
  signal: true,
  onProgress: true,
};

const AT_ONCE = 64;

/**
 * Moves stored vectors to another model. The old ones go on serving until all new ones are made; then all are replaced in
 * one transaction. Interrupted, it goes on where it stopped: what was made is kept.
 *
 * @returns how many vectors were replaced
 * @throws EmbeddingFailedError when the model is out of reach; the old vectors stay
 */
export async function reembed(config: ReembedConfig): Promise<number> {
  const given = readOptions(config, CONFIG_NAMES, 'config');
  const { db, provider, signal, onProgress } = given;
  requireSignal(signal);
  if (onProgress !== undefined) requireFunction(onProgress, 'onProgress');
  await provider.initialize();
  const runTransaction = contextOf(db).transaction;
  for (;;) {
    await makeVectors(given);
    const replaced = runTransaction('reembed', () => replaceAll(given));
    // A string that came in between has no new vector yet: nothing was replaced, and it is made now.
    if (replaced !== undefined) return replaced;
  }
}

async function makeVectors({ provider, cache, targets, signal, onProgress }: Given<ReembedConfig>): Promise<void> {
  const model = provider.getModel();
  const total = targets.reduce((sum, target) => sum + target.countOutdated(model), 0);
  let done = 0;
  for (const target of targets) {
    for (const page of pagesOf(target, model)) {
      signal?.throwIfAborted();
      // No model takes an empty text; a blank says as little.
      const texts = page.map(({ text }) => text || ' ');
      const { embeddings } = await provider.embedBatch(texts, { signal });
      const originals = page.map(({ text }) => text);
      cache.cacheVectors(model, toTextVectors(originals, embeddings));
      done += page.length;
      onProgress?.({ done, total });
    }
  }
}

function replaceAll({ provider, cache, targets }: Given<ReembedConfig>): number | undefined {
  const model = provider.getModel();
  let replaced = 0;
  const complete = targets.every((target) => {
    for (const page of pagesOf(target, model)) {
      if (page.some(({ text }) => cache.getCachedVector(text, model) === undefined)) return false;
    }
    return true;
  });
  if (!complete) return undefined;
  for (const target of targets) {
    for (const page of pagesOf(target, model)) {
      const vectors = page.flatMap((outdated) => {
        const embedding = cache.getCachedVector(outdated.text, model);
        return embedding === undefined ? [] : [{ ...outdated, embedding }];
      });
      target.replaceVectors(model, vectors);
      replaced += vectors.length;
    }
  }
  return replaced;
}

function* pagesOf(target: ReembeddingTarget, model: string) {
  for (let after = 0; ; ) {
    const page = target.findOutdated(model, after, AT_ONCE);
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.key ?? after;
  }
}
