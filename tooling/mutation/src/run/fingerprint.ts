import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Returns a digest of the names and contents of all files that match. */
export function fingerprint(root: string, globs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of globSync([...globs], { cwd: root }).sort()) {
    const path = join(root, file);
    if (statSync(path).isFile()) hash.update(`${file}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/** The sources of all packages: the tests of any run through several. */
export const SOURCES = 'packages/*/src/**';

/** Returns what the tests of a folder consist of. */
export function testsOf(folder: string): string[] {
  // The fault tests keep what they share, and the programs that they kill, in `src`.
  return [`${folder}/test/**`, ...(folder.startsWith('packages/') ? [] : [`${folder}/src/**`])];
}
