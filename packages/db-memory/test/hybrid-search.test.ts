import { temporaryDatabase } from '@codebuddy/db-core/testing';
import { expect, it } from 'vitest';
import { MemoryRepository } from '../src/index.ts';

async function filled() {
  const database = await temporaryDatabase();
  const memories = new MemoryRepository(database.db);
  const add = (content: string, ...embedding: number[]) =>
    memories.create({
      type: 'fact',
      content,
      importance: 0.5,
      ...(embedding.length === 0 ? {} : { embedding: Float32Array.from(embedding), embedding_model: 'm' }),
    });
  add('getUserById reads from the replica', 1, 0);
  add('Users are cached for a minute', 0.9, 0.1);
  add('The build uses turbo', 0, 1);
  add('loadUserProfile has no vector yet');
  return { database, memories };
}

it('finds by words and by meaning in one ranking, and says why', async () => {
  const { database, memories } = await filled();
  using _ = database;
  const [first, second] = memories.searchHybrid('user by id', Float32Array.of(1, 0));
  expect(first?.item.content).toBe('getUserById reads from the replica');
  expect(first).toMatchObject({ ranks: { keyword: 1, vector: 1 }, similarity: 1, score: 2 / 61 });
  expect(second?.ranks).toEqual({ vector: 2 });
});

it('finds by words alone without a vector, names by their parts', async () => {
  const { database, memories } = await filled();
  using _ = database;
  const contents = (text: string) => memories.searchHybrid(text).map(({ item }) => item.content);
  expect(contents('user id')).toEqual(['getUserById reads from the replica', 'loadUserProfile has no vector yet']);
  expect(memories.search('user profile')).toHaveLength(1);
  expect(contents('!?')).toEqual([]);
});

it('follows a changed content', async () => {
  const { database, memories } = await filled();
  using _ = database;
  const id = memories.search('turbo')[0]?.memory.id ?? '';
  memories.update(id, { content: 'runAllTasks replaced it' });
  expect(memories.search('all tasks')).toHaveLength(1);
  expect(memories.search('turbo')).toHaveLength(0);
  expect(() => database.db.exec("INSERT INTO memories_fts(memories_fts) VALUES ('integrity-check')")).not.toThrow();
});

it('filters what it finds, and returns unlike results where that is asked for', async () => {
  const { database, memories } = await filled();
  using _ = database;
  expect(memories.searchHybrid('user', Float32Array.of(1, 0), { type: 'preference' })).toEqual([]);
  const diverse = memories.searchHybrid('user turbo', Float32Array.of(1, 0), { limit: 2, diversity: 0.9 });
  expect(diverse.map(({ item }) => item.content)).toContain('The build uses turbo');
});
