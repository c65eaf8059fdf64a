import { countingIds, fakeClock, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryRepository } from '../src/index.ts';

describe('a memory that is said again', () => {
  const clock = fakeClock();
  const embedding = new Float32Array([1, 0]);
  let database: TemporaryDatabase;
  let memories: MemoryRepository;
  beforeEach(async () => {
    clock.set('2026-01-01T00:00:00.000Z');
    database = await temporaryDatabase();
    memories = new MemoryRepository(database.db, { clock, generateId: countingIds() });
  });
  afterEach(() => database[Symbol.dispose]());

  it('merges its metadata, in which null is a value', () => {
    const said = (metadata: Record<string, never> | object) =>
      memories.create({ type: 'fact', content: 'same', metadata: { ...metadata } }).metadata;
    expect(said({ owner: 'ada', at: { file: 'a.ts', line: 3 }, list: [null, 1] })).toMatchObject({ owner: 'ada' });
    expect(said({ owner: null, at: { line: null }, more: { deep: null } })).toEqual({
      owner: null,
      at: { file: 'a.ts', line: null },
      list: [null, 1],
      more: { deep: null },
    });
    expect(said({ owner: { name: 'ada' }, __proto__: {} })).toMatchObject({ owner: { name: 'ada' } });
    expect(said({ at: null })).toMatchObject({ at: null, owner: { name: 'ada' } });
  });

  it('takes the type that it is said with', () => {
    const { id } = memories.create({ type: 'fact', content: 'tabs, not spaces', embedding });
    expect(memories.create({ type: 'preference', content: 'tabs, not spaces' })).toMatchObject({
      id,
      type: 'preference',
    });
    expect(memories.find({ type: 'fact' })).toEqual([]);
    expect(memories.searchSimilar(embedding, { type: 'preference' })).toMatchObject([{ memory: { id } }]);
    expect(memories.searchSimilar(embedding, { type: 'fact' })).toEqual([]);
  });

  it('is a new one if the old one has expired, with an id and times of its own', () => {
    const old = memories.create({
      type: 'fact',
      content: 'the build is broken',
      importance: 0.9,
      expires_at: '2026-01-02T00:00:00.000Z',
      metadata: { since: 'Thursday' },
      embedding,
    });
    clock.set('2026-01-02T00:00:00.000Z');
    const said = memories.create({ type: 'fact', content: 'the build is broken', importance: 0.2 });
    expect(said.id).not.toBe(old.id);
    expect(said).toMatchObject({ importance: 0.2, access_count: 0, created_at: '2026-01-02T00:00:00.000Z' });
    expect(said).not.toHaveProperty('metadata');
    expect(said).not.toHaveProperty('expires_at');
    expect(memories.find()).toHaveLength(1);
    expect(memories.search('broken')).toMatchObject([{ memory: { id: said.id } }]);
    expect(memories.searchSimilar(embedding)).toEqual([]);
    expect(memories.deleteExpired()).toBe(0);
  });

  it('is stored by an import, unless it has expired itself', () => {
    const record = { ...memories.create({ type: 'fact', content: 'same', expires_at: '2026-01-02' }), id: 'imported' };
    clock.set('2026-01-03T00:00:00.000Z');
    expect(memories.importMemories([record])).toEqual(['exists']);
    const { expires_at: _, ...lasting } = record;
    expect(memories.locateMemories([lasting])).toEqual([null]);
    expect(memories.importMemories([lasting, lasting])).toEqual(['inserted', 'exists']);
    expect(memories.find()).toMatchObject([{ id: 'imported' }]);
  });

  it('becomes another one if somebody else says it', () => {
    const said = { type: 'preference', content: 'answers in French', embedding } as const;
    const ada = memories.create({ ...said, user_id: 'ada', metadata: { since: 1 } });
    const eva = memories.create({ ...said, user_id: 'eva', metadata: { since: 2 } });
    const nobody = memories.create(said);
    expect(new Set([ada.id, eva.id, nobody.id]).size).toBe(3);
    expect(ada).toMatchObject({ user_id: 'ada', metadata: { since: 1 } });
    expect(nobody).not.toHaveProperty('user_id');
    expect(memories.create({ ...said, user_id: 'ada' }).id).toBe(ada.id);
    const ids = (found: readonly { memory: { id: string } }[]) => found.map(({ memory }) => memory.id);
    for (const [userId, id] of [
      ['ada', ada.id],
      ['eva', eva.id],
      ['', nobody.id],
    ] as const) {
      expect(memories.find({ userId })).toMatchObject([{ id }]);
      expect(ids(memories.search('French', { userId }))).toEqual([id]);
      expect(ids(memories.searchSimilar(embedding, { userId }))).toEqual([id]);
      expect(memories.searchHybrid('French', embedding, { userId })).toMatchObject([{ item: { id } }]);
    }
    expect(memories.find()).toHaveLength(3);
  });

  it('is found by whose it is, also after that has changed', () => {
    const { id } = memories.create({ type: 'fact', content: 'mine', embedding, user_id: 'ada' });
    expect(memories.searchSimilar(embedding, { userId: 'ada' })).toHaveLength(1);
    memories.update(id, { user_id: 'eva' });
    expect(memories.searchSimilar(embedding, { userId: 'ada' })).toEqual([]);
    expect(memories.searchSimilar(embedding, { userId: 'eva' })).toHaveLength(1);
    memories.update(id, { user_id: null });
    expect(memories.getById(id)).not.toHaveProperty('user_id');
  });
});
