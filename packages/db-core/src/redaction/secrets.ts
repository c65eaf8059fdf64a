import { requireStringOrEmpty } from '../validation.ts';
import { NAMED_FORMATS, URL_FORMATS } from './named-formats.ts';
import { PRIVATE_KEY_FORMATS } from './private-keys.ts';
import { TOKEN_FORMATS } from './token-formats.ts';

/** In this order: what has a form of its own is told apart before what only a name or an address gives away. */
const FORMATS = [...PRIVATE_KEY_FORMATS, ...TOKEN_FORMATS, ...NAMED_FORMATS, ...URL_FORMATS];

const WITHOUT_KEYWORD = FORMATS.filter(({ keywords }) => keywords.length === 0);

/** Most texts are short and hold no keyword at all: to learn that takes one look. */
const ANY_KEYWORD = new RegExp(
  [...new Set(FORMATS.flatMap(({ keywords }) => keywords))]
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|'),
);

/**
 * Replaces what looks like a secret by `[redacted: kind]`: private keys, tokens and keys of well-known issuers, JSON Web
 * Tokens, bearer tokens, keys that are assigned to a telling name such as `aws_secret_access_key`, passwords and signatures in
 * addresses. It can't know every secret: what has no format and no name, such as a password in a sentence, stays.
 *
 * @example
 * ```ts
 * const manager = new DatabaseManager({ redact: redactSecrets });
 * ```
 */
export function redactSecrets(text: string): string {
  let redacted = requireStringOrEmpty(text, 'text');
  const lowerCase = redacted.toLowerCase();
  const hasKeyword = ANY_KEYWORD.test(lowerCase);
  for (const { keywords, expression, replacement } of hasKeyword ? FORMATS : WITHOUT_KEYWORD) {
    const isLikely = keywords.length === 0 || keywords.some((keyword) => lowerCase.includes(keyword));
    if (isLikely) redacted = redacted.replace(expression, replacement);
  }
  return redacted;
}
