import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  drawTable,
  type Entries,
  type Entry,
  fillIn,
  fillPages,
  formatValue,
  isMet,
  readEntries,
  tally,
} from '../src/index.ts';

const entry = (rows: Entry['rows'], goals?: Entry['goals']): Entry => ({
  title: 'Search',
  date: '2026-11-25',
  commit: 'abc1234',
  machine: 'a machine',
  command: 'pnpm bench',
  rows,
  goals,
});

describe('a value', () => {
  it.each([
    ['time', 0.00406, '4.06 µs'],
    ['time', 0.93, '0.93 ms'],
    ['time', 68.36, '68.4 ms'],
    ['time', 1160, '1.16 s'],
    ['time', [0.07, 0.14], '0.07 to 0.14 ms'],
    ['ratio', 281.1, '281 times'],
    ['ratio', [265, 348], '265 to 348 times'],
    ['recall', 1, '1.000'],
    ['share', 0.912, '91.2 %'],
    ['packed', 233_900, '234 kB'],
    ['duration', 720_000, '12 minutes'],
    ['kills', 2_100, '2,100'],
  ] as const)('is written with the unit of its column: %s %j as %s', (column, value, text) => {
    expect(formatValue(column, value)).toBe(text);
    const page = fillIn('It is <!-- =a.b.c -->.'.replace('c', column), {
      a: entry({ b: { label: 'b', values: { [column]: value } } }),
    });
    expect(page.text).toContain(text);
    // Filling in what is filled in changes nothing: the whole value is recognised.
    expect(fillIn(page.text, { a: entry({ b: { label: 'b', values: { [column]: value } } }) }).text).toBe(page.text);
  });
});

describe('a goal', () => {
  const goal = { work: 'w', against: 'a', times: 2 };

  it('is met by both ends of a range', () => {
    expect(isMet({ ...goal, kind: 'faster', ratio: [2, 3] })).toBe(true);
    expect(isMet({ ...goal, kind: 'faster', ratio: [1.9, 3] })).toBe(false);
    expect(isMet({ ...goal, kind: 'within', ratio: 2 })).toBe(true);
    expect(isMet({ ...goal, kind: 'within', ratio: 2.1 })).toBe(false);
  });

  it('stands in the table of goals', () => {
    expect(drawTable('goals', { a: entry({}, { g: { ...goal, kind: 'faster', ratio: 3 } }) })).toContain(
      '| w    | a       | 2 times faster | 3 times  | yes |',
    );
  });
});

describe('a table', () => {
  const entries: Entries = {
    a: entry({ one: { label: 'one', values: { time: 1 } }, two: { label: 'two', values: { recall: 0.5 } } }),
    b: entry({ kills: { label: 'kills', values: { count: 140 } }, lost: { label: 'lost', values: { count: 0 } } }),
  };

  it('has a column for each that a row has a value of', () => {
    expect(drawTable('a', entries).split('\n')).toEqual([
      '|     | time | recall@10 |',
      '| --- | ---- | --------- |',
      '| one | 1 ms |           |',
      '| two |      | 0.500     |',
    ]);
  });

  it('has a line for each entry that was counted, if it is that of counts', () => {
    expect(drawTable('counts', entries)).toContain('| Search       | 140 kills, 0 lost |');
    expect(drawTable('runs', entries).split('\n')).toHaveLength(3);
  });

  it('has only the rows and columns that are asked for', () => {
    expect(drawTable('a, rows two, columns recall', entries).split('\n')).toEqual([
      '|     | recall@10 |',
      '| --- | --------- |',
      '| two | 0.500     |',
    ]);
    expect(() => drawTable('a, rows three', entries)).toThrow(/there is no row three/);
  });

  it('may be missing if its name says so', () => {
    expect(drawTable('absent?', entries)).toBe('No run has been kept yet.');
    expect(() => drawTable('absent', entries)).toThrow(RangeError);
  });
});

describe('a repository', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'codebuddy-figures-'));
    mkdirSync(join(root, 'docs'));
    writeFileSync(join(root, 'package.json'), '{ "private": true }');
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@localhost', ...args], { cwd: root });
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'everything');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('takes over what tests have counted, and fills it into its pages', () => {
    writeFileSync(join(root, 'README.md'), 'After <!-- =crash.kills.count --> kills, none is lost.');
    expect(() => fillPages(root)).toThrow(/README\.md: crash\.kills\.count: there are no figures of crash/);
    tally(
      'crash',
      { title: 'Kills', command: 'pnpm test', counts: { kills: 140, 'acknowledged writes': 7_553 } },
      root,
    );
    expect(fillPages(root)).toEqual(['README.md']);
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe(
      'After <!-- =crash.kills.count -->140 kills, none is lost.',
    );
    expect(readEntries(root)['crash']?.rows['acknowledged-writes']?.values).toEqual({ count: 7_553 });
    expect(fillPages(root)).toEqual([]);
  });

  it('refuses figures of another shape', () => {
    writeFileSync(join(root, 'docs', 'benchmarks.json'), '{ "search": { "rows": {} } }');
    expect(() => readEntries(root)).toThrow(/The figures of search/);
  });
});
