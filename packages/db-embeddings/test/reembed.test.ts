import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddingProvider, EmbeddingRepository, reembed } from '../src/index.ts';

describe('moving to another model', () => {
  let database: TemporaryDatabase;
  let repository: EmbeddingRepository;
  let calls: string[][];
  beforeEach(async () => {
    database = await temporaryDatabase();
    repository = new EmbeddingRepository(database.db);
    calls = [];
    const chunks = Array.from({ length: 150 }, (_, i) => ({
      chunk_text: `text ${i}`,
      embedding: new Float32Array([i, 1]),
      embedding_model: 'old',
    }));
    repository.replaceFile('p', 'a.ts', 'h', chunks);
  });
  afterEach(() => database[Symbol.dispose]());

  const provider = (during: (call: number) => void = () => undefined) =>
    new EmbeddingProvider({
      model: 'new',
      maxBatch: 50,
      provider: async (texts) => {
        calls.push(texts);
        during(calls.length);
        return texts.map((text) => [text.length, 1, 0]);
      },
    });
  const oldServes = () => repository.searchSimilar(new Float32Array([7, 1]), { embeddingModel: 'old' }, 1).length === 1;
  const run = (
    model: EmbeddingProvider,
    more: { signal?: AbortSignal; onProgress?: (progress: { done: number; total: number }) => void } = {},
  ) => reembed({ db: database.db, provider: model, cache: repository, targets: [repository], ...more });

  it('takes along a chunk without text', async () => {
    repository.upsert({
      project_id: 'p',
      file_path: 'empty.ts',
      chunk_index: 0,
      chunk_text: '',
      embedding: new Float32Array([1, 1]),
      embedding_model: 'old',
    });
    expect(await run(provider())).toBe(151);
    expect(repository.getModels()).toEqual(['function:new']);
  });

  it('replaces every vector at once, while the old ones go on serving', async () => {
    const served: boolean[] = [];
    const steps: string[] = [];
    const model = provider(() => served.push(oldServes()));
    expect(await run(model, { onProgress: ({ done, total }) => steps.push(`${done}/${total}`) })).toBe(150);
    expect(served.length).toBeGreaterThan(2);
    expect(served.every(Boolean)).toBe(true);
    expect(steps).toEqual(['64/150', '128/150', '150/150']);
    expect(repository.getModels()).toEqual(['function:new']);
    expect(repository.searchSimilar(new Float32Array([7, 1, 0]), { embeddingModel: 'function:new' }, 500)).toHaveLength(
      150,
    );
    expect(() => oldServes()).toThrow(
      expect.objectContaining({ code: 'DB_EMBEDDING_MISMATCH', message: expect.stringContaining('reembed()') }),
    );
    expect(await run(model)).toBe(0);
    expect(repository.find({ limit: 1 })[0]).toMatchObject({ chunk_text: 'text 0', embedding_model: 'function:new' });
  });

  it('goes on where it stopped, and pays for nothing twice', async () => {
    const controller = new AbortController();
    const stopped = run(
      provider((call) => void (call === 2 && controller.abort(new Error('stop')))),
      { signal: controller.signal },
    );
    await expect(stopped).rejects.toThrow('stop');
    expect(oldServes()).toBe(true);
    expect(repository.getModels()).toEqual(['old']);
    const before = new Set(calls.flat());
    calls = [];
    expect(
      await run(
        new EmbeddingProvider(
          {
            model: 'new',
            provider: async (texts) => {
              calls.push(texts);
              return texts.map(() => [1, 1, 0]);
            },
          },
          repository,
        ),
      ),
    ).toBe(150);
    const again = calls.flat().filter((text) => before.has(text));
    expect(again.length).toBeLessThanOrEqual(64);
    expect(calls.flat().length).toBeLessThan(150);
  });

  it('takes along what is written meanwhile', async () => {
    const late = { chunk_text: 'late', embedding: new Float32Array([1, 1]), embedding_model: 'old' };
    const model = provider((call) => void (call === 3 && repository.replaceFile('p', 'late.ts', 'h', [late])));
    expect(await run(model)).toBe(151);
    expect(repository.getModels()).toEqual(['function:new']);
  });

  it('leaves everything as it was when the model fails', async () => {
    const failing = new EmbeddingProvider({ model: 'new', provider: () => Promise.reject(new Error('down')) });
    await expect(run(failing)).rejects.toThrow('down');
    expect(oldServes()).toBe(true);
  });
});
