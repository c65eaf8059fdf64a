import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { measureQuality, QUESTIONS, unpackCorpus } from '../src/index.ts';

describe('questions about this repository', () => {
  it('name a file that is there', () => {
    using corpus = unpackCorpus();
    expect(QUESTIONS.filter(({ file }) => !existsSync(corpus.join('packages', file)))).toEqual([]);
  });

  it('are answered by the right file', async () => {
    const { keyword, vector, hybrid } = await measureQuality();
    console.table({ keyword, vector, hybrid });
    expect(hybrid.recall).toBeGreaterThanOrEqual(0.9);
    expect(hybrid.ndcg).toBeGreaterThanOrEqual(0.7);
    expect(keyword.recall).toBeGreaterThanOrEqual(0.9);
    expect(vector.recall).toBeGreaterThanOrEqual(0.8);
  }, 120_000);
});
