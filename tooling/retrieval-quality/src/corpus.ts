import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TemporaryFolder } from '@codebuddy/db-core/testing';

const ARCHIVE = fileURLToPath(new URL('../corpus/packages.tar.gz', import.meta.url));

/**
 * Unpacks `packages/` as commit 70282e3 has it, which the questions were written about. The tree goes on changing: figures
 * of it could not be compared with each other.
 */
export function unpackCorpus(): TemporaryFolder {
  const folder = new TemporaryFolder();
  execFileSync('tar', ['-xzf', ARCHIVE, '-C', folder.path]);
  return folder;
}
