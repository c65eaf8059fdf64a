export { identifierWords } from './identifiers.ts';
export { escapeLike, toFtsQuery } from './user-text.ts';
