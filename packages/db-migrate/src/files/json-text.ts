import { isError } from '@codebuddy/db-core/internal';
import { UnreadableError } from './unreadable-error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses one JSON text.
 *
 * @throws UnreadableError when the bytes are not UTF-8 or not JSON; the message says where
 */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new UnreadableError('it is not UTF-8 text');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableError(`it is not JSON (${describe(error)})`);
  }
}

/** The parser quotes what it found, which may be the user's text: only the place is passed on. */
function describe(error: unknown): string {
  const message = isError(error) ? error.message : '';
  if (message.includes('end of JSON')) return 'it ends too early';
  return /position \d+/.exec(message)?.[0] ?? 'an unexpected character';
}
