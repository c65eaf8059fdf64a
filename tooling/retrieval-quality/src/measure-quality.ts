import { temporaryDatabase } from '@codebuddy/db-core/testing';
import { EmbeddingProvider, EmbeddingRepository, ProjectIndexer } from '@codebuddy/db-embeddings';
import { unpackCorpus } from './corpus.ts';
import { QUESTIONS } from './questions.ts';

/** How well one way of searching finds the right file, over all questions; both from 0 to 1. */
export interface Quality {
  /** Discounted cumulative gain (Järvelin and Kekäläinen 2002): the nearer the top, the better. */
  readonly ndcg: number;
  /** The share of questions whose file is among the first ten. */
  readonly recall: number;
}

/** The ways that are compared. */
export type Way = 'keyword' | 'vector' | 'hybrid';

const K = 10;
const CHUNKS = 200;

/** Indexes the kept sources, asks every question in every way, and judges what is found. */
export async function measureQuality(): Promise<Record<Way, Quality>> {
  using corpus = unpackCorpus();
  using database = await temporaryDatabase();
  const repository = new EmbeddingRepository(database.db);
  const provider = new EmbeddingProvider({ provider: 'lexical' });
  await new ProjectIndexer({
    repository,
    provider,
    projectId: 'packages',
    projectPath: corpus.join('packages'),
  }).index();
  const ranks: Record<Way, number[]> = { keyword: [], vector: [], hybrid: [] };
  for (const { text, file } of QUESTIONS) {
    const { embedding } = await provider.embed(text);
    const found: Record<Way, readonly string[]> = {
      keyword: repository.searchHybrid(text, undefined, { limit: CHUNKS }).map(({ item }) => item.file_path),
      vector: repository.searchSimilar(embedding, {}, CHUNKS).map((match) => match.embedding.file_path),
      hybrid: repository.searchHybrid(text, embedding, { limit: CHUNKS }).map(({ item }) => item.file_path),
    };
    for (const way of WAYS) ranks[way].push(rankOf(file, found[way]));
  }
  return { keyword: judge(ranks.keyword), vector: judge(ranks.vector), hybrid: judge(ranks.hybrid) };
}

const WAYS = ['keyword', 'vector', 'hybrid'] as const;

/** The place of a file, from 1, among the sources that were found; Infinity if it was not. */
function rankOf(file: string, paths: readonly string[]): number {
  const files = [...new Set(paths)].filter((path) => path.includes('/src/'));
  const index = files.indexOf(file);
  return index === -1 ? Number.POSITIVE_INFINITY : index + 1;
}

function judge(ranks: readonly number[]): Quality {
  const mean = (gain: (rank: number) => number) => ranks.reduce((sum, rank) => sum + gain(rank), 0) / ranks.length;
  return {
    ndcg: mean((rank) => (rank <= K ? 1 / Math.log2(rank + 1) : 0)),
    recall: mean((rank) => (rank <= K ? 1 : 0)),
  };
}
