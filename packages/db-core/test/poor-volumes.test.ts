// Volumes of other systems keep no rights of files, or know no links. A tracer refuses both calls in their place.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DatabaseManager } from '../src/index.ts';
import { TemporaryFolder } from '../src/testing/index.ts';

const PROGRAM = fileURLToPath(new URL('./support/open-and-restore.ts', import.meta.url));
const CALLS = 'chmod,fchmod,fchmodat,link,linkat';

function refusing(error: string, ...command: readonly string[]): string[] {
  return ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${CALLS}`, '-e', `inject=${CALLS}:error=${error}`, ...command];
}

/** Tracing is not installed everywhere, and forbidden in some containers. */
const mayTrace = spawnSync('strace', refusing('EPERM', 'true')).status === 0;

describe.runIf(mayTrace)('a volume that refuses rights and links', () => {
  it.each(['EPERM', 'EOPNOTSUPP'])(
    'takes a database, its backup and the restored one, with a warning, if it refuses by %s',
    async (error) => {
      using folder = new TemporaryFolder();
      const dbPath = folder.join('a.db');
      using manager = new DatabaseManager({ dbPath });
      await manager.initialize();
      manager.close();
      // As an earlier release left it.
      chmodSync(dbPath, 0o644);
      const node = [process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM, dbPath, folder.join('b.db')];
      const said = execFileSync('strace', refusing(error, ...node), { encoding: 'utf8', timeout: 50_000 });
      expect(JSON.parse(said)).toEqual({ stored: 1, isRefused: true, isWarned: true });
      expect(readdirSync(folder.path).filter((name) => name.includes('unfinished'))).toEqual([]);
    },
    60_000,
  );
});
