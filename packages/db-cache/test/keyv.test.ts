import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import keyvTestSuite, { keyvIteratorTests } from '@keyv/test-suite';
import Keyv from 'keyv';
import * as vitest from 'vitest';
import { CacheRepository } from '../src/index.ts';
import { KeyvCacheStore } from '../src/keyv.ts';

let database: TemporaryDatabase;
vitest.beforeAll(async () => {
  database = await temporaryDatabase();
});
vitest.afterAll(() => database[Symbol.dispose]());

const store = () => new KeyvCacheStore(new CacheRepository(database.db));

/** The suite was written for Keyv 5; these two fail with Keyv 6 whatever the store, its own Map included. */
const ASKS_FOR_KEYV_5 = [
  '.deleteMany([keys]) with nonexistent keys resolves to false',
  'value can be BigInt using other serializer/deserializer',
];

const it = Object.assign(
  (name: string, body: () => Promise<void>) =>
    (ASKS_FOR_KEYV_5.includes(name) ? vitest.it.fails : vitest.it)(name, body),
  vitest.it,
);

vitest.describe("the suite of Keyv's authors", () => {
  keyvTestSuite({ ...vitest, it }, Keyv, store);
  keyvIteratorTests({ ...vitest, it }, Keyv, store);
});

vitest.describe("the suite of Keyv's authors, with Keyv's own Map", () => {
  keyvTestSuite({ ...vitest, it }, Keyv, () => new Map());
});

vitest.describe.each(['one store', 'a store each'])('instances of Keyv that share %s', (sharing) => {
  const shared = () => store();
  const pair = (...namespaces: [string?, string?]): [Keyv, Keyv] => {
    const one = shared();
    const [a, b] = namespaces.map(
      (namespace) => new Keyv({ store: sharing === 'one store' ? one : shared(), namespace }),
    );
    if (a === undefined || b === undefined) throw new Error('expected two namespaces');
    return [a, b];
  };

  vitest.it('neither read, iterate nor clear the entries of another namespace', async () => {
    const [a, b] = pair('a', 'b');
    await a.set('k', 1);
    await b.setMany([
      { key: 'k', value: 2 },
      { key: 'l', value: 3 },
    ]);
    vitest.expect([await a.get('k'), await b.get('k'), await a.has('l')]).toEqual([1, 2, false]);
    vitest.expect(await a.getMany(['k', 'l'])).toEqual([1, undefined]);
    vitest.expect(await entriesOf(a)).toEqual([['k', 1]]);
    vitest.expect([await a.delete('l'), await b.get('l')]).toEqual([false, 3]);
    await a.clear();
    vitest.expect([await a.get('k'), await b.get('k'), await b.get('l')]).toEqual([undefined, 2, 3]);
  });

  vitest.it.each([
    ['a', 'b:c', 'a:b', 'c'],
    ['x', 'y', 'x:y', ''],
    ['a%', 'b', 'a', '%b'],
    ['é', '/k', 'é/', 'k'],
  ])('keep key %j:%j apart from %j:%j', async (namespace, key, otherNamespace, otherKey) => {
    const [one, other] = pair(namespace, otherNamespace);
    await one.set(key, 'one');
    vitest.expect(await other.get(otherKey)).toBeUndefined();
    await other.clear();
    vitest.expect(await one.get(key)).toBe('one');
  });
});

vitest.it('keeps partitions apart whatever namespaces and keys they have', async () => {
  const cache = new CacheRepository(database.db);
  const names = [undefined, 'a', 'a/', 'a::b', '%2F', 'keyv', 'é'];
  const tenants = names.map((partition) => new KeyvCacheStore(cache, { partition }));
  const keyvs = tenants.flatMap((store) => [new Keyv({ store, namespace: 'a' }), new Keyv({ store, namespace: 'b' })]);
  for (const [index, keyv] of keyvs.entries()) await keyv.set('::b', index);
  vitest.expect(await Promise.all(keyvs.map((keyv) => keyv.get('::b')))).toEqual(keyvs.map((_, index) => index));
  await new Keyv({ store: tenants[0] }).clear();
  vitest
    .expect(await Promise.all(keyvs.map((keyv) => keyv.get('::b'))))
    .toEqual(keyvs.map((_, index) => (index < 2 ? undefined : index)));
  vitest
    .expect(() => new KeyvCacheStore(cache, { partition: 'é\ud800' }))
    .toThrow(vitest.expect.objectContaining({ code: 'DB_INVALID_INPUT', field: 'partition' }));
  vitest
    .expect(() => new KeyvCacheStore(cache, Object({ partition: 7 })))
    .toThrow(vitest.expect.objectContaining({ code: 'DB_INVALID_INPUT', field: 'partition' }));
});

