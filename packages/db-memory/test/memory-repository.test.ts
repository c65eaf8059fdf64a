import { initializeDatabase, type Memory, resetDatabaseManager } from '@codebuddy/db-core';
import { decodeJsonObject } from '@codebuddy/db-core/internal';
import { countingIds, fakeClock, scans, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getMemoryRepository, MemoryRepository, resetMemoryRepository } from '../src/index.ts';

const clock = fakeClock();

describe('MemoryRepository', () => {
  let database: TemporaryDatabase;
  let memories: MemoryRepository;
  beforeEach(async () => {
    database = await temporaryDatabase();
    memories = new MemoryRepository(database.db, { clock, generateId: countingIds() });
  });
  afterEach(() => database[Symbol.dispose]());

  describe('full-text search', () => {
    beforeEach(() => {
      memories.bulkCreate([
        { type: 'fact', content: 'The retry helper uses exponential backoff with full jitter' },
        {
          type: 'fact',
          content: 'The payments service must never log request bodies',
          scope: 'project',
          project_id: 'shop',
        },
        { type: 'error', content: 'Retry: retry the retry, with retry', importance: 0.9 },
        { type: 'preference', content: 'la gestion des erreurs doit rester synchrone', expires_at: '2026-01-02' },
      ]);
    });
    const found = (text: string, options?: Parameters<MemoryRepository['search']>[1]) =>
      memories.search(text, options).map(({ memory }) => memory.id);

    it('ranks by BM25 and highlights the words in a snippet', () => {
      const matches = memories.search('retry', { highlight: ['<b>', '</b>'] });
      expect(matches.map(({ memory }) => memory.id)).toEqual(['id-3', 'id-1']);
      expect(matches[0]?.score).toBeGreaterThan(matches[1]?.score ?? 0);
      expect(matches[1]?.snippet).toContain('The <b>retry</b> helper');
    });

    it('takes every filter before its limit', () => {
      expect(found('retry', { type: 'fact', limit: 1 })).toEqual(['id-1']);
      expect(found('request', { projectId: 'shop' })).toEqual(['id-2']);
      expect(found('request', { projectId: 'other' })).toEqual([]);
      expect(found('retry', { minImportance: 0.8 })).toEqual(['id-3']);
      expect(found('retry', { limit: 0 })).toEqual([]);
      expect(found('retry', { offset: 1 })).toEqual(['id-1']);
      expect(found('retry jitter')).toEqual(['id-1']);
      expect(found('payments jitter', { match: 'any' }).sort()).toEqual(['id-1', 'id-2']);
    });

    it('never reads what a person types as query syntax', () => {
      for (const text of [
        'log-request',
        '"',
        'retry AND',
        '*',
        'NEAR(',
        'content:retry',
        '^retry',
        "'; DROP TABLE memories",
      ]) {
        expect(() => memories.search(text), text).not.toThrow();
      }
      expect(memories.search('')).toEqual([]);
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => void memories.search(text)),
        { numRuns: 300 },
      );
    });

    it('forgets what expired, was changed, replaced or deleted', () => {
      expect(found('gestion')).toEqual(['id-4']);
      memories.update('id-1', { content: 'It waits with jitter' });
      expect(found('exponential')).toEqual([]);
      expect(found('waits')).toEqual(['id-1']);
      memories.supersede('id-1', { type: 'fact', content: 'It never waits' });
      expect(found('jitter')).toEqual([]);
      expect(found('jitter', { includeSuperseded: true })).toEqual(['id-1']);
      memories.delete('id-2');
      expect(found('payments')).toEqual([]);
      clock.advance(2 * 86_400_000);
      expect(found('gestion')).toEqual([]);
      clock.advance(-2 * 86_400_000);
    });
  });

  describe('a memory that replaces another', () => {
    it('is found instead of it, and both are in its history', () => {
      const npm = memories.create({ type: 'convention', content: 'uses npm' });
      const yarn = memories.supersede(npm.id, { type: 'convention', content: 'uses yarn' });
      const pnpm = memories.supersede(yarn.id, { type: 'convention', content: 'uses pnpm' });
      expect(memories.find().map(({ id }) => id)).toEqual([pnpm.id]);
      expect(memories.find({ includeSuperseded: true })).toHaveLength(3);
      for (const id of [npm.id, yarn.id, pnpm.id]) {
        expect(memories.getHistory(id).map(({ content }) => content)).toEqual(['uses npm', 'uses yarn', 'uses pnpm']);
      }
      expect(memories.getById(npm.id)).toMatchObject({
        superseded_by: yarn.id,
        superseded_at: '2026-01-01T00:00:00.000Z',
      });
    });

    it('may say again what an earlier one said', () => {
      const npm = memories.create({ type: 'convention', content: 'uses npm' });
      const pnpm = memories.supersede(npm.id, { type: 'convention', content: 'uses pnpm' });
      const back = memories.supersede(pnpm.id, { type: 'convention', content: 'uses npm' });
      expect(back.id).not.toBe(npm.id);
      expect(memories.find().map(({ content }) => content)).toEqual(['uses npm']);
    });

    it('leaves its predecessor in the past when it is deleted', () => {
      const old = memories.create({ type: 'fact', content: 'old' });
      const next = memories.supersede(old.id, { type: 'fact', content: 'next' });
      memories.delete(next.id);
      expect(memories.find()).toEqual([]);
      expect(memories.getHistory(old.id)).toHaveLength(1);
    });

    it('is refused for a memory that is not there or was replaced before, and nothing changes', () => {
      const old = memories.create({ type: 'fact', content: 'old' });
      memories.supersede(old.id, { type: 'fact', content: 'next' });
      const replacement = { type: 'fact', content: 'other' } as const;
      expect(() => memories.supersede('absent', replacement)).toThrow(
        expect.objectContaining({ code: 'DB_NOT_FOUND' }),
      );
      expect(() => memories.supersede(old.id, replacement)).toThrow(expect.objectContaining({ code: 'DB_CONFLICT' }));
      expect(() => memories.supersede(memories.find()[0]?.id ?? '', { type: 'fact', content: '' })).toThrow();
      expect(memories.find().map(({ content }) => content)).toEqual(['next']);
    });
  });

  describe('an import', () => {
    const record = (id: string, content: string, more: Partial<Memory> = {}): Memory => ({
      id,
      type: 'fact',
      scope: 'user',
      content,
      importance: 0,
      access_count: 7,
      created_at: '2025-01-01T00:00:00.000Z',
      last_accessed: '2025-02-01T00:00:00.000Z',
      ...more,
    });

    it('keeps times and counters, and is safe to repeat', () => {
      const records = [record('a', 'first'), record('b', 'second', { expires_at: '2030-01-01T00:00:00.000Z' })];
      expect(memories.importMemories(records)).toEqual(['inserted', 'inserted']);
      expect(memories.importMemories(records)).toEqual(['exists', 'exists']);
      expect(memories.locateMemories([...records, record('c', 'third')])).toEqual([...records, null]);
    });

    it('gives another memory under a taken id an id made from its content', () => {
      const records = [record('a', 'first'), record('a', 'second')];
      expect(memories.importMemories(records)).toEqual(['inserted', 'inserted']);
      expect(memories.importMemories(records)).toEqual(['exists', 'exists']);
      expect(
        memories
          .find()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(['a', expect.stringMatching(/^a-[0-9a-f]{12}$/)]);
    });

    it('does not bring a replaced memory back', () => {
      memories.importMemories([record('a', 'first')]);
      memories.supersede('a', { type: 'fact', content: 'newer' });
      expect(memories.importMemories([record('a', 'first')])).toEqual(['exists']);
    });

    it('stores all or none', () => {
      expect(() =>
        memories.importMemories([record('a', 'first'), record('b', 'second', { created_at: 'never' })]),
      ).toThrow(/created_at/);
      expect(memories.find()).toEqual([]);
    });
  });

  it('takes parts away with null, and refuses what it does not know', () => {
    const { id } = memories.create({
      type: 'fact',
      content: 'x',
      expires_at: '2027-01-01',
      metadata: { a: 1 },
      embedding: new Float32Array([1]),
    });
    memories.update(id, { expires_at: null, metadata: null, embedding: null });
    expect(Object.keys(memories.getById(id) ?? {}).sort()).toEqual(
      ['access_count', 'content', 'created_at', 'id', 'importance', 'last_accessed', 'scope', 'type'].sort(),
    );
    const unknown: object = { expiresAt: null };
    expect(() => memories.update(id, unknown)).toThrow('Invalid changes: it has an unknown name: use expires_at.');
    const own: object = { ...memories.getById(id), access_count: 500 };
    expect(memories.update(id, own)).toBe(true);
    expect(memories.getById(id)?.access_count).toBeLessThan(500);
    expect(memories.update(id, {})).toBe(true);
    expect(memories.update('absent', {})).toBe(false);
  });

  it('reads by index: no fixed road scans the table', () => {
    const order = 'ORDER BY importance DESC, created_at DESC, seq DESC LIMIT 10';
    expect(scans(database.db, "SELECT id FROM memories WHERE id = 'x'")).toEqual([]);
    expect(scans(database.db, "SELECT id FROM memories WHERE expires_at <= '2026'")).toEqual([]);
    expect(scans(database.db, `SELECT id FROM memories WHERE superseded_at IS NULL ${order}`)).toEqual([
      'SCAN memories USING INDEX memories_rank',
    ]);
  });

  it('round-trips any valid memory', () => {
    const valid = fc.record({
      type: fc.constantFrom('fact', 'preference', 'error'),
      content: fc.string({ unit: 'grapheme', minLength: 1 }),
      importance: fc.double({ min: 0, max: 1, noNaN: true }),
      metadata: fc.dictionary(fc.string(), fc.jsonValue()).map((value) => decodeJsonObject(JSON.stringify(value))),
      embedding: fc.float32Array({ minLength: 1, maxLength: 8, noNaN: true, noDefaultInfinity: true }),
    });
    fc.assert(
      fc.property(valid, (memory) => {
        database.manager.clearAll();
        memories.create(memory);
        const [stored] = memories.find();
        expect(stored).toMatchObject({ content: memory.content, type: memory.type, embedding: memory.embedding });
        expect(stored?.importance === memory.importance).toBe(true);
        expect(JSON.stringify(stored?.metadata)).toBe(JSON.stringify(memory.metadata));
      }),
      { numRuns: 100 },
    );
  });

  it('stores a lone surrogate as the replacement character, under one identity', () => {
    memories.create({ type: 'fact', content: 'broken \ud800' });
    memories.create({ type: 'fact', content: 'broken \ud800' });
    expect(memories.find()).toMatchObject([{ content: 'broken \ufffd', access_count: 1 }]);
  });
});

describe('the shared repository', () => {
  afterEach(() => {
    resetMemoryRepository();
    resetDatabaseManager();
  });

  it('follows the manager when it is closed and opened again', async () => {
    const manager = await initializeDatabase({ inMemory: true });
    const first = getMemoryRepository();
    first.create({ type: 'fact', content: 'x' });
    expect(getMemoryRepository()).toBe(first);
    manager.close();
    expect(() => getMemoryRepository()).toThrow(expect.objectContaining({ code: 'DB_NOT_INITIALIZED' }));
    expect(() => first.find()).toThrow(expect.objectContaining({ code: 'DB_NOT_INITIALIZED' }));
    await manager.initialize();
    expect(getMemoryRepository()).not.toBe(first);
    expect(getMemoryRepository().find()).toEqual([]);
  });
});
