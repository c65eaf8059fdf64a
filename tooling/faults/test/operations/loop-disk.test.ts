import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom, TemporaryFolder } from '@codebuddy/db-core/testing';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/operations/index.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { UNMENDED } from '../../src/operations/unmended.ts';
import { LoopDisk, whyNoLoopDisk } from '../../src/power-cut/loop-disk.ts';
import { IS_LONG, scaled } from '../../src/scale.ts';

const WORKER = fileURLToPath(new URL('../../src/workers/operate.ts', import.meta.url));
const CUTS = scaled(1, 20);
const reason = whyNoLoopDisk();
if (reason !== undefined) console.log(`No power cuts on a disk of their own: ${reason}`);

const SHORT = ['restore-backup', 'vacuum'];
const operations = Object.entries(OPERATIONS).filter(([name]) => IS_LONG || SHORT.includes(name));

/** Cuts the power, looks at what is there when it is back, and says what is wrong with it. */
async function faultsAfterCut(disk: LoopDisk, operation: Operation): Promise<string[]> {
  using folder = new TemporaryFolder();
  using after = disk.cut(folder.path);
  const state = await operation.look(after.path);
  return ['old', 'new'].includes(state) ? [] : [state];
}

describe.skipIf(reason !== undefined).each(operations)('a disk that loses its power during %s', (name, operation) => {
  it(
    'holds the old state or the new one',
    async () => {
      const next = seededRandom(19);
      const wrong: string[] = [];
      for (let cut = 0; cut < CUTS; cut++) {
        using folder = new TemporaryFolder();
        using disk = LoopDisk.make(folder.path);
        await operation.prepare(disk.path);
        disk.sync();
        const worker = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', WORKER, name, disk.path]);
        try {
          const ended = once(worker, 'exit');
          await once(worker.stdout, 'data');
          await sleep(next() * 100);
          worker.kill('SIGSTOP');
          if (!UNMENDED.states.includes(name)) wrong.push(...(await faultsAfterCut(disk, operation)));
          worker.kill('SIGCONT');
          expect(await ended).toEqual([0, null]);
        } finally {
          worker.kill('SIGKILL');
        }
        wrong.push(...(await faultsAfterCut(disk, operation)));
        disk.syncOtherFile();
        wrong.push(...(await faultsAfterCut(disk, operation)));
      }
      expect(wrong).toEqual([]);
    },
    scaled(120_000, 3_600_000),
  );
});
