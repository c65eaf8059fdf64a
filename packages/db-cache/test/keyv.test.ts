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

vitest.it('keeps namespaces apart', async () => {
  const [a, b] = [new Keyv({ store: store(), namespace: 'a' }), new Keyv({ store: store(), namespace: 'b' })];
  await a.set('k', 1);
  await b.set('k', 2);
  vitest.expect([await a.get('k'), await b.get('k')]).toEqual([1, 2]);
  await a.clear();
  vitest.expect([await a.get('k'), await b.get('k')]).toEqual([undefined, 2]);
});

vitest.it('stores and deletes several together, or none of them', async () => {
  const several = store();
  await several.set('kept', 1);
  await vitest
    .expect(
      several.setMany([
        { key: 'a', value: 1 },
        { key: 'kept', value: 2, expires: Date.now() - 1 },
        { key: 'b', value: 2n },
      ]),
    )
    .rejects.toMatchObject({ code: 'DB_INVALID_INPUT', field: 'value' });
  vitest.expect(await several.getMany(['a', 'kept', 'b'])).toEqual([undefined, 1, undefined]);

  database.db.exec(
    "CREATE TEMP TRIGGER refuse BEFORE INSERT ON cache WHEN NEW.key LIKE '%:c' BEGIN SELECT RAISE(ABORT, 'no'); END",
  );
  const items = ['a', 'b', 'c'].map((key) => ({ key, value: key }));
  await vitest.expect(several.setMany(items)).rejects.toMatchObject({ code: 'DB_CONSTRAINT' });
  vitest.expect(await several.hasMany(['a', 'b', 'c'])).toEqual([false, false, false]);
  database.db.exec('DROP TRIGGER refuse');
  vitest.expect(await several.setMany(items)).toEqual([true, true, true]);
  vitest.expect(await several.deleteMany(['a', 'none', 'b'])).toEqual([true, false, true]);
});
