import fc from 'fast-check';
import { expect, it } from 'vitest';
import { identifierWords, toFtsQuery } from '../src/internal.ts';
import { temporaryDatabase } from '../src/testing/index.ts';

it.each([
  ['calls getUserById twice', 'get user by id'],
  ['XMLHttpRequest and HTMLElement', 'xml http request html element'],
  ['sha256Hash', 'sha256 hash'],
  ['get_user_by_id stays whole: the tokenizer splits it', null],
  ['Plain words', null],
  [null, null],
])('takes the compound names of %j apart', (text, words) => expect(identifierWords(text)).toBe(words));

it('passes over data that looks like a name, in time that grows with the text alone', () => {
  expect(identifierWords(`${'aB'.repeat(500_000)} fileName`)).toBe('file name');
});

it('asks for a name as it is, and by its parts', () => {
  expect(toFtsQuery('getUser fast')).toBe('("getUser" OR ("get" AND "user")) AND "fast"*');
  expect(toFtsQuery('a b', 'any')).toBe('"a" OR "b"*');
  expect(toFtsQuery('a b a a')).toBe('"a" AND "b" AND "a"*');
});

it('never fails on what a text may hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(identifierWords(text) ?? '').toBe((identifierWords(text) ?? '').toLowerCase());
    }),
  );
});

it.each([
  ['one word again and again', () => 'word '.repeat(200_000)],
  ['as many words', () => Array.from({ length: 200_000 }, (_, i) => `word${i}`).join(' ')],
  ['one endless name', () => 'aB'.repeat(500_000)],
  ['one endless phrase', () => 'a_'.repeat(200_000)],
  ['many names', () => Array.from({ length: 200_000 }, (_, i) => `getUser${i}ById`).join(' ')],
])('is a query that SQLite reads in a moment, of %s', async (_what, text) => {
  using database = await temporaryDatabase();
  const query = toFtsQuery(text());
  // Before there was a bound, these took minutes each: the test would never have ended.
  expect(database.db.prepare('SELECT count(*) AS n FROM memories_fts WHERE memories_fts MATCH ?').get(query)).toEqual({
    n: 0,
  });
});
