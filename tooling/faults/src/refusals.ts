import { hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Database, DatabaseError } from '@codebuddy/db-core';
import { temporaryDatabase } from '@codebuddy/db-core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callByName } from './call-by-name.ts';
import { findInconsistencies } from './consistency.ts';
import { count, testFile } from './count.ts';
import { spoiled } from './hostile.ts';
import { emptyFolder } from './public-calls/folders.ts';
import type { Place, PublicModule, PublicObject } from './public-calls/public-object.ts';
import { IS_LONG, scaled } from './scale.ts';

/** How often each call is tried. */
const RUNS = scaled(60, 3_000);
const LIMIT = scaled(120_000, 3_600_000);
const CLAIM = `takes what it is meant to take, and of anything else nothing or a typed error (${RUNS} a call)`;

/** So many are tried on one database: what is taken makes it grow, and looking for changes would take ever longer. */
const AT_ONCE = Math.min(RUNS, 60);

/** How many calls of this file were given wrong arguments, and how many of them were refused. */
const wrong = { calls: 0, refused: 0 };

/** Tries every call of everything that a package exports. */
export function tryPublicModule({ exports, objects, functions, withoutInput }: PublicModule): void {
  beforeAll(confine);
  afterAll(() => {
    const name = testFile();
    const counts = { 'wrong calls': wrong.calls, refused: wrong.refused, 'changes by one that was refused': 0 };
    count(`input-${name}`, `Every call of db-${name} is given what it is not meant to take`, counts);
  });

  it('exports nothing that is not tried here', async () => {
    using place = await temporaryDatabase();
    const tried = [...Object.keys(objects), ...Object.keys(functions(place).calls), ...withoutInput];
    const exported = Object.entries(exports).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
    expect(exported.filter((name) => !tried.includes(name))).toEqual([]);
  });

  describe('functions and constructors', () => tryCalls(functions));
  describe.each(Object.entries(objects))('%s', (_, make) => {
    it('has no call that is not tried here', async () => {
      using place = await temporaryDatabase();
      const { target, calls, ends = [] } = await make(place);
      const members = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(target)));
      const names = members.flatMap(([name, { value }]) => (typeof value === 'function' ? [name] : []));
      const tried = [...Object.keys(calls), ...ends, 'constructor'];
      expect(names.filter((name) => !tried.includes(name))).toEqual([]);
    });

    tryCalls(make);
  });
}

function tryCalls(make: (place: Place) => PublicObject | Promise<PublicObject>): void {
  it(
    CLAIM,
    async () => {
      for (let tried = 0; tried < RUNS; tried += AT_ONCE) {
        using place = await temporaryDatabase();
        // The short run tries the same each time; the long one prints its seed when it finds something.
        const parameters = { numRuns: AT_ONCE, ...(IS_LONG ? {} : { seed: 20_260_101 }) };
        await expectRefusals(place.db, await make(place), parameters);
        expect(findInconsistencies(place.db).filter((finding) => !finding.startsWith('vectors'))).toEqual([]);
      }
    },
    LIMIT,
  );
}

/** Expects of each call that it takes what it is meant to take, and refuses all else with a typed error and no change. */
async function expectRefusals(
  db: Database,
  { target, calls, foreignErrors = [] }: PublicObject,
  parameters: fc.Parameters<unknown>,
): Promise<void> {
  for (const [name, args] of Object.entries(calls)) {
    const outcome = await outcomeOf(target, name, args);
    if (!DatabaseError.isInstance(outcome)) expect(outcome, name).not.toBeInstanceOf(Error);
    await fc.assert(
      fc.asyncProperty(spoiled(args), async (bad) => {
        // The bytes of the database before are freed only between turns of the event loop.
        await nextTurn();
        const before = contents(db);
        const result = await outcomeOf(target, name, bad);
        wrong.calls++;
        if (!(result instanceof Error)) return;
        wrong.refused++;
        const isTyped = DatabaseError.isInstance(result) || foreignErrors.includes(result.name);
        expect(isTyped, `${name}: ${result.stack}`).toBe(true);
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
    const result = await callByName(target, name, args);
    if (isIterator(result)) for (let i = 0; i < 3; i++) await result.next();
    return undefined;
  } catch (error) {
    return error;
  }
}

function isIterator(value: unknown): value is Iterator<unknown> | AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function';
}

/** A path that is made of anything must not lead to the files of whoever runs the tests. */
function confine(): void {
  const folder = `${emptyFolder()}/with/a/few/folders`;
  mkdirSync(folder, { recursive: true });
  process.chdir(folder);
  process.env['HOME'] = folder;
}
