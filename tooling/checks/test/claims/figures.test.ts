import type { Entries } from '@codebuddy/figures';
import { describe, expect, it } from 'vitest';
import { checkFigures } from '../../src/claims/figures.ts';

const entries: Entries = {
  search: {
    title: 'Search',
    date: '2026-11-25',
    commit: 'abc1234',
    machine: 'a machine',
    command: 'pnpm bench',
    rows: { fast: { label: 'fast', values: { time: 0.93 } } },
  },
};
const check = (text: string, page = 'docs/benchmarks.md') => checkFigures(page, text, entries);

describe('a figure', () => {
  it('is what its file says', () => {
    expect(check('It takes <!-- =search.fast.time -->0.93 ms.')).toEqual([]);
    expect(check('A\n\nB <!-- =search.fast.time -->0.94 ms.')).toMatchObject([{ line: 3 }]);
    expect(check('It takes <!-- =search.fast.time -->.')).toHaveLength(1);
  });

  it('is refused if nobody measured it', () => {
    expect(check('It takes <!-- =search.exact.time -->4 ms.')).toMatchObject([
      { message: expect.stringContaining('search has no value exact.time') },
    ]);
  });

  it.each([
    '1.5 ms',
    '20 µs',
    '3 s',
    '24.9 s',
    '12 minutes',
    '14 times',
    '222 kB',
    '1,160 ms',
    '3 to 4 ms',
    '30 % faster',
  ])('is refused if it stands in no file: %s', (figure) => {
    expect(check(`It takes ${figure} here.`)).toHaveLength(1);
    expect(check(`| a | ${figure} |`)).toHaveLength(1);
  });

  it.each([
    'A write waits 5 seconds: (5 seconds).'.replace('5 seconds: ', ''),
    '```ts\nwait(); // 5 ms\n```',
    'The option `ttlMs: 5 ms`.',
    '100,000 vectors of 384 dimensions',
    'at most 300 lines',
  ])('is let through if it is a setting, code or no measure: %s', (text) => expect(check(text)).toEqual([]));
});

it('a table is what its file says', () => {
  const table =
    '<!-- table: search -->\n\n|      | time    |\n| ---- | ------- |\n| fast | 0.93 ms |\n\n<!-- end of table -->';
  expect(check(table)).toEqual([]);
  expect(check(table.replace('0.93', '0.94'))).toHaveLength(1);
  expect(check(table.replace('search', 'absent'))).toHaveLength(1);
});
