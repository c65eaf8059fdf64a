import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { hasSystemCode } from '@codebuddy/db-core/internal';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { describe, expect, it } from 'vitest';
import { findInconsistencies } from '../src/consistency.ts';
import { EditedProject } from '../src/edited-project.ts';
import { runWorker } from '../src/run-worker.ts';
import { scaled } from '../src/scale.ts';
import { mayMountDisks, SmallDisk } from '../src/small-disk.ts';

/** How many places in a restore are tried; in the long run it is every one. */
const KILLS = scaled(24, Number.POSITIVE_INFINITY);
const LIMIT = scaled(180_000, 3_600_000);

async function edited(): Promise<{
  project: EditedProject;
  id: string;
  before: readonly string[];
  after: readonly string[];
}> {
  const project = new EditedProject();
  await project.open();
  const id = await project.save();
  const before = project.tree();
  project.edit();
  return { project, id, before, after: project.tree() };
}

/** Restores, or makes another call, and dies before a call on a file. Returns how many of those there were, if it lived. */
async function work(project: EditedProject, id: string, call: 'restore' | 'recover', deadly = 0) {
  const { acknowledged, complaints, signal } = await runWorker('restore', [
    project.database,
    project.path,
    id,
    call,
    String(deadly),
  ]);
  expect(complaints).toBe('');
  const counted = acknowledged.find((each) => each.kind === 'file-calls');
  return signal === 'SIGKILL' ? undefined : counted?.count;
}

/** Returns numbers from 1 to a last one, evenly spread. */
function spread(last: number, most: number): number[] {
  const count = Math.min(last, most);
  return Array.from({ length: count }, (_, index) => 1 + Math.floor((index * last) / count));
}

describe('a restore', () => {
  it(
    'that dies anywhere leaves the state before or after it, whole, once the next call has returned',
    async () => {
      const { project, id, before, after } = await edited();
      using _ = project;
      const all = (await work(project, id, 'restore')) ?? 0;
      expect(project.tree()).toEqual(before);
      const seen = new Set<string>();
      for (const deadly of spread(all, KILLS)) {
        await project.save();
        project.edit();
        expect(await work(project, id, 'restore', deadly)).toBeUndefined();
        await project.checkpoints().recover();
        const found = project.tree();
        const isBefore = JSON.stringify(found) === JSON.stringify(after);
        expect(found, `killed before call ${deadly}`).toEqual(isBefore ? after : before);
        seen.add(isBefore ? 'as it was' : 'restored');
        await (isBefore ? project.checkpoints().restore(id) : project.checkpoints().undo());
        expect(project.tree()).toEqual(isBefore ? before : after);
      }
      expect(seen).toContain('as it was');
      expect(findInconsistencies(project.manager.getDatabase())).toEqual([]);
    },
    LIMIT,
  );

  it(
    'that dies, and then again while it is taken back, ends the same',
    async () => {
      const { project, id, before, after } = await edited();
      using _ = project;
      const all = (await work(project, id, 'restore')) ?? 0;
      const isHalfDone = () => ![before, after].some((tree) => isDeepStrictEqual(tree, withoutTraces(project.tree())));
      // The last calls see to it that all is on the disk; before them the files are swapped.
      let deadly = all;
      do {
        deadly -= 5;
        await project.save();
        project.edit();
        await work(project, id, 'restore', deadly);
      } while (!isHalfDone());
      const states = new Set<string>();
      for (let next = 5; (await work(project, id, 'recover', next)) === undefined; next += scaled(20, 1))
        states.add(JSON.stringify(withoutTraces(project.tree())));
      expect(states.size).toBeGreaterThan(1);
      expect(project.tree()).toEqual(after);
    },
    LIMIT,
  );

  it(
    'that two processes make at once leaves what one of them restored, whole',
    async () => {
      const { project, id, before, after } = await edited();
      using _ = project;
      const other = (await project.checkpoints().save(['a.ts', 'new/c.ts', 'run.sh', 'z.ts'])).id;
      // The other checkpoint knows less: it leaves the folders as the first one has them.
      await project.checkpoints().restore(id);
      await project.checkpoints().restore(other);
      const mixed = project.tree();
      for (let round = 0; round < scaled(6, 200); round++) {
        const outcomes = await Promise.all([work(project, id, 'restore'), work(project, other, 'restore')]);
        expect(outcomes).not.toContain(undefined);
        expect([before, mixed].map((tree) => JSON.stringify(tree))).toContain(JSON.stringify(project.tree()));
      }
      expect(after).not.toEqual(mixed);
      expect(await project.checkpoints().recover()).toBe(false);
    },
    LIMIT,
  );

  it.runIf(mayMountDisks())('changes nothing on a disk that is too full for it', async () => {
    using folder = new TemporaryFolder();
    using disk = new SmallDisk(folder.join('disk'), 400_000);
    using project = new EditedProject(`${disk.path}/shop`);
    await project.open();
    const id = await project.save();
    project.edit();
    writeFileSync(`${project.path}/a.ts`, '');
    const after = project.tree();
    fillUp(`${disk.path}/filler`, 8_192);
    const failure = await project
      .checkpoints()
      .restore(id)
      .catch((error) => error);
    expect(failure).toMatchObject({ code: 'DB_RESTORE_FAILED', retryable: true, cause: { code: 'DB_DISK_FULL' } });
    expect(failure.message).toContain(failure.undo);
    expect(project.tree()).toEqual(after);
    rmSync(`${disk.path}/filler`);
    await project.checkpoints().restore(id);
    await project.checkpoints().undo();
    expect(project.tree()).toEqual(after);
  });

  it.runIf(canForbid())('changes nothing if one of the files can’t be replaced', async () => {
    const { project, id, before, after } = await edited();
    using _ = project;
    forbid('+i', `${project.path}/z.ts`);
    try {
      const failure = await project
        .checkpoints()
        .restore(id)
        .catch((error) => error);
      expect(failure).toMatchObject({ code: 'DB_RESTORE_FAILED', cause: { code: 'DB_CANNOT_OPEN' } });
      expect(failure.message).toContain(failure.undo);
    } finally {
      forbid('-i', `${project.path}/z.ts`);
    }
    expect(project.tree()).toEqual(after);
    await project.checkpoints().restore(id);
    expect(project.tree()).toEqual(before);
  });
});

/** Forbids everybody, root included, to change or replace a file, or allows it again. */
function forbid(change: '+i' | '-i', path: string): boolean {
  return spawnSync('chattr', [change, path]).status === 0;
}

/** Tells whether this process and its file system can do that. */
function canForbid(): boolean {
  using folder = new TemporaryFolder();
  writeFileSync(folder.join('file'), '');
  return forbid('+i', folder.join('file')) && forbid('-i', folder.join('file'));
}

/** Leaves so many bytes for everybody else. */
function fillUp(path: string, rest: number): void {
  try {
    for (;;) appendFileSync(path, 'x'.repeat(4_096));
  } catch (error) {
    if (!hasSystemCode(error, 'ENOSPC')) throw error;
  }
  truncateSync(path, statSync(path).size - rest);
}

/** Leaves out of a tree what a restore has made for itself. */
function withoutTraces(tree: readonly string[]): readonly string[] {
  return tree.filter((each) => !each.includes('.codebuddy-restore-'));
}
