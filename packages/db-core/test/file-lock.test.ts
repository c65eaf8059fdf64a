import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FileLock } from '../src/internal.ts';
import { TemporaryFolder } from '../src/testing/index.ts';

const HOLDER = fileURLToPath(new URL('./support/hold-lock.ts', import.meta.url));

it('is held once, in this process and others, and leaves the file empty', async () => {
  using folder = new TemporaryFolder();
  const path = folder.join('lock');
  {
    using first = FileLock.tryAcquire(path);
    expect(first).toBeDefined();
    expect(FileLock.tryAcquire(path)).toBeUndefined();
    const other = fork(HOLDER, [path], { execArgv: [] });
    expect((await once(other, 'message'))[0]).toBe(false);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(FileLock.tryAcquire(path)).toBeUndefined();
  }
  using again = FileLock.tryAcquire(path);
  expect(again).toBeDefined();
  expect(statSync(path).size).toBe(0);
});

it('ends with the process that holds it, which leaves nothing beside the file', async () => {
  using folder = new TemporaryFolder();
  const path = folder.join('lock');
  const holder = fork(HOLDER, [path], { execArgv: [] });
  expect((await once(holder, 'message'))[0]).toBe(true);
  expect(FileLock.tryAcquire(path)).toBeUndefined();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(readdirSync(folder.path)).toEqual(['lock']);
  using lock = FileLock.tryAcquire(path);
  expect(lock).toBeDefined();
});

it('refuses a path that is no file', () => {
  using folder = new TemporaryFolder();
  mkdirSync(folder.join('folder'));
  for (const name of ['folder', 'absent/lock']) {
    expect(() => FileLock.tryAcquire(folder.join(name))).toThrow(expect.objectContaining({ code: 'DB_CANNOT_OPEN' }));
  }
});
