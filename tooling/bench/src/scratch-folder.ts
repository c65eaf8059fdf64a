import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for databases, removed when the process ends. */
export const scratchFolder = mkdtempSync(join(tmpdir(), 'codebuddy-bench-'));

process.once('exit', () => rmSync(scratchFolder, { recursive: true, force: true }));

export function scratchFile(name: string): string {
  return join(scratchFolder, name);
}

/** Removes a database that is no longer needed: those of a million vectors fill a disk. */
export function removeScratchDatabase(path: string): void {
  for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
}
