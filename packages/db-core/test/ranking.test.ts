import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diversify, fuseRankings, hybridSearch } from '../src/internal.ts';

describe('fused rankings', () => {
  it('put first what several have, and say where it stood', () => {
    const [first, ...rest] = fuseRankings({ keyword: [1, 2, 3], vector: [3, 4] });
    expect(first).toEqual({ key: 3, score: 1 / 63 + 1 / 61, ranks: { keyword: 3, vector: 1 } });
    expect(rest.map(({ key }) => key)).toEqual([1, 2, 4]);
  });

  it('never rank a result lower because one more ranking has it first', () => {
    const keys = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { maxLength: 20 });
    fc.assert(
      fc.property(keys, keys, fc.integer({ min: 1, max: 50 }), (a, b, key) => {
        const place = (rankings: Record<string, number[]>) =>
          fuseRankings(rankings).findIndex((fused) => fused.key === key);
        const before = place({ a, b });
        fc.pre(before >= 0);
        expect(place({ a, b, c: [key] })).toBeLessThanOrEqual(before);
      }),
    );
  });
});

describe('a hybrid search', () => {
  const items = new Map(
    Array.from({ length: 60 }, (_, key) => [key, { embedding: Float32Array.of(key % 7, 1 + (key % 3)) }]),
  );
  const load = (keys: readonly number[]) => new Map(keys.flatMap((key) => [[key, items.get(key) ?? {}] as const]));

  it('finds of fewer results the first of more, with or without diversity', () => {
    const keys = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 60 });
    fc.assert(
      fc.property(keys, keys, fc.nat(40), fc.constantFrom(0, 0.3, 1), (words, meanings, limit, diversity) => {
        const neighbours = meanings.map((key, index) => ({ key, similarity: 1 - index / 100 }));
        const fewer = hybridSearch(words, neighbours, load, { limit, diversity });
        const more = hybridSearch(words, neighbours, load, { limit: limit + 1, diversity });
        expect(more.slice(0, fewer.length)).toEqual(fewer);
        expect(fewer).toHaveLength(Math.min(limit, new Set([...words, ...meanings]).size));
      }),
    );
  });

  it('finds by words alone where there is no vector', () => {
    expect(hybridSearch([5, 2], [], load, {}).map(({ ranks }) => ranks)).toEqual([{ keyword: 1 }, { keyword: 2 }]);
  });
});

describe('diversity', () => {
  const candidate = (score: number, ...embedding: number[]) => ({ score, embedding: Float32Array.from(embedding) });
  const candidates = [candidate(1, 1, 0), candidate(0.99, 1, 0.01), candidate(0.7, 0, 1)];

  it('prefers what is unlike the results before it', () => {
    const scores = (diversity: number) => diversify(candidates, diversity, 2).map(({ score }) => score);
    expect(scores(0)).toEqual([1, 0.99]);
    expect(scores(0.5)).toEqual([1, 0.7]);
  });

  it('refuses a share beyond 1', () => {
    expect(() => diversify(candidates, 2, 1)).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
  });
});
