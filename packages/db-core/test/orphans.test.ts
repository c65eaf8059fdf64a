import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { TemporaryFolder } from '../src/testing/index.ts';

const PROGRAM = fileURLToPath(new URL('./support/die-asking.ts', import.meta.url));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.runIf(process.platform === 'linux')('the process of', () => {
  it.each([
    ['a read-only query', 'query'],
    ['another program that never ends', 'program'],
  ])(
    '%s ends with the one that started it, killed as that is',
    async (_, what) => {
      using folder = new TemporaryFolder();
      const parent = fork(PROGRAM, [what, folder.join('a.db')], {
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      const [child] = await once(parent, 'message');
      expect(isAlive(child)).toBe(true);
      const ended = once(parent, 'exit');
      parent.kill('SIGKILL');
      await ended;
      await vi.waitFor(() => expect(isAlive(child)).toBe(false), { timeout: 20_000 });
    },
    60_000,
  );
});
