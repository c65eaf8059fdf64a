import { mkdirSync, rmSync } from 'node:fs';
import { hasErrorCode } from '@codebuddy/db-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { apply, edits } from '../support/random-tree.ts';
import { TemporaryProject } from '../support/temporary-project.ts';
import { canBeSaved, expectRestored, expectUndone } from '../support/tree-laws.ts';

const RUNS = 100;

/** A tree, a choice of the paths in it that are saved, and edits before each restore. */
const histories = fc.record({
  before: fc.array(edits, { minLength: 1, maxLength: 12 }),
  choice: fc.infiniteStream(fc.integer({ min: 0, max: 2 })),
  rounds: fc.array(fc.array(edits, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 2 }),
});

it(`brings any tree back as a copy of it was, undoes and redoes that (${RUNS} histories)`, async () => {
  using project = await TemporaryProject.create();
  const { checkpoints } = project;
  const outcomes = { restored: 0, unchanged: 0, refused: 0 };
  const property = fc.asyncProperty(histories, async ({ before, choice, rounds }) => {
    rmSync(project.path, { recursive: true });
    mkdirSync(project.path);
    for (const edit of before) apply(project.path, edit);
    const then = project.tree();
    const known = new Set([...before, ...rounds.flat()].map(({ path }) => path));
    const covered = [...known].filter((path) => canBeSaved(then, path) && choice.next().value !== 0);
    const { id } = await checkpoints.save(covered);
    for (const round of rounds) {
      for (const edit of round) apply(project.path, edit);
      const edited = project.tree();
      const result = await refusalOr(checkpoints.restore(id));
      const restored = project.tree();
      if (result === 'refused' || result.undo === undefined) {
        outcomes[result === 'refused' ? 'refused' : 'unchanged']++;
        expect(restored).toEqual(edited);
        continue;
      }
      outcomes.restored++;
      expectRestored({ covered, then, edited, restored });
      await checkpoints.undo();
      expectUndone(project.tree(), { covered, then, edited, restored });
      await checkpoints.redo();
      expect(project.tree()).toEqual(restored);
    }
  });
  await fc.assert(property, { numRuns: RUNS });
  // A refusal needs a link on the way, or a folder in it with files that the checkpoint does not know.
  expect(outcomes.restored).toBeGreaterThan(outcomes.refused);
});

async function refusalOr<Result>(call: Promise<Result>): Promise<Result | 'refused'> {
  try {
    return await call;
  } catch (error) {
    if (hasErrorCode(error, 'DB_OUTSIDE_ROOT')) return 'refused';
    throw error;
  }
}
