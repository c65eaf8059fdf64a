import { describe, expect, it } from 'vitest';
import { checkDocComments } from '../../src/rules/doc-comments.ts';
import { parse } from '../../src/source-file.ts';

const check = (comment: string) => checkDocComments(parse('a.ts', `${comment}\nexport const a = 1;`));

describe('a sentence of a doc comment', () => {
  it.each([
    '/** What a caller gives. */',
    '/** How many rows fit. */',
    '/** Where the file lies. */',
    '/**\n * Opens a file.\n * What is found there.\n *\n * @throws never\n */',
  ])('is counted if it has no main verb: %s', (comment) => expect(check(comment)).toHaveLength(1));

  it.each([
    '/** What a caller gives is checked here. */',
    '/** Where it is full, the oldest entry goes. */',
    '/** The number of rows that fit. */',
    '/** Returns what a caller gave. */',
    '/** Opens a file.\n * @example\n * What a file\n */',
    '// What a caller gives.',
    '/** Whether it is open. */',
    '/**\n * @param path - where the file lies\n */',
  ])('is fine otherwise: %s', (comment) => expect(check(comment)).toEqual([]));
});
