import { fakeClock, scans, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddingRepository, type NewCodeEmbedding } from '../src/index.ts';

describe('EmbeddingRepository', () => {
  let database: TemporaryDatabase;
  let index: EmbeddingRepository;
  const clock = fakeClock();
  beforeEach(async () => {
    clock.set('2026-01-01T00:00:00.000Z');
    database = await temporaryDatabase();
    index = new EmbeddingRepository(database.db, { clock });
  });
  afterEach(() => database[Symbol.dispose]());

  const chunk = (more: Partial<NewCodeEmbedding> = {}): NewCodeEmbedding => ({
    project_id: 'p',
    file_path: 'src/a.ts',
    chunk_index: 0,
    chunk_text: 'function a() {}',
    embedding: new Float32Array([1, 0]),
    ...more,
  });

  it('stores chunks with every part, and replaces them at their place', () => {
    const full = chunk({
      embedding_model: 'm',
      symbol_type: 'function',
      symbol_name: 'a',
      start_line: 1,
      end_line: 3,
      language: 'typescript',
      chunk_hash: 'h',
    });
    const now = '2026-01-01T00:00:00.000Z';
    expect(index.upsert(full)).toEqual({ id: 1, ...full, created_at: now, updated_at: now });
    clock.advance(1_000);
    const replaced = index.upsert(chunk({ chunk_text: 'other' }));
    expect(replaced).toMatchObject({
      id: 1,
      chunk_text: 'other',
      embedding_model: 'unknown',
      created_at: now,
      updated_at: '2026-01-01T00:00:01.000Z',
    });
    expect(replaced).not.toHaveProperty('symbol_name');
    expect(replaced.chunk_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(index.getById(1)).toEqual(replaced);
    expect(index.getById(2)).toBeNull();
  });

  it('stores many, all or none', () => {
    const many = Array.from({ length: 50 }, (_, chunk_index) => chunk({ chunk_index }));
    expect(index.bulkUpsert(many)).toBe(50);
    expect(() =>
      index.bulkUpsert([
        chunk({ chunk_index: 50 }),
        chunk({ chunk_index: 51, embedding: new Float32Array([Number.NaN]) }),
      ]),
    ).toThrow(/embedding/);
    expect(index.getStats().totalEmbeddings).toBe(50);
  });

  it('finds by every filter, in the order of files and places', () => {
    index.bulkUpsert([
      chunk({ file_path: 'b.ts', language: 'typescript', symbol_type: 'class', symbol_name: 'B' }),
      chunk({ file_path: 'a.py', chunk_index: 1, language: 'python' }),
      chunk({ file_path: 'a.py', chunk_index: 0, language: 'python', symbol_type: 'function', symbol_name: 'main' }),
      chunk({ project_id: 'q', file_path: 'a.py' }),
    ]);
    const found = (filter?: Parameters<typeof index.find>[0]) =>
      index.find(filter).map(({ project_id, file_path, chunk_index }) => `${project_id}/${file_path}#${chunk_index}`);
    expect(found()).toEqual(['p/a.py#0', 'p/a.py#1', 'p/b.ts#0', 'q/a.py#0']);
    expect(found({ projectId: 'q' })).toEqual(['q/a.py#0']);
    expect(found({ projectId: 'p', filePath: 'a.py' })).toEqual(['p/a.py#0', 'p/a.py#1']);
    expect(found({ language: 'typescript' })).toEqual(['p/b.ts#0']);
    expect(found({ symbolType: 'function' })).toEqual(['p/a.py#0']);
    expect(found({ symbolName: 'B' })).toEqual(['p/b.ts#0']);
    expect(found({ offset: 3 })).toEqual(['q/a.py#0']);
    expect(found({ limit: 0 })).toEqual([]);
    expect(index.getStats()).toEqual({
      totalEmbeddings: 4,
      totalFiles: 3,
      byLanguage: { python: 2, typescript: 1, unknown: 1 },
      bySymbolType: { class: 1, function: 1, unknown: 2 },
    });
    expect(index.getStats('q')).toMatchObject({ totalEmbeddings: 1, totalFiles: 1 });
  });

  it('finds by meaning among all that pass the filter, in one model', () => {
    index.bulkUpsert(
      Array.from({ length: 100 }, (_, i) =>
        chunk({ chunk_index: i, embedding: new Float32Array([1, i / 100]), language: i % 2 ? 'a' : 'b' }),
      ),
    );
    const [best, second] = index.searchSimilar(new Float32Array([1, 0.5]), { language: 'a' }, 2);
    expect([best?.embedding.chunk_index, second?.embedding.chunk_index]).toEqual([51, 49]);
    expect(best?.similarity).toBeGreaterThan(second?.similarity ?? 1);
    expect(index.searchSimilar(new Float32Array([1, 0]), {}, 1_000)).toHaveLength(100);
    expect(index.searchSimilar(new Float32Array([1, 0]), {}, 0)).toEqual([]);
    expect(index.searchSimilar(new Float32Array([1, 0, 0]))).toEqual([]);
    index.upsert(chunk({ chunk_index: 500, embedding_model: 'm' }));
    expect(() => index.searchSimilar(new Float32Array([1, 0]))).toThrow(/embeddingModel/);
    expect(index.searchSimilar(new Float32Array([1, 0]), { embeddingModel: 'm' })).toHaveLength(1);
  });

  it('finds by symbol, the shortest name first, wildcards taken literally', () => {
    for (const [i, symbol_name] of ['getUserById', 'user', 'UserStore', 'my_user', 'myXuser'].entries())
      index.upsert(chunk({ chunk_index: i, symbol_name }));
    const names = (text: string, limit?: number) =>
      index.searchBySymbol(text, {}, limit).map(({ symbol_name }) => symbol_name);
    expect(names('user')).toEqual(['user', 'myXuser', 'my_user', 'UserStore', 'getUserById']);
    expect(names('_user')).toEqual(['my_user']);
    expect(names('%')).toEqual([]);
    expect(names('user', 1)).toEqual(['user']);
    expect(index.searchBySymbol('user', { projectId: 'other' })).toEqual([]);
  });

  it('knows whole files: what was indexed with another content must be indexed again', () => {
    const part = (chunk_text: string) => ({ chunk_text, embedding: new Float32Array([1]) });
    expect(index.needsReindex('p', 'a.ts', 'hash-1')).toBe(true);
    index.replaceFile('p', 'a.ts', 'hash-1', [part('one'), part('two'), part('three')]);
    expect(index.needsReindex('p', 'a.ts', 'hash-1')).toBe(false);
    expect(index.needsReindex('p', 'a.ts', 'hash-2')).toBe(true);
    index.replaceFile('p', 'a.ts', 'hash-2', [part('one')]);
    expect(index.find({ filePath: 'a.ts' }).map(({ chunk_text }) => chunk_text)).toEqual(['one']);
    index.replaceFile('p', 'empty.ts', 'hash-3', []);
    expect(index.needsReindex('p', 'empty.ts', 'hash-3')).toBe(false);
    expect(() =>
      index.replaceFile('p', 'a.ts', 'hash-4', [part('fine'), { chunk_text: 'x', embedding: new Float32Array() }]),
    ).toThrow();
    expect(index.needsReindex('p', 'a.ts', 'hash-2')).toBe(false);
  });

  it('forgets files, projects, and files that are gone', () => {
    for (const file_path of ['a.ts', 'b.ts', 'c.ts']) index.replaceFile('p', file_path, 'h', [chunk(), chunk()]);
    index.replaceFile('q', 'a.ts', 'h', [chunk()]);
    expect([index.deleteForFile('p', 'a.ts'), index.deleteForFile('p', 'a.ts')]).toEqual([2, 0]);
    expect(index.needsReindex('p', 'a.ts', 'h')).toBe(true);
    const existing = Array.from({ length: 10_000 }, (_, i) => `file-${i}.ts`);
    expect(index.deleteStale('p', [...existing, 'b.ts'])).toBe(2);
    expect([index.needsReindex('p', 'b.ts', 'h'), index.needsReindex('p', 'c.ts', 'h')]).toEqual([false, true]);
    expect(index.deleteStale('p', [])).toBe(2);
    expect(index.deleteForProject('q')).toBe(1);
    expect(index.getStats().totalEmbeddings).toBe(0);
  });

  it('keeps vectors by content and model', () => {
    index.cacheVectors('m', [{ text: 'text', embedding: new Float32Array([1, 2]) }]);
    index.cacheVectors('m', [{ text: 'text', embedding: new Float32Array([9, 9]) }]);
    expect(index.getCachedVector('text', 'm')).toEqual(new Float32Array([1, 2]));
    expect(index.getCachedVector('text', 'other')).toBeUndefined();
    expect(index.getCachedVector('other', 'm')).toBeUndefined();
    clock.advance(10 * 86_400_000);
    index.cacheVectors('m', [{ text: 'newer', embedding: new Float32Array([1]) }]);
    expect([index.pruneVectorCache(), index.pruneVectorCache(5)]).toEqual([0, 1]);
    expect([index.getCachedVector('text', 'm'), index.getCachedVector('newer', 'm')]).toEqual([
      undefined,
      new Float32Array([1]),
    ]);
  });

  it('keeps the vectors of a batch together, or none', () => {
    const batch = [
      { text: 'good', embedding: Float32Array.of(1) },
      { text: 'bad', embedding: Float32Array.of(Number.NaN) },
    ];
    expect(() => index.cacheVectors('m', batch)).toThrow(/Invalid embedding/);
    expect(index.getCachedVector('good', 'm')).toBeUndefined();
  });

  it('stores the same chunk of several branches once, and collects what nothing points to any more', () => {
    const contents = () => database.db.prepare('SELECT count(*) AS n FROM code_contents').get();
    const part = { chunk_text: 'shared', embedding: new Float32Array([1, 2]), embedding_model: 'm' };
    for (const project of ['main', 'feature', 'worktree'])
      index.replaceFile(project, 'a.ts', 'h', [part, { ...part, chunk_text: project }]);
    expect(contents()).toEqual({ n: 4 });
    index.deleteForProject('feature');
    expect(contents()).toEqual({ n: 3 });
    index.upsert(
      chunk({ project_id: 'main', file_path: 'a.ts', chunk_index: 1, chunk_text: 'edited', embedding_model: 'm' }),
    );
    expect(contents()).toEqual({ n: 3 });
    index.deleteStale('main', []);
    index.deleteForFile('worktree', 'a.ts');
    expect(contents()).toEqual({ n: 0 });
  });

  it('keeps two vectors of one text apart when nobody knows what made them', () => {
    index.upsert(chunk({ chunk_index: 0, embedding: new Float32Array([1, 0]) }));
    index.upsert(chunk({ chunk_index: 1, embedding: new Float32Array([0, 1]) }));
    expect(index.find().map(({ embedding }) => [...embedding])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('keeps a vector that was paid for in one place', () => {
    index.cacheVectors('m', [{ text: 'text', embedding: new Float32Array([1, 2]) }]);
    index.replaceFile('p', 'a.ts', 'h', [
      { chunk_text: 'text', embedding: new Float32Array([1, 2]), embedding_model: 'm' },
    ]);
    expect(database.db.prepare('SELECT count(*) AS n FROM embedding_cache').get()).toEqual({ n: 0 });
    expect(index.getCachedVector('text', 'm')).toEqual(new Float32Array([1, 2]));
  });

  it.each([
    { project_id: '' },
    { file_path: '' },
    { chunk_index: -1 },
    { chunk_index: 0.5 },
    { embedding: new Float32Array() },
    { start_line: -1 },
    { embedding_model: '' },
  ])('refuses %j, and nothing changes', (bad) => {
    expect(() => index.upsert(chunk(bad))).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
    expect(index.find()).toEqual([]);
  });

  it('reads by index', () => {
    expect(
      scans(database.db, "SELECT id FROM code_chunks WHERE project_id = 'p' AND file_path = 'a' AND chunk_index >= 0"),
    ).toEqual([]);
    expect(
      scans(database.db, "SELECT embedding FROM embedding_cache WHERE content_hash = 'h' AND model = 'm'"),
    ).toEqual([]);
  });
});
