import { constants } from 'node:buffer';
import { parseJson } from '../files/json-text.ts';
import type { LegacyFile } from '../files/legacy-file.ts';
import { UnreadableError } from '../files/unreadable-error.ts';
import type { PhaseContext } from './phase-context.ts';

/**
 * Reads and parses a file that is not read in parts.
 *
 * @throws UnreadableError when it is too large, or not JSON
 */
export async function readWholeFile(
  { maxFileBytes }: Pick<PhaseContext<unknown>, 'maxFileBytes'>,
  file: LegacyFile,
): Promise<unknown> {
  if (file.size > maxFileBytes)
    throw new UnreadableError(`it is larger than ${maxFileBytes} bytes; raise maxFileBytes to read it`);
  if (file.size > constants.MAX_STRING_LENGTH)
    throw new UnreadableError(
      `it is larger than ${constants.MAX_STRING_LENGTH} bytes, which is more than a text can have`,
    );
  return parseJson(await file.read());
}
