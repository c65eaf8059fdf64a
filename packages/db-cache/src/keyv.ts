import { EventEmitter } from 'node:events';
import type { CacheItem } from '@codebuddy/db-core';
import { InvalidInputError } from '@codebuddy/db-core';
import { requireArray, requireNumber, requireObject } from '@codebuddy/db-core/internal';
import type { CacheRepository } from './cache-repository.ts';

/** An entry as Keyv hands it to a store. */
interface KeyvEntry {
  readonly key: string;
  readonly value: unknown;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly expires?: number | undefined;
}

/**
 * A storage adapter for Keyv 6 (https://keyv.org), which keeps its entries in the cache.
 *
 * @example
 * ```ts
 * import { KeyvCacheStore } from '@codebuddy/db-cache/keyv';
 * import Keyv from 'keyv';
 *
 * const keyv = new Keyv({ store: new KeyvCacheStore(cache), namespace: 'http' });
 * await keyv.set('page', html, 60_000);
 * ```
 */
export class KeyvCacheStore extends EventEmitter {
  /** Keyv sets it; keys begin with it. */
  namespace: string | undefined;
  /** Tells Keyv that this store takes an absolute time of expiry. */
  readonly capabilities = { expires: true };
  readonly #cache: CacheRepository;

  constructor(cache: CacheRepository) {
    super();
    this.#cache = cache;
  }

  /** Returns a value, or `undefined`. */
  async get<Value>(key: string): Promise<Value | undefined>;
  async get(key: string): Promise<unknown> {
    return this.#cache.getEntry(this.#prefixed(key))?.value;
  }

  /** Returns values in the order of their keys. */
  async getMany<Value>(keys: string[]): Promise<(Value | undefined)[]>;
  async getMany(keys: string[]): Promise<unknown[]> {
    return requireArray(keys, 'keys').map((key) => this.#cache.getEntry(this.#prefixed(key))?.value);
  }

  /** Stores a value until an instant, in milliseconds since 1970-01-01 UTC, or forever. */
  async set(key: string, value: unknown, expires?: number): Promise<boolean> {
    const item = this.#toItem({ key, value, expires });
    this.#cache.set(item.key, value, item);
    return true;
  }

  /** Stores several values, all or none. */
  async setMany(entries: readonly KeyvEntry[]): Promise<boolean[]> {
    this.#cache.setMany(requireArray(entries, 'entries').map((entry) => this.#toItem(entry)));
    return entries.map(() => true);
  }

  /** Deletes a value, and returns whether it existed. */
  async delete(key: string): Promise<boolean> {
    return this.#cache.delete(this.#prefixed(key));
  }

  /** Deletes several values together, and returns for each whether it existed. */
  async deleteMany(keys: string[]): Promise<boolean[]> {
    return this.#cache.deleteMany(requireArray(keys, 'keys').map((key) => this.#prefixed(key)));
  }

  /** Deletes every value of this namespace. */
  async clear(): Promise<void> {
    this.#cache.clear(this.#prefixed(''));
  }

  /** Returns whether there is a value. */
  async has(key: string): Promise<boolean> {
    return this.#cache.has(this.#prefixed(key));
  }

  /** Returns whether there are values. */
  async hasMany(keys: string[]): Promise<boolean[]> {
    return requireArray(keys, 'keys').map((key) => this.#cache.has(this.#prefixed(key)));
  }

  /** Iterates over the keys and values of this namespace. */
  async *iterator(): AsyncGenerator<[key: string, value: unknown], void> {
    const prefix = this.#prefixed('');
    for (const [key, value] of this.#cache.entries(prefix)) yield [key.slice(prefix.length), value];
  }

  /** Writes down what the cache holds back; its database stays open. */
  async disconnect(): Promise<void> {
    this.#cache.flush();
  }

  #toItem(entry: KeyvEntry): CacheItem {
    const { key, value, expires } = requireObject(entry, 'entries');
    return { key: this.#prefixed(key), value, ttlMs: timeLeft(expires), category: 'keyv' };
  }

  #prefixed(key: string): string {
    if (typeof key !== 'string') throw new InvalidInputError('key', 'expected a string');
    return `keyv:${this.namespace ?? ''}:${key}`;
  }
}

/** Returns the time that an entry has left to live, in milliseconds; negative values become 0. */
function timeLeft(expires: number | null | undefined): number | undefined {
  if (expires === undefined || expires === null) return undefined;
  return Math.max(0, requireNumber(expires, 'expires') - Date.now());
}
