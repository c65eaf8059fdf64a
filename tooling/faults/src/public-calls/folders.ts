import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const all = mkdtempSync(join(tmpdir(), 'codebuddy-inputs-'));
process.once('exit', () => rmSync(all, { recursive: true, force: true }));

/** Makes a folder with nothing in it, which is gone when the process ends. */
export function emptyFolder(): string {
  return mkdtempSync(join(all, 'folder-'));
}
