import type { CheckpointStore } from '@codebuddy/db-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Either, StoreHarness } from './store-harness.ts';

/** Describes what every checkpoint repository does, as a test suite over the one that `create` makes. */
export function describeCheckpointStore(
  engine: string,
  create: () => Promise<StoreHarness<Either<CheckpointStore>>>,
): void {
  describe(`checkpoints in ${engine}`, () => {
    let harness: StoreHarness<Either<CheckpointStore>>;
    let store: Either<CheckpointStore>;
    beforeEach(async () => {
      harness = await create();
      store = harness.store;
    });
    afterEach(() => harness.close());

    const bytes = (text: string) => new TextEncoder().encode(text);

    it('give files back with contents and modes, and remember those that did not exist', async () => {
      const files = [
        { file_path: 'a.ts', content: bytes('a'), mode: 0o755 },
        { file_path: 'empty', content: bytes('') },
        { file_path: 'none' },
      ];
      const { id, file_count, total_size } = await store.create({ project_id: 'shop', files });
      expect({ file_count, total_size }).toEqual({ file_count: 3, total_size: 1 });
      const [first, empty, none] = await store.getFiles(id);
      expect(first).toMatchObject({ file_path: 'a.ts', existed: true, mode: 0o755 });
      expect(Buffer.from(await store.getContent(first?.content_hash ?? '')).toString()).toBe('a');
      expect(Buffer.from(await store.getContent(empty?.content_hash ?? '')).toString()).toBe('');
      expect(none).toMatchObject({ file_path: 'none', existed: false });
    });

    it('are found by project, the newest first', async () => {
      for (const description of ['first', 'second']) {
        await store.create({ project_id: 'shop', description, files: [] });
        harness.clock.advance(1_000);
      }
      await store.create({ project_id: 'other', files: [] });
      const found = await store.find({ projectId: 'shop' });
      expect(found.map(({ description }) => description)).toEqual(['second', 'first']);
      expect(await store.getById(found[0]?.id ?? '')).toEqual(found[0]);
    });

    it('keep a content as long as any of them needs it', async () => {
      const files = [{ file_path: 'a.ts', content: bytes('shared') }];
      const first = await store.create({ project_id: 'shop', files });
      const second = await store.create({ project_id: 'shop', files });
      const hash = (await store.getFiles(second.id))[0]?.content_hash ?? '';
      expect(await store.delete(first.id)).toBe(true);
      expect(Buffer.from(await store.getContent(hash)).toString()).toBe('shared');
      expect(await store.delete(second.id)).toBe(true);
      expect(await store.delete(second.id)).toBe(false);
      await expect(Promise.resolve().then(() => store.getContent(hash))).rejects.toMatchObject({
        code: 'DB_NOT_FOUND',
      });
    });
  });
}
