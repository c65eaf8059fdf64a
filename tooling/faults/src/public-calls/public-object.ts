import type { TemporaryDatabase } from '@codebuddy/db-core/testing';

/** Calls, and arguments that each of them takes. */
export interface PublicObject {
  readonly target: object;
  readonly calls: Readonly<Record<string, readonly unknown[]>>;
  /** The names of errors that callers of a framework expect in place of ours. */
  readonly foreignErrors?: readonly string[];
  /** Calls after which the object is of no use any more: they take no input. */
  readonly ends?: readonly string[];
  /**
   * Calls whose objects may have names that we don't know, and why: a framework or a caller decides on them, or a program gives
   * one configuration to all of its parts.
   */
  readonly open?: Readonly<Record<string, string>>;
}

/** What the objects of a test are made on. */
export type Place = Pick<TemporaryDatabase, 'db' | 'manager' | 'path'>;

/** All that a package exports, its subpaths included, and how each part is tried. */
export interface PublicModule {
  readonly exports: object;
  /** An object of each class that has calls. */
  readonly objects: Readonly<Record<string, (place: Place) => PublicObject | Promise<PublicObject>>>;
  /** Functions by their name, and constructors by `new` and theirs, each with a call that uses what it was given. */
  functions(place: Place): PublicObject;
  /** Functions that take no input, or whatever it is. */
  readonly withoutInput: readonly string[];
}
