import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt, snippetSql, toFtsQuery } from '../src/internal.ts';
import { temporaryDatabase } from '../src/testing/index.ts';

const tags = ['[', ']'] as const;

describe('an excerpt', () => {
  it('is the part around the first word found', () => {
    const text = `${'before '.repeat(100)}the RETRY helper waits with jitter ${'after '.repeat(100)}`;
    expect(excerpt(text, 'retry', tags)).toBe(
      `…${'before '.repeat(7)}the [RETRY] helper waits with jitter ${'after '.repeat(11).trim()}…`,
    );
  });

  it.each([
    ['a name by its parts', 'calls getUserById twice', 'user', 'calls [getUserById] twice'],
    ['the parts by a name', 'get the user by id', 'getUserById', '[get] the [user] [by] [id]'],
    ['without accents', 'un café noir', 'cafe', 'un [café] noir'],
    ['by the beginning of the last word', 'retries and jitter', 'jitter retr', '[retries] and [jitter]'],
    ['nothing of what is not there', 'nothing here', 'else', 'nothing here'],
    ['no text', '', 'else', ''],
  ])('finds %s', (_what, content, searched, expected) => expect(excerpt(content, searched, tags)).toBe(expected));

  it('is no longer than a few lines for an endless word', () => {
    expect(excerpt('x'.repeat(1_000_000), 'x', tags).length).toBeLessThan(1_100);
  });

  it('marks what SQLite marks', async () => {
    using database = await temporaryDatabase();
    const { db } = database;
    const write = db.prepare("INSERT INTO memories (id, type, scope, content) VALUES ('m', 'fact', 'user', ?)");
    const read = db.prepare(
      `SELECT ${snippetSql('memories_fts', 'm.content')} AS snippet
       FROM memories_fts JOIN memories AS m ON m.seq = memories_fts.rowid WHERE memories_fts MATCH @query`,
    );
    const word = fc.constantFrom('retry', 'Retry', 'retries', 'é', 'E', 'naïve', '漢字', 'a1', 'x', 'and');
    const gap = fc.constantFrom(' ', ', ', '. ', '-', '_', '/', "'");
    const content = fc
      .array(fc.tuple(word, gap), { minLength: 1, maxLength: 24 })
      .map((parts) => parts.flat().join(''));
    fc.assert(
      fc.property(content, fc.array(word, { minLength: 1, maxLength: 3 }), (text, words) => {
        const searched = words.join(' ');
        db.exec('DELETE FROM memories');
        write.run(text);
        const row = read.get({ query: toFtsQuery(searched, 'any'), open: '[', close: ']' });
        if (row !== undefined) expect({ snippet: excerpt(text, searched, tags) }).toEqual(row);
      }),
      { numRuns: 300 },
    );
  });
});
