import fc from 'fast-check';
import { expect } from 'vitest';
import { list } from '../../src/consistency.ts';
import { expectToBe, names, type Step } from '../../src/models/histories.ts';

interface SavedFile {
  readonly path: string;
  /** Absent where there was no file. */
  readonly content: string | undefined;
}

type Model = Map<string, readonly SavedFile[]>;

const file = fc.record({ path: names, content: fc.option(fc.constantFrom('', 'one', 'two'), { nil: undefined }) });
const files = fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 3 });

const toInput = ({ path, content }: SavedFile) => ({
  file_path: path,
  ...(content === undefined ? {} : { content: new TextEncoder().encode(content) }),
});

const create = fc.tuple(names, files).map(
  ([id, saved]): Step<Model> =>
    async (world, model) => {
      const result = await world.call('checkpoints', 'create', { id, project_id: 'p', files: saved.map(toInput) });
      if (model.has(id)) expect(result).toBe('DB_CONSTRAINT');
      else model.set(id, saved);
    },
);

const remove = names.map(
  (id): Step<Model> =>
    async (world, model) => {
      expect(await world.call('checkpoints', 'delete', id)).toBe(model.delete(id));
    },
);

expectToBe<Model>('checkpoints are those of a plain list', {
  start: () => new Map(),
  steps: fc.oneof(create, remove),
  compare({ repositories: { checkpoints }, db }, model) {
    const found = checkpoints.find().map(({ id }) => id);
    expect(found.sort()).toEqual([...model.keys()].sort());
    for (const [id, saved] of model) {
      const stored = checkpoints.getFiles(id).map(({ file_path, content_hash: hash }) => ({
        path: file_path,
        content: hash === undefined ? undefined : new TextDecoder().decode(checkpoints.getContent(hash)),
      }));
      expect(stored).toEqual(saved.toSorted((a, b) => a.path.localeCompare(b.path)));
    }
    const contents = new Set([...model.values()].flat().flatMap(({ content }) => content ?? []));
    expect(list(db, 'SELECT count(*) FROM checkpoint_contents')).toEqual([String(contents.size)]);
  },
});
