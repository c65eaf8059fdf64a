import { hash } from 'node:crypto';
import { type Database, DatabaseError } from '@codebuddy/db-core';
import { temporaryDatabase } from '@codebuddy/db-core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInconsistencies } from '../src/consistency.ts';
import { spoiled } from '../src/hostile.ts';
import { publicObjects } from '../src/public-calls.ts';
import { IS_LONG, scaled } from '../src/scale.ts';

const RUNS = scaled(60, 3_000);

/** The short run tries the same each time; the long one prints its seed when it finds something. */
const parameters = { numRuns: RUNS, ...(IS_LONG ? {} : { seed: 20_260_101 }) };

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

const objects = [
  'MemoryRepository',
  'SessionRepository',
  'CheckpointRepository',
  'AnalyticsRepository',
  'PersistentAnalytics',
  'PersistentLearning',
  'EmbeddingRepository',
  'CacheRepository',
];

describe.each(objects)('%s', (object) => {
  it('has no call that is not tried here', async () => {
    using own = await temporaryDatabase();
    const { target, calls } = publicObjects(own.db)[object] ?? { target: {}, calls: {} };
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(target)).filter((name) => name !== 'constructor');
    expect(Object.keys(calls).sort()).toEqual(names.sort());
  });

  it(
    `takes what it is meant to take, and of anything else nothing or a typed error (${RUNS} a call)`,
    async () => {
      using own = await temporaryDatabase();
      const { db } = own;
      const { target, calls } = publicObjects(db)[object] ?? { target: {}, calls: {} };
      for (const [name, args] of Object.entries(calls)) {
        const outcome = await outcomeOf(target, name, args);
        if (!(outcome instanceof Error) || !DatabaseError.isInstance(outcome))
          expect(outcome, name).not.toBeInstanceOf(Error);
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
      expect(findInconsistencies(db).filter((finding) => !finding.startsWith('vectors'))).toEqual([]);
    },
    scaled(120_000, 3_600_000),
  );
});
