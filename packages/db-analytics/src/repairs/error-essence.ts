import { errorSignature } from './error-signature.ts';

/** The words that stand for what is left out of a pattern, in the notations of earlier releases and of other modules. */
const WORD =
  '(?:file|path|dir|folder|line|ln|col|column|place|pos|num|number|int|name|ident|identifier|id|str|string|value|val|var|variable|quoted|text|symbol|module|type|hash|hex|addr|address|uuid|url|uri|time|timestamp|date)s?';

/** These say nothing of the kind of an error: placeholders, in brackets or in capitals, and the words around numbers. */
const PLACEHOLDERS: readonly RegExp[] = [
  new RegExp(`[<[{]{1,2}\\s*(?:${WORD}[\\s_-]?){1,2}\\d*\\s*[>\\]}]{1,2}`, 'gi'),
  new RegExp(`\\b_*(?:(?:${WORD.toUpperCase()}_?){1,2}|N|X)\\d*_*\\b`, 'g'),
  /\b(?:lines?|ln|col(?:umn)?s?|position|offset|ms|s|kb|mb|bytes)\b/g,
];

/**
 * Reduces a message, or a pattern that an earlier release or another module made of one, to the words that they have in common:
 * what was left out of it doesn't count, nor in which notation. It is empty if that leaves nothing to recognise an error by.
 */
export function errorEssence(text: string): string {
  let rest = errorSignature(text);
  for (const placeholder of PLACEHOLDERS) rest = rest.replace(placeholder, ' ');
  const words = rest.match(/[\p{L}\p{N}_]+/gu)?.filter((word) => !/^\d+$/.test(word)) ?? [];
  return words.length < 2 ? '' : words.join(' ');
}
