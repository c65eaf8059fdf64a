export { excerpt, type HighlightTags, requireHighlightTags, snippetSql } from './excerpt.ts';
export { identifierWords } from './identifiers.ts';
export { escapeLike, toFtsQuery } from './user-text.ts';
