import fc from 'fast-check';
import { expect } from 'vitest';
import { expectToBe, names, type Step } from '../../src/models/histories.ts';

interface StoredChunk {
  text: string;
  vector: Float32Array;
}

/** By file and place. */
type Model = Map<string, StoredChunk>;

const vectors = fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: 1, max: 3 }));
const content = fc.record({ text: names, vector: vectors });

type Content = typeof content extends fc.Arbitrary<infer Value> ? Value : never;

const toInput = ({ text, vector: [x, y] }: Content) => ({
  chunk_text: text,
  embedding: Float32Array.of(x, y),
  embedding_model: 'm',
});

function put(model: Model, file: string, place: number, each: Content): void {
  const { chunk_text: text, embedding: vector } = toInput(each);
  model.set(`${file}:${place}`, { text, vector });
  // A model gives a text one vector: the newest counts for all.
  for (const chunk of model.values()) if (chunk.text === text) chunk.vector = vector;
}

function removeWhere(model: Model, isMeant: (file: string, place: number) => boolean): number {
  const places = [...model.keys()].filter((key) => {
    const [file = '', place] = key.split(':');
    return isMeant(file, Number(place));
  });
  for (const place of places) model.delete(place);
  return places.length;
}

const upsert = fc.array(fc.tuple(names, fc.nat(2), content), { minLength: 1, maxLength: 4 }).map(
  (chunks): Step<Model> =>
    async (world, model) => {
      const rows = chunks.map(([file, place, each]) => ({
        ...toInput(each),
        project_id: 'p',
        file_path: file,
        chunk_index: place,
      }));
      expect(await world.call('chunks', 'bulkUpsert', rows)).toBe(rows.length);
      for (const [file, place, each] of chunks) put(model, file, place, each);
    },
);

const replaceFile = fc.tuple(names, fc.array(content, { maxLength: 3 })).map(
  ([file, contents]): Step<Model> =>
    async (world, model) => {
      await world.call('chunks', 'replaceFile', 'p', file, 'hash', contents.map(toInput));
      for (const [place, each] of contents.entries()) put(model, file, place, each);
      removeWhere(model, (name, place) => name === file && place >= contents.length);
    },
);

const removeFile = names.map(
  (file): Step<Model> =>
    async (world, model) => {
      expect(await world.call('chunks', 'deleteForFile', 'p', file)).toBe(removeWhere(model, (name) => name === file));
    },
);

const removeStale = fc.uniqueArray(names).map(
  (existing): Step<Model> =>
    async (world, model) => {
      const removed = removeWhere(model, (name) => !existing.includes(name));
      expect(await world.call('chunks', 'deleteStale', 'p', existing)).toBe(removed);
    },
);

const removeProject = fc.constant<Step<Model>>(async (world, model) => {
  expect(await world.call('chunks', 'deleteForProject', 'p')).toBe(removeWhere(model, () => true));
});

expectToBe<Model>('chunks are those of a plain map of places', {
  start: () => new Map(),
  steps: fc.oneof(
    { weight: 4, arbitrary: upsert },
    { weight: 4, arbitrary: replaceFile },
    { weight: 2, arbitrary: removeFile },
    { weight: 2, arbitrary: removeStale },
    { weight: 1, arbitrary: removeProject },
  ),
  compare({ repositories: { chunks } }, model) {
    const found = chunks.find({ projectId: 'p' });
    expect(found.map(({ file_path, chunk_index, chunk_text }) => [`${file_path}:${chunk_index}`, chunk_text])).toEqual(
      [...model].map(([place, { text }]) => [place, text]).sort(),
    );
    const similarity = ({ vector: [x = 0, y = 0] }: StoredChunk) => (x + 2 * y) / (Math.hypot(x, y) * Math.hypot(1, 2));
    const expected = [...model.values()].map(similarity).sort((a, b) => b - a);
    const similarities = chunks.searchSimilar(Float32Array.of(1, 2), {}, 100).map((match) => match.similarity);
    expect(similarities).toHaveLength(expected.length);
    for (const [rank, value] of similarities.entries()) expect(value).toBeCloseTo(expected[rank] ?? 0, 5);
  },
});
