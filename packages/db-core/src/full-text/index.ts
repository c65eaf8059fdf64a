export { excerpt, type Marks, requireMarks, snippetSql } from './excerpt.ts';
export { identifierWords } from './identifiers.ts';
export { escapeLike, toFtsQuery } from './user-text.ts';
