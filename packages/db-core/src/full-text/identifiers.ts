import { optionalStringOrNull } from '../validation.ts';

const WORD = /[\p{L}\p{N}]+/gu;
const COMPOUND = /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;
const JOINT = /(?<=\p{Ll}|\p{N})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

/** Longer ones are data, not names. */
const MAX_NAME_LENGTH = 100;

/**
 * Returns the parts of a name, in lower case: `getUserById` has four, `HTMLElement` two, `plain` one, and so has what is too
 * long for a name.
 */
export function partsOfName(name: string): string[] {
  if (name.length > MAX_NAME_LENGTH) return [name.toLowerCase()];
  return name.split(JOINT).map((part) => part.toLowerCase());
}

/**
 * Returns the words that the compound names of a string are made of, so that full-text search finds `getUserById` by
 * `user id`: its own tokenizer takes names apart at underscores and hyphens, not at capital letters.
 *
 * @returns the words with spaces between them; `null` if the text has no compound name
 */
export function identifierWords(text: string | null | undefined): string | null {
  const given = optionalStringOrNull(text, 'text');
  // Most texts have no compound name at all.
  if (given === null || !COMPOUND.test(given)) return null;
  const words = new Set<string>();
  for (const [name] of given.matchAll(WORD)) {
    if (name.length > MAX_NAME_LENGTH || !COMPOUND.test(name)) continue;
    for (const part of partsOfName(name)) words.add(part);
  }
  return words.size === 0 ? null : [...words].join(' ');
}
