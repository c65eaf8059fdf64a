import { isError } from '@codebuddy/db-core/internal';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses one JSON text. A `__proto__` key, which no legacy file needs, is left out: what is merged from the result
 * later can't reach a prototype.
 *
 * @throws SyntaxError when the bytes are not UTF-8 or not JSON; the message says where
 */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new SyntaxError('it is not UTF-8 text');
  }
  try {
    return text.includes('"__proto__"') ? JSON.parse(text, withoutPrototypeKey) : JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`it is not JSON (${describe(error)})`);
  }
}

function withoutPrototypeKey(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

/** The parser quotes what it found, which may be the user's text: only the place is passed on. */
function describe(error: unknown): string {
  const message = isError(error) ? error.message : '';
  if (message.includes('end of JSON')) return 'it ends too early';
  return /position \d+/.exec(message)?.[0] ?? 'an unexpected character';
}
