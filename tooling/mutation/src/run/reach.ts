import { chmodSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFilesOf } from '../mutants/find-mutants.ts';
import { fingerprint, SOURCES, testsOf } from './fingerprint.ts';
import { instrument, stretchesOf } from './instrument.ts';
import { keep, readKept } from './kept-file.ts';
import { runTests } from './run-tests.ts';
import type { WorkspaceCopy } from './workspace-copy.ts';

/** A test file, with the code that runs in it. */
export interface ReachingTest {
  /** Relative to the root. */
  readonly path: string;
  /** How long the file took, with everything noted and other runs beside it. */
  readonly ms: number;
  /** By source file, the stretches that ran, in this process and all others that the tests started. */
  readonly reached: Readonly<Record<string, readonly number[]>>;
}

/** Which code the test files of some folders run. */
export interface Reach {
  /** By folder, in the order in which the folders were given. */
  readonly folders: ReadonlyMap<string, readonly ReachingTest[]>;
  /** Test files that fail although nothing is changed: that they fail says nothing about a mutant. */
  readonly failing: readonly string[];
}

interface KeptReach extends ReachingTest {
  readonly fingerprint: string;
}

const TIMEOUT_MS = 900_000;

/** What decides which number a piece of code has. */
const INSTRUMENTATION = 'tooling/mutation/src/run/instrument.ts';

/**
 * Finds out which code each test file of some folders runs, by running each of them alone. That takes as long as all of
 * them together, so it is kept until the sources or these tests change.
 *
 * @param folders - packages with tests, relative to the root
 * @param keptIn - the file to keep it in
 */
export async function measureReach(
  copies: readonly WorkspaceCopy[],
  folders: readonly string[],
  keptIn: string,
): Promise<Reach> {
  const kept = readKept(keptIn, isKeptReach);
  const tests = folders.flatMap((folder) => testFilesOf(copies, folder));
  const queue = tests.filter((test) => kept[test.path]?.fingerprint !== test.fingerprint);
  const failing: string[] = [];
  await Promise.all(
    copies.map(async (copy) => {
      if (queue.length === 0) return;
      const reached = await instrumentAll(copy);
      for (let test = queue.shift(); test !== undefined; test = queue.shift()) {
        const alone = await runAlone(copy, test, reached);
        if (alone === undefined) {
          failing.push(test.path);
        } else {
          kept[test.path] = { ...alone, fingerprint: test.fingerprint };
          keep(keptIn, kept);
        }
      }
      copy.restore();
    }),
  );
  const usable = tests.filter(({ path }) => !failing.includes(path));
  const reaching = (folder: string) =>
    usable.flatMap((test) => (test.folder === folder ? (kept[test.path] ?? []) : []));
  return { folders: new Map(folders.map((folder) => [folder, reaching(folder)])), failing };
}

/** Runs one test file, a second time if it fails; returns `undefined` if it fails again. */
async function runAlone(
  copy: WorkspaceCopy,
  { folder, path }: { readonly folder: string; readonly path: string },
  reached: { forget(): void; read(): ReachingTest['reached'] },
): Promise<ReachingTest | undefined> {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const start = performance.now();
    reached.forget();
    const outcome = await runTests(copy, folder, [path], TIMEOUT_MS);
    const ms = Math.round(performance.now() - start);
    console.log(`  ${path}: ${outcome.kind} (${(ms / 1_000).toFixed(1)} s)`);
    if (outcome.kind === 'passed') return { path, ms, reached: reached.read() };
    console.log(outcome);
  }
  return undefined;
}

function testFilesOf([copy]: readonly WorkspaceCopy[], folder: string) {
  if (copy === undefined) return [];
  const current = fingerprint(copy.path, [SOURCES, ...testsOf(folder), INSTRUMENTATION]);
  const files = globSync(`${folder}/test/**/*.test.ts`, { cwd: copy.path }).sort();
  return files.map((path) => ({ folder, path, fingerprint: current }));
}

/** Builds a copy whose code notes what runs. */
async function instrumentAll(copy: WorkspaceCopy) {
  const path = join(copy.path, '.reached');
  const packages = readdirSync(join(copy.path, 'packages'));
  const ranges: { readonly file: string; readonly first: number; readonly count: number }[] = [];
  let total = 0;
  for (const file of packages.flatMap((name) => sourceFilesOf(copy.path, name))) {
    const source = readFileSync(join(copy.path, file), 'utf8');
    copy.write(file, instrument(source, total, path));
    const count = stretchesOf(source).length;
    ranges.push({ file, first: total, count });
    total += count;
  }
  const forget = () => writeFileSync(path, Buffer.alloc(total));
  forget();
  // Some tests start processes of users without any rights.
  chmodSync(path, 0o666);
  for (const name of packages) {
    if (!(await copy.build(name))) throw new Error(`${name} can't be built`);
  }
  return {
    forget,
    read(): Record<string, number[]> {
      const bytes = readFileSync(path);
      const entries = ranges.map(({ file, first, count }) => {
        const stretches = Array.from({ length: count }, (_, index) => index);
        return [file, stretches.filter((index) => bytes[first + index] === 1)] as const;
      });
      return Object.fromEntries(entries.filter(([, stretches]) => stretches.length > 0));
    },
  };
}

function isKeptReach(record: unknown): record is KeptReach {
  const { path, ms, reached, fingerprint: print } = Object(record);
  return typeof path === 'string' && typeof ms === 'number' && typeof reached === 'object' && typeof print === 'string';
}
