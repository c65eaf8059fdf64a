import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from '../mutants/mutant.ts';
import { applyEdit } from '../mutators/change.ts';
import { stretchAt, stretchesOf } from './instrument.ts';
import type { ReachingTest } from './reach.ts';
import { runTests } from './run-tests.ts';
import type { WorkspaceCopy } from './workspace-copy.ts';

/** What became of a mutant. One that does not compile is none: it could not have come into the repository. */
export interface Verdict {
  readonly status: 'noticed' | 'unnoticed' | 'invalid';
  /** The test that noticed it, or what happened instead of a test that fails. */
  readonly by?: string;
  readonly ms: number;
}

/** Time for the start of a test process, and for what a busy machine makes of it. */
const PATIENCE_MS = 120_000;

/**
 * Tries one mutant in a copy: compiles it, and runs the tests that reach it, the package's own first and the others
 * only if those pass. A run that takes far longer than it did without the mutant hangs, and that is noticed.
 *
 * @param folders - the folders with tests, in the order in which they are run
 */
export async function judge(
  mutant: Mutant,
  copy: WorkspaceCopy,
  folders: ReadonlyMap<string, readonly ReachingTest[]>,
): Promise<Verdict> {
  const start = performance.now();
  const verdict = (status: Verdict['status'], by?: string): Verdict => ({
    status,
    ...(by === undefined ? {} : { by }),
    ms: Math.round(performance.now() - start),
  });
  const source = readFileSync(join(copy.path, mutant.file), 'utf8');
  const stretch = stretchAt(stretchesOf(source), mutant.edit.start);
  copy.write(mutant.file, applyEdit(source, mutant.edit));
  try {
    const [compiles, isBuilt] = await Promise.all([copy.compiles(mutant.package), copy.build(mutant.package)]);
    if (!compiles || !isBuilt) return verdict('invalid');
    for (const [folder, tests] of folders) {
      const reaching = tests.filter(({ reached }) => reached[mutant.file]?.includes(stretch));
      const notice = await findNotice(copy, folder, reaching);
      if (notice !== undefined) return verdict('noticed', notice);
    }
    return verdict('unnoticed');
  } finally {
    copy.restore();
  }
}

/** Runs tests, the quickest first, until one fails twice in a row: a test that fails now and then notices nothing. */
async function findNotice(
  copy: WorkspaceCopy,
  folder: string,
  tests: readonly ReachingTest[],
): Promise<string | undefined> {
  let remaining = tests.toSorted((a, b) => a.ms - b.ms);
  const run = (some: readonly ReachingTest[]) => {
    const usual = some.reduce((sum, { ms }) => sum + ms, 0);
    const files = some.map(({ path }) => path);
    return runTests(copy, folder, files, PATIENCE_MS + 4 * usual);
  };
  while (remaining.length > 0) {
    const outcome = await run(remaining);
    if (outcome.kind === 'passed') return undefined;
    if (outcome.kind === 'timeout') return `${folder}: no end`;
    const failed = remaining.findIndex(({ path }) => outcome.kind === 'failed' && path === join(folder, outcome.file));
    const suspects = failed < 0 ? remaining : remaining.slice(failed, failed + 1);
    const again = await run(suspects);
    if (again.kind === 'failed') return `${folder}/${again.test}`;
    if (again.kind !== 'passed') return `${folder}: no end, or a process that crashed`;
    remaining = failed < 0 ? [] : remaining.slice(failed + 1);
  }
  return undefined;
}
