import { fork, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkspaceCopy } from './workspace-copy.ts';

/** How a run of tests ended. A test process that ended without a report has crashed. */
export type TestOutcome =
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'failed';
      /** The file of the test, and its name after that; the file is relative to its package. */
      readonly file: string;
      readonly test: string;
      readonly message: string;
    }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'crashed'; readonly output: string };

const VITEST_PROCESS = fileURLToPath(new URL('./vitest-process.ts', import.meta.url));

const running = new Set<number>();

/**
 * Runs test files of one folder of a copy in the order given, up to the first test that fails. Whatever they leave
 * behind, processes, mounts and files, is cleared away.
 *
 * @param folder - the package that the tests belong to, relative to the root
 * @param files - relative to the root
 */
export async function runTests(
  copy: WorkspaceCopy,
  folder: string,
  files: readonly string[],
  timeoutMs: number,
): Promise<TestOutcome> {
  const temporaryFolder = join(copy.path, '.tmp');
  mkdirSync(temporaryFolder, { recursive: true });
  const cwd = join(copy.path, folder);
  const child = fork(VITEST_PROCESS, [cwd, ...files.map((file) => join(copy.path, file))], {
    cwd,
    // A group of its own, so that its children end with it.
    detached: true,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, TMPDIR: temporaryFolder, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const group = child.pid;
  if (group !== undefined) running.add(group);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
    });
  }
  const outcome = await new Promise<TestOutcome>((resolve) => {
    let reported: TestOutcome | undefined;
    const timer = setTimeout(() => resolve({ kind: 'timeout' }), timeoutMs);
    child.on('message', (message: TestOutcome) => {
      reported = message;
    });
    child.once('error', (error) => resolve({ kind: 'crashed', output: String(error) }));
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(reported ?? { kind: 'crashed', output });
    });
  });
  if (group !== undefined) endGroup(group);
  clearAway(temporaryFolder);
  return outcome;
}

/** Ends every test process that is running. */
export function endTestProcesses(): void {
  for (const group of running) endGroup(group);
}

function endGroup(group: number): void {
  running.delete(group);
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    // All of its processes have ended by themselves.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Removes a folder, and unmounts the small disks that tests which were ended have left in it. */
function clearAway(folder: string): void {
  if (process.platform === 'linux') {
    for (const line of readFileSync('/proc/self/mounts', 'utf8').split('\n')) {
      const [, mountPoint = ''] = line.split(' ');
      if (mountPoint.startsWith(`${folder}/`)) spawnSync('umount', [mountPoint]);
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