vitest.describe('entries of the earlier form', () => {
  const earlier = (namespace: string, key: string, value: unknown) =>
    new CacheRepository(database.db).set(`keyv:${namespace}:${key}`, JSON.stringify({ value }), { category: 'keyv' });
  vitest.beforeEach(() => {
    new CacheRepository(database.db).clear();
    earlier('users', 'ada', 1);
    earlier('', 'plain', 2);
    earlier('users', 'a:b', 'of users, or of users:a');
  });

  vitest.it('are read, found and iterated over if they can only mean one key', async () => {
    const users = new Keyv({ store: store(), namespace: 'users' });
    const plain = new Keyv({ store: store() });
    vitest.expect([await users.get('ada'), await users.has('ada'), await plain.get('plain')]).toEqual([1, true, 2]);
    vitest
      .expect([await users.get('a:b'), await new Keyv({ store: store(), namespace: 'users:a' }).get('b')])
      .toEqual([undefined, undefined]);
    vitest.expect(await entriesOf(users)).toEqual([['ada', 1]]);
  });

  vitest.it('stay away once they are replaced or deleted', async () => {
    const users = new Keyv({ store: store(), namespace: 'users' });
    await users.set('ada', 'new');
    vitest.expect([await users.get('ada'), await entriesOf(users)]).toEqual(['new', [['ada', 'new']]]);
    vitest.expect([await users.delete('ada'), await users.get('ada')]).toEqual([true, undefined]);
    const plain = new Keyv({ store: store() });
    vitest.expect([await plain.delete('plain'), await plain.has('plain')]).toEqual([true, false]);
  });

  vitest.it('are cleared with their namespace', async () => {
    const users = new Keyv({ store: store(), namespace: 'users' });
    await users.clear();
    vitest.expect([await users.get('ada'), await new Keyv({ store: store() }).get('plain')]).toEqual([undefined, 2]);
  });
});

async function entriesOf(keyv: Keyv): Promise<unknown[]> {
  const entries: unknown[] = [];
  for await (const entry of keyv.iterator()) entries.push(entry);
  return entries;
}

vitest.it('stores and deletes several together, or none of them', async () => {
  const several = store();
  await several.set('kept', 1);
  await vitest
    .expect(
      several.setMany([
        { key: 'a', value: 1 },
        { key: 'kept', value: 2, ttl: 0 },
        { key: 'b', value: 2n },
      ]),
    )
    .rejects.toMatchObject({ code: 'DB_INVALID_INPUT', field: 'value' });
  vitest.expect(await several.getMany(['a', 'kept', 'b'])).toEqual([undefined, 1, undefined]);

  database.db.exec(
    "CREATE TEMP TRIGGER refuse BEFORE INSERT ON cache WHEN NEW.key LIKE '%/c' BEGIN SELECT RAISE(ABORT, 'no'); END",
  );
  const items = ['a', 'b', 'c'].map((key) => ({ key, value: key }));
  await vitest.expect(several.setMany(items)).rejects.toMatchObject({ code: 'DB_CONSTRAINT' });
  vitest.expect(await several.hasMany(['a', 'b', 'c'])).toEqual([false, false, false]);
  database.db.exec('DROP TRIGGER refuse');
  vitest.expect(await several.setMany(items)).toEqual([true, true, true]);
  vitest.expect(await several.deleteMany(['a', 'none', 'b'])).toEqual([true, false, true]);
});
