import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheRepository, SemanticCache } from '../src/index.ts';
import { sameFacts } from '../src/same-facts.ts';

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

  it.each([
    ['Open port 80', 'Open port 8080'],
    ['Enable the cache', 'Do not enable the cache'],
    ['Deploy with tests', 'Deploy without tests'],
    ['Keep 3 backups of 2 days', 'Keep 2 backups of 4 days'],
    ['Es soll laufen', 'Es soll nicht laufen'],
    ['It works', "It doesn't work"],
  ])('abstains between %j and %j, however close', (stored, asked) => {
    answers.store(stored, near, 'answer');
    expect(answers.find(asked, near)).toBeUndefined();
    expect(sameFacts(stored, stored.toUpperCase())).toBe(true);
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
    answers.store('another q', near, 'right');
    expect([answers.evict(key), answers.evict(key)]).toEqual([true, false]);
    expect(answers.find('q', near)?.answer).toBe('right');
    expect(answers.clear()).toBe(1);
    expect(() => answers.store('q', near, undefined)).toThrow(/Invalid answer/);
  });
});
