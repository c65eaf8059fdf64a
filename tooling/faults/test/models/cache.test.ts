import fc from 'fast-check';
import { expect } from 'vitest';
import { expectToBe, names, type Step, timePasses } from '../../src/models/histories.ts';

interface StoredEntry {
  readonly value: unknown;
  /** In milliseconds. */
  readonly expires: number;
  readonly tag: string;
  readonly category: string;
}

type Model = Map<string, StoredEntry>;

const item = fc.record({
  key: names,
  value: fc.jsonValue(),
  ttl: fc.constantFrom(0, 50, 5_000),
  tag: names,
  category: names,
});

type Item = typeof item extends fc.Arbitrary<infer Value> ? Value : never;

const toOptions = ({ ttl, tag, category }: Item) => ({ ttlMs: ttl, tags: [tag], category });

function store(model: Model, { key, value, ttl, tag, category }: Item, now: number): void {
  if (ttl === 0) model.delete(key);
  else model.set(key, { value: JSON.parse(JSON.stringify(value)), expires: now + ttl, tag, category });
}

/** A step that removes what passes a test, and expects to be told how many there were. */
function removeAll(
  call: string,
  args: readonly unknown[],
  isMeant: (entry: StoredEntry, key: string, now: number) => boolean,
): Step<Model> {
  return async (world, model) => {
    const meant = [...model].filter(([key, entry]) => isMeant(entry, key, world.clock()));
    expect(await world.call('cache', call, ...args)).toBe(meant.length);
    for (const [key] of meant) model.delete(key);
  };
}

const set = item.map(
  (each): Step<Model> =>
    async (world, model) => {
      await world.call('cache', 'set', each.key, each.value, toOptions(each));
      store(model, each, world.clock());
    },
);

const setMany = fc.array(item, { maxLength: 3 }).map(
  (items): Step<Model> =>
    async (world, model) => {
      await world.call(
        'cache',
        'setMany',
        items.map((each) => ({ key: each.key, value: each.value, ...toOptions(each) })),
      );
      for (const each of items) store(model, each, world.clock());
    },
);

const remove = names.map(
  (key): Step<Model> =>
    async (world, model) => {
      expect(await world.call('cache', 'delete', key)).toBe(model.delete(key));
    },
);

const removeMany = fc.array(names, { maxLength: 3 }).map(
  (keys): Step<Model> =>
    async (world, model) => {
      expect(await world.call('cache', 'deleteMany', keys)).toEqual(keys.map((key) => model.delete(key)));
    },
);

const clear = names.map(
  (prefix): Step<Model> =>
    async (world, model) => {
      await world.call('cache', 'clear', prefix);
      for (const key of [...model.keys()]) if (key.startsWith(prefix)) model.delete(key);
    },
);

expectToBe<Model>('the cache is a plain map whose entries end', {
  start: () => new Map(),
  steps: fc.oneof(
    set,
    setMany,
    remove,
    removeMany,
    clear,
    names.map((tag) => removeAll('deleteByTag', [tag], (entry) => entry.tag === tag)),
    names.map((category) => removeAll('deleteByCategory', [category], (entry) => entry.category === category)),
    names.map((text) => removeAll('deleteByPattern', [text], (_, key) => key.includes(text))),
    fc.constant(removeAll('deleteExpired', [], ({ expires }, _, now) => expires <= now)),
    timePasses(),
  ),
  compare({ repositories: { cache }, clock }, model) {
    const live = [...model].filter(([, { expires }]) => expires > clock());
    expect(cache.keys()).toEqual(live.map(([key]) => key).sort());
    for (const [key, { value }] of live) expect(cache.get(key) ?? null).toEqual(value);
  },
});
