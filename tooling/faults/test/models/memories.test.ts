import fc from 'fast-check';
import { expect } from 'vitest';
import { expectToBe, names, type Step, timePasses } from '../../src/models/histories.ts';

interface StoredMemory {
  content: string;
  importance: number;
  /** In milliseconds; infinite where it lives for ever. */
  expires: number;
  superseded: boolean;
}

type Model = Map<string, StoredMemory>;

interface NewMemory {
  readonly id: string;
  readonly content: string;
  readonly importance: number;
  readonly ttl: number;
}

const newMemory = fc.record({
  id: names,
  content: names,
  importance: fc.constantFrom(0, 0.25, 1),
  ttl: fc.constantFrom(50, 5_000, Number.POSITIVE_INFINITY),
});

const toInput = ({ id, content, importance, ttl }: NewMemory, now: number) => ({
  id,
  type: 'fact',
  content,
  importance,
  ...(Number.isFinite(ttl) ? { expires_at: new Date(now + ttl) } : {}),
});

const currentWith = (model: Model, content: string) =>
  [...model].find(([, memory]) => memory.content === content && !memory.superseded);

/** Adds a memory as the repository does, and returns the id under which it is kept, or the code of an error. */
function add(model: Model, { id, content, importance, ttl }: NewMemory, now: number): { id: string } | string {
  const known = currentWith(model, content);
  const expires = now + ttl;
  const isOver = known !== undefined && known[1].expires <= now;
  // What has expired is in nobody's way.
  if (isOver) model.delete(known[0]);
  const same = isOver ? undefined : known;
  if (same !== undefined) {
    // The same content counts as used: it keeps the higher importance and the later end.
    same[1].importance = Math.max(same[1].importance, importance);
    same[1].expires = Math.max(same[1].expires, expires);
    return { id: same[0] };
  }
  if (model.has(id)) return 'DB_CONSTRAINT';
  model.set(id, { content, importance, expires, superseded: false });
  return { id };
}

/** Changes a model all or nothing. */
function together<Result>(model: Model, change: (draft: Model) => Result | string): Result | string {
  const draft = structuredClone(model);
  const result = change(draft);
  if (typeof result === 'string') return result;
  model.clear();
  for (const [id, memory] of draft) model.set(id, memory);
  return result;
}

const create = newMemory.map(
  (memory): Step<Model> =>
    async (world, model) => {
      const result = await world.call('memories', 'create', toInput(memory, world.clock()));
      const expected = add(model, memory, world.clock());
      if (typeof expected === 'string') expect(result).toBe(expected);
      else expect(result).toMatchObject({ ...expected, content: memory.content });
    },
);

const bulkCreate = fc.array(newMemory, { maxLength: 3 }).map(
  (memories): Step<Model> =>
    async (world, model) => {
      const now = world.clock();
      const result = await world.call(
        'memories',
        'bulkCreate',
        memories.map((memory) => toInput(memory, now)),
      );
      const expected = together(model, (draft) => {
        let stored = 0;
        for (const memory of memories) {
          // One whose id exists is skipped, one that is said again is no new one.
          if (draft.has(memory.id)) continue;
          const added = add(draft, memory, now);
          if (typeof added === 'string') return added;
          if (added.id === memory.id) stored++;
        }
        return stored;
      });
      expect(result).toBe(expected);
    },
);

const supersede = fc.tuple(names, newMemory).map(
  ([id, memory]): Step<Model> =>
    async (world, model) => {
      const now = world.clock();
      const result = await world.call('memories', 'supersede', id, toInput(memory, now));
      const expected = together(model, (draft) => {
        const old = draft.get(id);
        if (old === undefined) return 'DB_NOT_FOUND';
        if (old.superseded) return 'DB_CONFLICT';
        old.superseded = true;
        return add(draft, memory, now);
      });
      if (typeof expected === 'string') expect(result).toBe(expected);
      else expect(result).toMatchObject({ ...expected, content: memory.content });
    },
);

const update = fc.tuple(names, names).map(
  ([id, content]): Step<Model> =>
    async (world, model) => {
      const memory = model.get(id);
      const other = currentWith(model, content);
      const isTaken = memory !== undefined && !memory.superseded && other !== undefined && other[0] !== id;
      const result = await world.call('memories', 'update', id, { content });
      if (isTaken) expect(result).toBe('DB_CONSTRAINT');
      else {
        expect(result).toBe(memory !== undefined);
        if (memory !== undefined) memory.content = content;
      }
    },
);

const remove = names.map(
  (id): Step<Model> =>
    async (world, model) => {
      expect(await world.call('memories', 'delete', id)).toBe(model.delete(id));
    },
);

const removeExpired = fc.constant<Step<Model>>(async (world, model) => {
  const expired = [...model].filter(([, { expires }]) => expires <= world.clock());
  expect(await world.call('memories', 'deleteExpired')).toBe(expired.length);
  for (const [id] of expired) model.delete(id);
});

expectToBe<Model>('memories are those of a plain list', {
  start: () => new Map(),
  steps: fc.oneof(create, bulkCreate, supersede, update, remove, removeExpired, timePasses()),
  compare({ repositories, clock }, model) {
    const current = [...model].filter(([, { expires, superseded }]) => expires > clock() && !superseded);
    const expected = current.map(([id, { content, importance }]) => ({ id, content, importance }));
    const found = repositories.memories.find().map(({ id, content, importance }) => ({ id, content, importance }));
    const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
    expect(found.sort(byId)).toEqual(expected.sort(byId));
    expect(repositories.memories.search('a').map(({ memory }) => memory.id)).toEqual(
      expected.filter(({ content }) => content === 'a').map(({ id }) => id),
    );
  },
});
