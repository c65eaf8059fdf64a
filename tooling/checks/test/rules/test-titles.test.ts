import { describe, expect, it } from 'vitest';
import { checkTestTitles, testTitles } from '../../src/rules/test-titles.ts';
import { parse } from '../../src/source-file.ts';

const file = (text: string) => parse('packages/db-core/test/a.test.ts', text);
const check = (text: string) => checkTestTitles(file(text)).map(({ message }) => message);

describe('the title of a test', () => {
  it.each([
    "it('of a newer release is refused', run);",
    "test('when a folder has become a link', run);",
    "it.each([1, 2])('with %s rows', run);",
    "it.each`a\n${1}`('for $a', run);",
    "it.skipIf(isWindows)('in a full disk', run);",
    "it.only.each([1])(\n  'after %s crashes',\n  run,\n);",
    'it(`on ${system}`, run);',
  ])('is refused if it begins with a preposition: %s', (text) => expect(check(text)).toHaveLength(1));

  it.each([
    "it('refuses a newer release', run);",
    "it('LIKE takes a text as it is', run);",
    "it('opens a file of a newer release', run);",
    "it('attempts nothing', run);",
    "describe('in a full disk', run);",
    "visit('of all', run);",
  ])('is fine otherwise: %s', (text) => expect(check(text)).toEqual([]));

  it('is found whatever the test is made with', () => {
    const text = "it('a', run);\nit.each([1])('b %s', run);\ntest.concurrent(`c ${1}`, run);\ndescribe('d', run);";
    expect(testTitles(file(text)).map(({ title }) => title)).toEqual(['a', 'b %s', 'c ${1}']);
  });
});
