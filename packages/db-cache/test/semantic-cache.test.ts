import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheRepository, SemanticCache } from '../src/index.ts';
import { isSameQuestion } from '../src/same-question.ts';
import pairs from './question-pairs.json' with { type: 'json' };

describe('SemanticCache', () => {
  let database: TemporaryDatabase;
  let answers: SemanticCache;
  const options = { namespace: 'shop', model: 'grok-3', embeddingModel: 'test' };
  const near = new Float32Array([1, 0.1]);
  const far = new Float32Array([0, 1]);
  beforeEach(async () => {
    database = await temporaryDatabase();
    answers = new SemanticCache(new CacheRepository(database.db), options);
  });
  afterEach(() => database[Symbol.dispose]());

  it('answers a question that was asked in other words, above the threshold', () => {
    const key = answers.store('How do I run the tests?', near, 'pnpm test');
    expect(answers.find('How are the tests run?', new Float32Array([1, 0.12]))).toMatchObject({
      key,
      answer: 'pnpm test',
      question: 'How do I run the tests?',
    });
    expect(answers.find('Where is the changelog?', far)).toBeUndefined();
  });

  it('never answers a question with the answer to another, however close, and misses few that ask for the same', () => {
    const falseHits: string[] = [];
    const misses: string[] = [];
    for (const [stored = '', asked = '', label] of pairs) {
      answers.clear();
      answers.store(stored, near, 'answer');
      const isHit = answers.find(asked, near) !== undefined;
      if (isHit && label === 'different') falseHits.push(`${stored} | ${asked}`);
      if (!isHit && label === 'same') misses.push(`${stored} | ${asked}`);
    }
    expect(pairs.length).toBeGreaterThan(200);
    expect(falseHits).toEqual([]);
    expect(misses.length / pairs.filter(([, , label]) => label === 'same').length).toBeLessThan(0.3);
  });

  it('compares two questions in both directions alike, and any question with itself', () => {
    for (const [a = '', b = ''] of pairs) {
      expect([a, b, isSameQuestion(a, b)]).toEqual([a, b, isSameQuestion(b, a)]);
      expect([a, isSameQuestion(a, a)]).toEqual([a, true]);
    }
  });

  it('lets a caller judge which questions ask for the same', () => {
    const always = new SemanticCache(new CacheRepository(database.db), { ...options, isSame: () => true });
    answers.store('Open port 80', near, '80');
    expect([answers.find('Open port 443', near), always.find('Open port 443', near)?.answer]).toEqual([
      undefined,
      '80',
    ]);
  });

  it('looks further when the closest question asks for something else', () => {
    answers.store('Open port 80', near, '80');
    answers.store('Please open port 443', new Float32Array([1, 0.11]), '443');
    expect(answers.find('Open port 443', near)?.answer).toBe('443');
  });

  it('keeps namespaces, models and embedding models apart', () => {
    answers.store('q', near, 'a');
    const cache = new CacheRepository(database.db);
    for (const other of [{ namespace: 'blog' }, { model: 'gpt-5' }, { embeddingModel: 'other' }]) {
      expect(new SemanticCache(cache, { ...options, ...other }).find('q', near)).toBeUndefined();
    }
  });

  it('forgets one answer that was wrong, or all', () => {
    const key = answers.store('q', near, 'wrong');
    answers.store('Please, q', near, 'right');
    expect([answers.evict(key), answers.evict(key)]).toEqual([true, false]);
    expect(answers.find('q', near)?.answer).toBe('right');
    expect(answers.clear()).toBe(1);
    expect(() => answers.store('q', near, undefined)).toThrow(/Invalid answer/);
  });
});
