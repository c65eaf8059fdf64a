/**
 * Keys of one store in the cache: `keyv/<partition>/<key>`. The partition is escaped, so that no partition and key read as
 * another partition and key.
 */
export class KeyvKeys {
  readonly prefix: string;

  constructor(partition: string) {
    this.prefix = `keyv/${partition.replaceAll('%', '%25').replaceAll('/', '%2F')}/`;
  }

  toCacheKey(key: string): string {
    return this.prefix + key;
  }

  fromCacheKey(cacheKey: string): string {
    return cacheKey.slice(this.prefix.length);
  }
}

/** Keys began with it before Keyv itself put the namespace before the key: `keyv:<namespace>:<key>`. */
export const EARLIER_PREFIX = 'keyv:';

/**
 * Returns the cache key that an earlier release wrote for a key of Keyv, or `undefined` if it could have meant another
 * namespace and key: `keyv:a:b:c` is key `b:c` of `a`, or key `c` of `a:b`.
 */
export function toEarlierKey(key: string): string | undefined {
  const [namespace = '', between, rest, ...others] = key.split(':');
  if (between === undefined) return `${EARLIER_PREFIX}:${key}`;
  const isOneWay = namespace !== '' && between === '' && rest !== undefined && others.length === 0;
  return isOneWay ? `${EARLIER_PREFIX}${namespace}:${rest}` : undefined;
}

/** Returns the key of Keyv that an earlier release wrote, or `undefined` as {@link toEarlierKey} does. */
export function fromEarlierKey(cacheKey: string): string | undefined {
  const [namespace, key, ...others] = cacheKey.slice(EARLIER_PREFIX.length).split(':');
  if (key === undefined || others.length > 0) return undefined;
  return namespace === '' ? key : `${namespace}::${key}`;
}
