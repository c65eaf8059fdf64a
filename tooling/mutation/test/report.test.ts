import { expect, it } from 'vitest';
import type { Mutant } from '../src/mutants/mutant.ts';
import { formatReport, isGoodEnough, type PackageResults, type Result, tally } from '../src/report.ts';

const mutant: Mutant = {
  id: '1',
  package: 'db-core',
  file: 'packages/db-core/src/sql/a.ts',
  line: 3,
  kind: 'operator',
  what: '< to <=',
  edit: { start: 0, end: 1, text: '' },
  before: 'a < b',
  after: 'a <= b',
};

function resultsOf(counts: Readonly<Record<Result['status'], number>>, file = mutant.file): Result[] {
  const statuses = ['noticed', 'unnoticed', 'equivalent'] as const;
  return statuses.flatMap((status) =>
    Array.from({ length: counts[status] }, () => ({ mutant: { ...mutant, file }, status })),
  );
}

function packageOf(results: readonly Result[]): PackageResults {
  return { name: 'db-core', results, lost: [], outdated: [], failing: [] };
}

it('counts what was noticed of all that changes anything', () => {
  const results = packageOf(resultsOf({ noticed: 18, unnoticed: 2, equivalent: 5 }));
  const [whole] = tally(results);
  expect(whole).toMatchObject({ part: 'db-core', made: 25, noticed: 18, equivalent: 5, rate: 0.9 });
});

it('asks for more in the folders that keep data', () => {
  const counts = { noticed: 18, unnoticed: 2, equivalent: 0 };
  expect(isGoodEnough([packageOf(resultsOf(counts, 'packages/db-core/src/clock.ts'))])).toBe(true);
  expect(isGoodEnough([packageOf(resultsOf(counts))])).toBe(false);
});

it('is not content while a named mutant is lost, a listed equivalent is no mutant any more, or a test fails as the code is', () => {
  const good = packageOf(resultsOf({ noticed: 1, unnoticed: 0, equivalent: 0 }));
  const named = { file: mutant.file, find: 'a', replace: 'b', why: 'c' };
  expect(isGoodEnough([good])).toBe(true);
  expect(isGoodEnough([{ ...good, lost: [named] }])).toBe(false);
  const equivalent = { file: mutant.file, before: 'a', after: 'b', reason: 'c' };
  expect(isGoodEnough([{ ...good, outdated: [equivalent] }])).toBe(false);
  expect(isGoodEnough([{ ...good, failing: ['a.test.ts'] }])).toBe(false);
});

it('shows each unnoticed mutant with its patch', () => {
  const report = formatReport([packageOf(resultsOf({ noticed: 0, unnoticed: 1, equivalent: 0 }))], 'Mutants');
  expect(report).toContain('packages/db-core/src/sql/a.ts:3 (operator: < to <=)');
  expect(report).toContain('- a < b\n  + a <= b');
});
