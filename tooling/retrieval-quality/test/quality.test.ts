import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { measureQuality, QUESTIONS } from '../src/index.ts';

const packages = new URL('../../../packages/', import.meta.url);

describe('questions about this repository', () => {
  it.each(QUESTIONS)('$text: has its file', ({ file }) => {
    expect(existsSync(fileURLToPath(new URL(file, packages)))).toBe(true);
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
