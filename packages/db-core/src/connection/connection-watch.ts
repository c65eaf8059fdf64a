import { resolve } from 'node:path';
import { FileReplacedError, NewerSchemaError } from '../errors/index.ts';
import type { Database } from './driver.ts';
import { identityOf } from './file-identity.ts';

/** A connection goes on this long without a look at its file, in milliseconds. */
const MAX_UNWATCHED_MS = 1_000;

/** It makes at most this many writes without a look at its file. */
const MAX_UNWATCHED_WRITES = 100;

/**
 * Notices that a connection's file is not what it was when it was opened. SQLite goes on writing to a file that was deleted
 * or replaced, where nobody will find it, and to one whose schema a newer release has upgraded.
 */
export class ConnectionWatch {
  readonly #db: Database;
  readonly #path: string;
  readonly #identity: string | undefined;
  #schema: { readonly supported: number; cookie: unknown } | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #writes = 0;

  constructor(db: Database) {
    this.#db = db;
    // A relative name would mean another file once the process changes its folder.
    this.#path = resolve(db.name);
    this.#identity = db.memory || db.name === '' ? undefined : identityOf(this.#path);
  }

  /**
   * Watches the schema too from now on.
   *
   * @param supported - the newest version that this release knows
   */
  watchSchema(supported: number): void {
    this.#schema = { supported, cookie: this.#readCookie() };
  }

  /**
   * To be asked before a connection is used outside a transaction. It looks at the file once a second, and once in a hundred
   * writes.
   *
   * @param now - by `performance.now()`
   * @throws FileReplacedError when the file was deleted or replaced
   * @throws NewerSchemaError when a newer release has upgraded the file
   */
  check(now: number, writes: boolean): void {
    if (writes) this.#writes++;
    if (now - this.#lookedAt < MAX_UNWATCHED_MS && this.#writes < MAX_UNWATCHED_WRITES) return;
    this.look();
    this.#lookedAt = now;
    this.#writes = 0;
  }

  /** Looks at the file now, and throws as {@link check} does. */
  look(): void {
    if (this.#identity !== undefined && identityOf(this.#path) !== this.#identity)
      throw new FileReplacedError(this.#path);
    const cookie = this.#schema === undefined ? undefined : this.#readCookie();
    if (this.#schema === undefined || cookie === this.#schema.cookie) return;
    const { supported } = this.#schema;
    const row = this.#db
      .prepare('SELECT version FROM schema_version WHERE version > ? ORDER BY version DESC')
      .get(supported);
    if (typeof row === 'object' && row !== null && 'version' in row)
      throw new NewerSchemaError(this.#path, Number(row.version), supported);
    this.#schema.cookie = cookie;
  }

  /** SQLite counts the changes of a file's schema, https://www.sqlite.org/pragma.html#pragma_schema_version. */
  #readCookie(): unknown {
    return this.#db.pragma('schema_version', { simple: true });
  }
}

const watches = new WeakMap<Database, ConnectionWatch>();

/** Returns the one watch of a connection. */
export function watchOf(db: Database): ConnectionWatch {
  const held = watches.get(db);
  if (held !== undefined) return held;
  const watch = new ConnectionWatch(db);
  watches.set(db, watch);
  return watch;
}
