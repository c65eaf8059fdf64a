import { redactSecrets } from '@codebuddy/db-core';
import { fakeClock, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { Embeddings } from '@langchain/core/embeddings';
import { type BaseStore, InMemoryStore, type Operation } from '@langchain/langgraph-checkpoint';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LangGraphStore } from '../../src/adapters/langgraph/store.ts';

/** Vectors of letters: texts with the same letters are alike. */
class Letters extends Embeddings {
  constructor() {
    super({});
  }

  override async embedDocuments(texts: string[]): Promise<number[][]> {
    return texts.map((text) =>
      Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => text.toLowerCase().split(letter).length - 1),
    );
  }

  override async embedQuery(text: string): Promise<number[]> {
    return (await this.embedDocuments([text]))[0] ?? [];
  }
}

const index = () => ({ dims: 26, embeddings: new Letters(), fields: ['text'] });

describe('a LangGraph store', () => {
  let database: TemporaryDatabase;
  let store: LangGraphStore;
  beforeEach(async () => {
    database = await temporaryDatabase();
    store = await LangGraphStore.create(database.manager, { index: index() });
  });
  afterEach(() => database[Symbol.dispose]());

  it('keeps items, with when they came and when they changed', async () => {
    const clock = fakeClock();
    const clocked = await LangGraphStore.create(database.manager, { clock });
    await clocked.put(['users', '42'], 'theme', { dark: true });
    const createdAt = new Date(clock());
    clock.advance(1_000);
    await clocked.put(['users', '42'], 'theme', { dark: false });
    expect(await clocked.get(['users', '42'], 'theme')).toEqual({
      namespace: ['users', '42'],
      key: 'theme',
      value: { dark: false },
      createdAt,
      updatedAt: new Date(clock()),
    });
    await clocked.delete(['users', '42'], 'theme');
    expect(await clocked.get(['users', '42'], 'theme')).toBeNull();
  });

  it('finds items by meaning, and their vectors go with them', async () => {
    await store.put(['docs'], 'a', { text: 'zebra' });
    await store.put(['docs'], 'b', { text: 'apple' });
    await store.put(['docs'], 'c', { text: 'zebra zebra' }, false);
    const found = await store.search(['docs'], { query: 'zebra' });
    expect(found.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    expect(found[0]?.score).toBeCloseTo(1, 6);
    expect(found[2]?.score).toBeUndefined();
    await store.put(['docs'], 'a', { text: 'apple pie' });
    expect((await store.search(['docs'], { query: 'apple' })).map(({ key }) => key)[0]).toBe('b');
    await store.delete(['docs'], 'a');
    expect(database.db.prepare('SELECT count(*) AS vectors FROM langgraph_store_vectors').get()).toEqual({
      vectors: 1,
    });
  });

  it('refuses a namespace and a filter that make no sense, and changes nothing', async () => {
    await expect(store.put([], 'k', {})).rejects.toThrow(/[Nn]amespace/);
    await store.put(['a'], 'other', { a: 1 });
    await expect(
      store.batch([
        { namespace: ['a'], key: 'k', value: { a: 1 } },
        { namespacePrefix: ['a'], filter: { a: { $near: 1 } } },
      ]),
    ).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
    expect(await store.get(['a'], 'k')).toBeNull();
  });

  it('answers as the store in memory does that LangGraph brings', async () => {
    const label = fc.constantFrom('a', 'b', 'ab');
    const namespace = fc.array(label, { minLength: 1, maxLength: 3 });
    const value = fc.record({ text: fc.constantFrom('x', 'yy', 'zebra'), n: fc.nat(3) });
    const operation = fc.oneof(
      fc.record({ namespace, key: label, value: fc.option(value) }),
      fc.record({ namespace, key: label }),
      fc.record({
        namespacePrefix: namespace,
        filter: fc.constantFrom({}, { n: 1 }, { n: { $gt: 1 } }, { text: { $ne: 'x' } }),
        limit: fc.constant(50),
      }),
      fc.record({
        matchConditions: fc.array(
          fc.record({
            matchType: fc.constantFrom('prefix' as const, 'suffix' as const),
            path: fc.array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 2 }),
          }),
          { maxLength: 2 },
        ),
        maxDepth: fc.constantFrom(1, 2, 3),
        limit: fc.constant(50),
        offset: fc.constant(0),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 20 }), async (operations) => {
        using own = await temporaryDatabase();
        const ours = await LangGraphStore.create(own.manager);
        const theirs = new InMemoryStore();
        for (const each of operations) expect(await answers(ours, each)).toEqual(await answers(theirs, each));
      }),
      { numRuns: 60 },
    );
  });
});

/** What an operation gives, without its order and its times. Namespaces that are empty now are named in memory still. */
async function answers(store: BaseStore, operation: Operation): Promise<string[]> {
  const [result] = await store.batch([operation]);
  const list: readonly unknown[] = Array.isArray(result) ? result : [result];
  const parts = (item: object) => ['namespace', 'key', 'value'].map((part) => Reflect.get(item, part));
  return list
    .flatMap((each) =>
      typeof each === 'object' && each !== null && 'key' in each ? [JSON.stringify(parts(each))] : [],
    )
    .sort();
}

it('a LangGraph store on a connection that redacts secrets keeps none in its items, and sends none to a model', async () => {
  const token = ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');
  const gone = '[redacted: GitHub token]';
  using database = await temporaryDatabase({ redact: redactSecrets });
  const sent: string[] = [];
  class Listening extends Letters {
    override async embedDocuments(texts: string[]): Promise<number[][]> {
      sent.push(...texts);
      return super.embedDocuments(texts);
    }
  }
  const store = await LangGraphStore.create(database.manager, { index: { dims: 26, embeddings: new Listening() } });
  const value = (text: string) => ({ text: `line\n${text}`, [text]: JSON.stringify({ out: `\t${text}` }) });
  await store.put(['users', token], token, value(token));
  expect((await store.get(['users', token], token))?.value).toEqual(value(gone));
  expect(await store.search(['users'], { query: `what is ${token}?` })).toHaveLength(1);
  expect(sent).toEqual([JSON.stringify(value(gone)), `what is ${gone}?`]);
  const { value: stored } = Object(database.db.prepare('SELECT value FROM langgraph_store_items').get());
  expect(stored).toBe(JSON.stringify(value(gone)));
});
