import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { quarantine } from '../../src/index.ts';
import { TemporaryFolder } from '../../src/testing/index.ts';
import { fill } from '../support/damaged-file.ts';

const HOLDER = fileURLToPath(new URL('../support/hold-open.ts', import.meta.url));

describe('setting a file aside', () => {
  it('takes what lies beside it along', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    for (const suffix of ['', '-wal', '-shm']) writeFileSync(path + suffix, `not a database${suffix}`);
    const aside = quarantine(path, Date.parse('2026-01-02T03:04:05Z'));
    expect(aside).toBe(`${path}.damaged-2026-01-02T03-04-05-000Z`);
    expect(['', '-wal', '-shm'].map((suffix) => readFileSync(aside + suffix, 'utf8'))).toEqual([
      'not a database',
      'not a database-wal',
      'not a database-shm',
    ]);
    expect(existsSync(path)).toBe(false);
  });

  it('waits until nobody has it open', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fill(path);
    const holder = fork(HOLDER, [path], { execArgv: [] });
    await once(holder, 'message');
    expect(() => quarantine(path)).toThrow(expect.objectContaining({ code: 'DB_BUSY', retryable: true }));
    expect(existsSync(path)).toBe(true);
    holder.kill();
    await once(holder, 'exit');
    expect(existsSync(quarantine(path))).toBe(true);
  });

  it('says so where there is none', () => {
    using folder = new TemporaryFolder();
    expect(() => quarantine(folder.join('none.db'))).toThrow(expect.objectContaining({ code: 'DB_CANNOT_OPEN' }));
  });
});
