import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LegacyHome } from './support/legacy-home.ts';

const FIRST = {
  id: 'first',
  type: 'decision',
  content: 'use zstd',
  importance: 0,
  accessCount: 2,
  createdAt: '2025-01-02T00:00:00.000Z',
  lastAccessedAt: '2025-01-03T00:00:00.000Z',
  expiresAt: '2098-01-01T00:00:00.000Z',
  metadata: { turn: 1, nested: { a: null } },
};
const AGAIN = {
  id: 'again',
  type: 'fact',
  content: 'use zstd',
  importance: 0.9,
  accessCount: 3,
  createdAt: '2025-01-01T00:00:00.000Z',
  lastAccessedAt: '2025-02-01T00:00:00.000Z',
  expiresAt: '2099-01-01T00:00:00.000Z',
  embedding: [0.5, 1],
  metadata: { turn: 2, nested: { b: 1 }, more: true },
};
const MERGED = {
  id: 'first',
  type: 'decision',
  importance: 0.9,
  access_count: 5,
  created_at: '2025-01-01T00:00:00.000Z',
  last_accessed: '2025-02-01T00:00:00.000Z',
  expires_at: '2099-01-01T00:00:00.000Z',
  embedding: new Float32Array([0.5, 1]),
  embedding_model: 'unknown',
  metadata: { turn: 1, nested: { a: null, b: 1 }, more: true, migratedFrom: 'json' },
};

describe('memories that stand in one file more than once', () => {
  let legacy: LegacyHome;
  beforeEach(async () => {
    legacy = await LegacyHome.open();
  });
  afterEach(() => legacy[Symbol.dispose]());

  const others = (count: number) => Array.from({ length: count }, (_, i) => ({ content: `other ${i}` }));
  const merged = () => legacy.memories.find({ minImportance: 0.9 });

  it.each([0, 2_500])('become one, as an upgrade merges them, with %i others between', async (count) => {
    legacy.write('memories.json', [FIRST, ...others(count), AGAIN]);
    const result = await legacy.migrate({ deleteAfterMigration: true });
    expect(result).toMatchObject({ success: true, migratedItems: { memories: count + 1 } });
    expect(result.files).toMatchObject([{ inserted: count + 1, existing: 1 }]);
    expect(merged()).toMatchObject([MERGED]);
  });

  it('are merged once, however often the file is imported', async () => {
    legacy.write('memories.json', [FIRST, AGAIN]);
    for (let run = 0; run < 3; run++) expect(await legacy.migrate()).toMatchObject({ success: true });
    expect(merged()).toMatchObject([MERGED]);
  });

  it('are merged by the next import if the first one stopped before', async () => {
    legacy.write('memories.json', [FIRST]);
    await legacy.migrate();
    legacy.write('memories.json', [FIRST, AGAIN]);
    await legacy.migrate();
    expect(merged()).toMatchObject([MERGED]);
  });

  it('leave alone what was changed since', async () => {
    legacy.write('memories.json', [FIRST]);
    await legacy.migrate();
    legacy.memories.update('first', { importance: 0.25 });
    legacy.write('memories.json', [FIRST, AGAIN]);
    await legacy.migrate();
    expect(legacy.memories.find()).toMatchObject([{ importance: 0.25, access_count: 2 }]);
  });

  it('live for ever if one of them does', async () => {
    const { expiresAt: _, ...eternal } = AGAIN;
    legacy.write('memories.json', [FIRST, eternal]);
    await legacy.migrate();
    expect(merged()[0]).not.toHaveProperty('expires_at');
  });

  it('are not merged on a dry run, which counts them as the run does', async () => {
    legacy.write('memories.json', [FIRST, AGAIN]);
    const rehearsal = await legacy.migrate({ dryRun: true });
    expect(legacy.memories.find()).toEqual([]);
    const { files } = await legacy.migrate();
    expect(rehearsal.files).toEqual(files);
  });
});
