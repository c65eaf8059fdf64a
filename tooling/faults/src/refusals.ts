import { hash } from 'node:crypto';
import { type Database, DatabaseError } from '@codebuddy/db-core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { spoiled } from './hostile.ts';
import type { PublicObject } from './public-calls.ts';
import { IS_LONG, scaled } from './scale.ts';

/** How often each call is tried. */
export const RUNS = scaled(60, 3_000);

/** The short run tries the same each time; the long one prints its seed when it finds something. */
const parameters = { numRuns: RUNS, ...(IS_LONG ? {} : { seed: 20_260_101 }) };

/** Expects that an object has no call besides those that are tried. */
export function expectComplete({ target, calls }: PublicObject): void {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(target)).filter((name) => name !== 'constructor');
  expect(Object.keys(calls).sort()).toEqual(names.sort());
}

/** Expects of each call that it takes what it is meant to take, and refuses all else with a typed error and no change. */
export async function expectRefusals(db: Database, { target, calls }: PublicObject): Promise<void> {
  for (const [name, args] of Object.entries(calls)) {
    const outcome = await outcomeOf(target, name, args);
    if (!DatabaseError.isInstance(outcome)) expect(outcome, name).not.toBeInstanceOf(Error);
    await fc.assert(
      fc.asyncProperty(spoiled(args), async (bad) => {
        const before = contents(db);
        const result = await outcomeOf(target, name, bad);
        if (!(result instanceof Error)) return;
        expect(DatabaseError.isInstance(result), `${name}: ${result.stack}`).toBe(true);
        expect(db.inTransaction).toBe(false);
        expect(contents(db)).toBe(before);
      }),
      parameters,
    );
  }
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
}

/** What the file holds, so that any change shows. */
function contents(db: Database): string {
  return hash('sha1', db.serialize());
}

/** Calls, waits, and takes some of what is iterated over. */
async function outcomeOf(target: object, name: string, args: readonly unknown[]): Promise<unknown> {
  try {
    const result: unknown = await Reflect.apply(Reflect.get(target, name), target, args);
    if (isIterator(result)) for (let i = 0; i < 3; i++) result.next();
    return undefined;
  } catch (error) {
    return error;
  }
}

function isIterator(value: unknown): value is Iterator<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function';
}
