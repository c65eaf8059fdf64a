import type { Row } from '@codebuddy/figures';
import { type Floor, floorsOf } from './floors.ts';
import type { Equivalent } from './mutants/equivalents.ts';
import { type Mutant, patchOf } from './mutants/mutant.ts';
import type { NamedMutant } from './mutants/named-mutants.ts';

/** A mutant that was made, with what became of it. */
export interface Result {
  readonly mutant: Mutant;
  readonly status: 'noticed' | 'unnoticed' | 'equivalent';
}

/** The results of one package, and what of the kept lists no longer fits its code. */
export interface PackageResults {
  readonly name: string;
  readonly results: readonly Result[];
  readonly lost: readonly NamedMutant[];
  readonly outdated: readonly Equivalent[];
  /** Test files that fail as the code is, and were not used. */
  readonly failing: readonly string[];
}

/** How many mutants of a part of the code were made, and what became of them. */
export interface Tally {
  readonly part: string;
  readonly made: number;
  readonly noticed: number;
  readonly equivalent: number;
  /** The share noticed of those that change anything. Without any, it is 1. */
  readonly rate: number;
  readonly least: number;
}

/** Counts the results of a package and of those of its folders that have a floor of their own. */
export function tally({ name, results }: PackageResults): Tally[] {
  return floorsOf(name).map((floor) => tallyOf(floor, results));
}

/** Returns whether a run has shown what is asked for: every floor, with all tests and with lists that fit the code. */
export function isGoodEnough(packages: readonly PackageResults[]): boolean {
  return packages.every(
    (one) =>
      one.lost.length === 0 &&
      one.outdated.length === 0 &&
      one.failing.length === 0 &&
      tally(one).every(({ rate, least }) => rate >= least),
  );
}

/** Writes the results as a Markdown page. */
export function formatReport(packages: readonly PackageResults[], title: string): string {
  return [
    `# ${title}\n`,
    '| part | made | noticed | unnoticed | equivalent | rate | floor |\n| - | -: | -: | -: | -: | -: | -: |',
    ...packages.flatMap(tally).map(formatTally),
    ...packages.flatMap(formatLists),
  ].join('\n');
}

/** Returns the results as rows of a table of the documentation, by part. */
export function figuresOf(packages: readonly PackageResults[]): Record<string, Row> {
  const rows = packages.flatMap(tally).map(({ part, made, noticed, equivalent, rate }): [string, Row] => [
    part.replaceAll('/', '-'),
    {
      label: `\`${part}\``,
      values: { made, noticed, 'changing-nothing': equivalent, share: Math.floor(rate * 1_000) / 1_000 },
    },
  ]);
  return Object.fromEntries(rows);
}

function tallyOf({ part, least }: Floor, results: readonly Result[]): Tally {
  const own = results.filter(({ mutant }) => mutant.file.startsWith(`packages/${part}/`));
  const count = (status: Result['status']) => own.filter((result) => result.status === status).length;
  const made = own.length;
  const noticed = count('noticed');
  const equivalent = count('equivalent');
  return { part, made, noticed, equivalent, rate: made === equivalent ? 1 : noticed / (made - equivalent), least };
}

function formatTally({ part, made, noticed, equivalent, rate, least }: Tally): string {
  const cells = [part, made, noticed, made - noticed - equivalent, equivalent, percent(rate), percent(least)];
  return `| ${cells.join(' | ')} |`;
}

function percent(share: number): string {
  // Rounded down, so that what misses its floor does not look as if it met it.
  return `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;
}

function formatLists({ name, results, lost, outdated, failing }: PackageResults): string[] {
  const unnoticed = results.filter(({ status }) => status === 'unnoticed').map(({ mutant }) => mutant);
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`\n## ${name}: ${title}\n`, ...items];
  return [
    ...list(
      'tests that were not used, since they fail as the code is',
      failing.map((path) => `- ${path}`),
    ),
    ...list('unnoticed', unnoticed.map(formatMutant)),
    ...list(
      'named mutants whose place is gone',
      lost.map(({ file, why }) => `- ${file}: ${why}`),
    ),
    ...list(
      'equivalents that match no mutant any more',
      outdated.map((equivalent) => `- ${equivalent.file}\n${quoted(patchOf(equivalent))}`),
    ),
  ];
}

/** Writes if a mutant is, and its patch. */
export function formatMutant(mutant: Mutant): string {
  return `- ${mutant.file}:${mutant.line} (${mutant.kind}: ${mutant.what})\n${quoted(patchOf(mutant))}`;
}

function quoted(patch: string): string {
  return ['```diff', ...patch.split('\n'), '```'].map((line) => `  ${line}`).join('\n');
}
