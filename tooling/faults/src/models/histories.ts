import { TemporaryFolder } from '@codebuddy/db-core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findInconsistencies } from '../consistency.ts';
import { count, testFile } from '../count.ts';
import { IS_LONG, scaled } from '../scale.ts';
import { SecondProcess } from './second-process.ts';
import { type Caller, World } from './world.ts';

/** How many histories are tried of each model. */
const HISTORIES = scaled(25, 500);
const LIMIT = scaled(120_000, 3_600_000);

/** The short run tries the same each time; the long one prints its seed when it finds something. */
const parameters = { numRuns: HISTORIES, ...(IS_LONG ? {} : { seed: 7 }) };

/** One call, made by whoever the world says, and what it does to the model. */
export type Step<Model> = (world: World, model: Model) => Promise<void>;

/** A repository, as a plain structure in memory. */
export interface ModelOf<Model> {
  readonly start: () => Model;
  readonly steps: fc.Arbitrary<Step<Model>>;
  /** Expects that what is stored is what the model says. */
  readonly compare: (world: World, model: Model) => void;
}

/** Names for all that has names: few, so that they meet. */
export const names: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd');

const callers = fc.oneof(
  { weight: 30, arbitrary: fc.constant<Caller>('this process') },
  { weight: 6, arbitrary: fc.constant<Caller>('a second process') },
  { weight: 2, arbitrary: fc.constant<Caller>('a process that dies after it') },
  { weight: 2, arbitrary: fc.constant<Caller>('a process that dies before it commits') },
);

/**
 * Tries random histories of calls: made by this process, which may close the file and open it again, or by a second one,
 * which may be killed after a call or within it. After each, what is stored must be what the model says.
 */
export function expectToBe<Model>(claim: string, { start, steps, compare }: ModelOf<Model>): void {
  const reopen: Step<Model> = (world) => world.reopen();
  const calls = fc.oneof({ weight: 12, arbitrary: steps }, { weight: 1, arbitrary: fc.constant(reopen) });
  const histories = fc.array(fc.tuple(calls, callers), { minLength: 5, maxLength: 40, size: 'max' });
  it(
    `${claim} (${HISTORIES} histories)`,
    async () => {
      await using second = new SecondProcess();
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          using folder = new TemporaryFolder();
          const world = await World.open(folder.join('agent.db'), second);
          const model = start();
          try {
            for (const [step, caller] of history) {
              world.caller = caller;
              const isLost = caller === 'a process that dies before it commits';
              await step(world, isLost ? structuredClone(model) : model);
              compare(world, model);
            }
            expect(findInconsistencies(world.db)).toEqual([]);
          } finally {
            world.close();
          }
        }),
        parameters,
      );
      const counts = {
        histories: HISTORIES,
        'calls of a second process': second.calls,
        'kills of that process': second.deaths,
      };
      count(`histories-${testFile()}`, `Histories of calls: ${claim}`, counts);
      expect(second.deaths).toBeGreaterThan(0);
    },
    LIMIT,
  );
}

/** A step that lets some time pass. */
export function timePasses(): fc.Arbitrary<(world: World) => Promise<void>> {
  return fc.constantFrom(10, 100).map((milliseconds) => async (world: World) => {
    world.clock.advance(milliseconds);
  });
}
