import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { type Entries, type Entry, parseEntries, type Value } from './entry.ts';
import { fillIn } from './fill-in.ts';

/** The root of the repository. */
const ROOT = resolve(import.meta.dirname, '../../..');

/** The pages that may have figures, as patterns relative to the root. */
const PAGES = ['*.md', 'docs/**/*.md', 'packages/*/README.md', 'tooling/*/README.md'];

/** The file of the figures that suites measure, and that of the figures that tests count. */
export const BENCHMARKS = 'docs/benchmarks.json';
export const TESTS = 'docs/tests.json';

/** A folder that git ignores: what tests have counted lies in it, an entry a file, until it is taken over. */
const KEPT = 'tooling/figures/.kept';

/** What a suite says of itself; the rest of its entry is known. */
export type Measured = Pick<Entry, 'title' | 'command' | 'rows' | 'goals'>;

/** Reads all figures, by the names of their entries. */
export function readEntries(root = ROOT): Entries {
  return { ...readFile(join(root, BENCHMARKS)), ...readFile(join(root, TESTS)) };
}

/** Writes what a suite measured into `docs/benchmarks.json`, in place of what it measured before. */
export function recordBenchmark(name: string, measured: Measured, root = ROOT): void {
  writeEntries(join(root, BENCHMARKS), { [name]: entryOf(measured, root) });
}

/** Keeps figures of tests until {@link fillPages} takes them over into `docs/tests.json`: tests run side by side. */
export function keepForPages(name: string, measured: Measured, root = ROOT): void {
  mkdirSync(join(root, KEPT), { recursive: true });
  writeFileSync(join(root, KEPT, `${name}.json`), JSON.stringify({ [name]: entryOf(measured, root) }));
}

/**
 * Keeps what a test has counted, as {@link keepForPages} does.
 *
 * @param counts - what was counted, as it is called after its number: `{ 'acknowledged writes': 14_431, lost: 0 }`
 */
export function tally(
  name: string,
  { title, command, counts }: Pick<Entry, 'title' | 'command'> & { readonly counts: Readonly<Record<string, number>> },
  root = ROOT,
): void {
  const rows = Object.entries(counts).map(([label, count]) => [
    label.replaceAll(/\W+/g, '-'),
    { label, values: { count } },
  ]);
  keepForPages(name, { title, command, rows: Object.fromEntries(rows) }, root);
}

/** Returns the pages that may have figures, relative to the root. */
export function pagesOf(root = ROOT): string[] {
  return globSync(PAGES, { cwd: root, exclude: (name) => name === 'node_modules' || name === 'api' }).sort();
}

/**
 * Takes over what tests have counted since, and fills all figures into the pages.
 *
 * @returns the pages that were changed
 * @throws RangeError naming the figures that pages ask for and that nobody has measured
 */
export function fillPages(root = ROOT): string[] {
  takeOver(root);
  const entries = readEntries(root);
  const problems: string[] = [];
  const changed = pagesOf(root).filter((page) => {
    const before = readFileSync(join(root, page), 'utf8');
    const filled = fillIn(before, entries);
    problems.push(...filled.problems.map((problem) => `${page}: ${problem}`));
    if (filled.text !== before) writeFileSync(join(root, page), filled.text);
    return filled.text !== before;
  });
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  return changed;
}

function takeOver(root: string): void {
  const paths = globSync(`${KEPT}/*.json`, { cwd: root }).sort();
  const counted = Object.assign({}, ...paths.map((path) => readFile(join(root, path))));
  if (paths.length > 0) writeEntries(join(root, TESTS), counted);
  for (const path of paths) rmSync(join(root, path));
}

function readFile(path: string): Entries {
  return existsSync(path) ? parseEntries(JSON.parse(readFileSync(path, 'utf8'))) : {};
}

function writeEntries(path: string, added: Entries): void {
  const entries = { ...readFile(path), ...added };
  // Tests are many, and end in any order; suites stand as the pages have them.
  const names = path.endsWith(TESTS) ? Object.keys(entries).sort() : Object.keys(entries);
  const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, entries[name]])), null, 2);
  // As the formatter has it: both ends of a range on one line.
  writeFileSync(path, `${text.replace(/\[\s+([\d.]+),\s+([\d.]+)\s+\]/g, '[$1, $2]')}\n`);
}

function entryOf({ title, command, rows, goals }: Measured, root: string): Entry {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const commit = git('rev-parse', '--short=7', 'HEAD');
  return {
    title,
    date: new Date().toISOString().slice(0, 10),
    commit: git('status', '--porcelain') === '' ? commit : `${commit} with changes`,
    machine: machine(),
    command,
    rows: mapValues(rows, (row) => ({ ...row, values: mapValues(row.values, round) })),
    goals: goals && mapValues(goals, (goal) => ({ ...goal, ratio: round(goal.ratio) })),
  };
}

/** Four digits say more than a run can repeat. */
function round(value: Value): Value {
  const rounded = (each: number) => Number(each.toPrecision(4));
  return typeof value === 'number' ? rounded(value) : [rounded(value[0]), rounded(value[1])];
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function machine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores of ${cpu?.model ?? 'an unknown processor'}, ${gigabytes} GB, Node.js ${process.versions.node}`;
}
