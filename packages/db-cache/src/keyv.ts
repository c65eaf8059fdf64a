import { EventEmitter } from 'node:events';
import { InvalidInputError } from '@codebuddy/db-core';
import {
  readOptions,
  requireArray,
  requireKey,
  requireNumber,
  requireObject,
  requireStringOrEmpty,
} from '@codebuddy/db-core/internal';
import type { CacheRepository } from './cache-repository.ts';
import { EARLIER_PREFIX, fromEarlierKey, KeyvKeys, toEarlierKey } from './keyv-keys.ts';

/** The options of a store. */
export interface KeyvCacheStoreOptions {
  /**
   * Keeps the entries of this store apart from those of every other partition, whatever namespaces and keys they have, and
   * from a `clear()` of theirs. Default: the partition without a name.
   */
  readonly partition?: string | null | undefined;
}

/** An entry as Keyv hands it to a store. */
interface KeyvEntry {
  readonly key: string;
  readonly value: unknown;
  /** The time it lives, in milliseconds. */
  readonly ttl?: number | null | undefined;
}

/**
 * A storage adapter for Keyv 6 (https://keyv.org), which keeps its entries in the cache.
 *
 * Several instances of Keyv may share one store: it has no namespace of its own, so that each instance puts its namespace
 * before its keys, as with a `Map`. Keyv joins them by `::`, and its `clear()` without a namespace clears the whole store:
 * give tenants that choose their own names a `partition` each.
 *
 * @example
 * ```ts
 * import { KeyvCacheStore } from '@codebuddy/db-cache/keyv';
 * import Keyv from 'keyv';
 *
 * const store = new KeyvCacheStore(cache);
 * const pages = new Keyv({ store, namespace: 'pages' });
 * const users = new Keyv({ store, namespace: 'users' });
 * await pages.set('home', html, 60_000);
 * ```
 */
export class KeyvCacheStore extends EventEmitter {
  readonly #cache: CacheRepository;
  readonly #keys: KeyvKeys;
  readonly #hasEarlierEntries: boolean;

  /** @throws InvalidInputError when the partition is no string of whole characters */
  constructor(cache: CacheRepository, options: KeyvCacheStoreOptions = {}) {
    super();
    const { partition = '' } = readOptions(options, { partition: true });
    this.#cache = cache;
    this.#keys = new KeyvKeys(partition === '' ? '' : requireKey(partition, 'partition'));
    this.#hasEarlierEntries = partition === '' && cache.entries(EARLIER_PREFIX).next().done === false;
  }

  /** Returns a value, or `undefined`. */
  async get<Value>(key: string): Promise<Value | undefined>;
  async get(key: string): Promise<unknown> {
    return this.#get(key);
  }

  /** Returns values in the order of their keys. */
  async getMany<Value>(keys: string[]): Promise<(Value | undefined)[]>;
  async getMany(keys: string[]): Promise<unknown[]> {
    return requireArray(keys, 'keys').map((key) => this.#get(key));
  }

  /** Stores a value for a time, in milliseconds, or forever. */
  async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    return this.setMany([{ key, value, ttl }]).then(() => true);
  }

  /** Stores several values, all or none. */
  async setMany(entries: readonly KeyvEntry[]): Promise<boolean[]> {
    const items = requireArray(entries, 'entries').flatMap((entry) => {
      const { key, value, ttl } = requireObject(entry, 'entries');
      const [cacheKey, ...earlier] = this.#cacheKeys(key);
      const ttlMs = ttl === undefined || ttl === null ? undefined : requireNumber(ttl, 'ttl', { min: 0 });
      // An entry without time to live is deleted in the same transaction.
      return [
        { key: cacheKey, value, ttlMs, category: 'keyv' },
        ...earlier.map((key) => ({ key, value: null, ttlMs: 0 })),
      ];
    });
    this.#cache.setMany(items);
    return entries.map(() => true);
  }

  /** Deletes a value, and returns whether it existed. */
  async delete(key: string): Promise<boolean> {
    const [existed = false] = await this.deleteMany([key]);
    return existed;
  }

  /** Deletes several values together, and returns for each whether it existed. */
  async deleteMany(keys: string[]): Promise<boolean[]> {
    const cacheKeys = requireArray(keys, 'keys').map((key) => this.#cacheKeys(key));
    const existed = this.#cache.deleteMany(cacheKeys.flat());
    return cacheKeys.map((each) => existed.splice(0, each.length).includes(true));
  }

  /** Deletes every value of this store. */
  async clear(): Promise<void> {
    this.#cache.clear(this.#keys.prefix);
    if (this.#hasEarlierEntries) this.#cache.clear(EARLIER_PREFIX);
  }

  /** Returns whether there is a value. */
  async has(key: string): Promise<boolean> {
    return this.#has(key);
  }

  /** Returns whether there are values. */
  async hasMany(keys: string[]): Promise<boolean[]> {
    return requireArray(keys, 'keys').map((key) => this.#has(key));
  }

  /** Iterates over the keys that begin with a string, which may be a namespace, and their values. */
  async *iterator(beginning = ''): AsyncGenerator<[key: string, value: unknown], void> {
    requireStringOrEmpty(beginning, 'beginning');
    for (const [cacheKey, value] of this.#cache.entries(this.#keys.toCacheKey(beginning)))
      yield [this.#keys.fromCacheKey(cacheKey), value];
    if (!this.#hasEarlierEntries) return;
    for (const [cacheKey, value] of this.#cache.entries(EARLIER_PREFIX)) {
      const key = fromEarlierKey(cacheKey);
      if (key?.startsWith(beginning)) yield [key, value];
    }
  }

  /** Writes down what the cache holds back; its database stays open. */
  async disconnect(): Promise<void> {
    this.#cache.flush();
  }

  #get(key: string): unknown {
    for (const cacheKey of this.#cacheKeys(key)) {
      const entry = this.#cache.getEntry(cacheKey);
      if (entry !== undefined) return entry.value;
    }
    return undefined;
  }

  #has(key: string): boolean {
    return this.#cacheKeys(key).some((cacheKey) => this.#cache.has(cacheKey));
  }

  /** The key in the cache, and the one that an earlier release wrote, if it can only have meant this key. */
  #cacheKeys(key: string): [cacheKey: string, ...earlier: string[]] {
    if (typeof key !== 'string') throw new InvalidInputError('key', 'expected a string');
    const earlier = this.#hasEarlierEntries ? toEarlierKey(key) : undefined;
    const cacheKey = this.#keys.toCacheKey(key);
    return earlier === undefined ? [cacheKey] : [cacheKey, earlier];
  }
}
