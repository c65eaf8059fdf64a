import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for databases, removed when the process ends. */
export const scratchFolder = mkdtempSync(join(tmpdir(), 'codebuddy-bench-'));

process.once('exit', () => rmSync(scratchFolder, { recursive: true, force: true }));

export function scratchFile(name: string): string {
  return join(scratchFolder, name);
}
