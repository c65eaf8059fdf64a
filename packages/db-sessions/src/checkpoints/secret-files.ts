import { type NewCheckpointFile, type Redact, redactSecrets } from '@codebuddy/db-core';
import type { Given } from '@codebuddy/db-core/internal';

/** A file is looked through in parts of this size, in bytes: a string can't hold the largest files. */
const PART = 8_000_000;

/** The parts overlap, so that no secret is cut in two. */
const OVERLAP = 64_000;

/** The files that are kept, and the paths of those that are not. */
export interface SortedFiles {
  readonly kept: readonly Given<NewCheckpointFile>[];
  readonly skipped: readonly string[];
}

/**
 * Sorts out the files that hold secrets.
 *
 * @param redact - a file holds a secret if this would change it. Default: `redactSecrets`
 */
export function withoutSecrets(
  files: readonly Given<NewCheckpointFile>[],
  redact: Redact = redactSecrets,
): SortedFiles {
  const kept: Given<NewCheckpointFile>[] = [];
  const skipped: string[] = [];
  for (const file of files) {
    if (file.content !== undefined && holdsSecret(file.content, redact)) skipped.push(file.file_path);
    else kept.push(file);
  }
  return { kept, skipped };
}

function holdsSecret(content: Uint8Array, redact: Redact): boolean {
  for (let start = 0; start < content.byteLength; start += PART) {
    const part = Buffer.from(content.buffer, content.byteOffset, content.byteLength).subarray(
      start,
      start + PART + OVERLAP,
    );
    // Without its zero bytes, UTF-16 is as readable as UTF-8, as far as secrets go.
    const text = part.toString('utf8').replaceAll('\0', '');
    if (redact(text) !== text) return true;
  }
  return false;
}
