import { chmodSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it, vi } from 'vitest';
import { type FileCall, FileCalls } from '../support/file-calls.ts';
import { TemporaryProject } from '../support/temporary-project.ts';

const isMarker = (path: string) => /\.codebuddy-restore-[\da-f-]{36}$/.test(path);
const changesFolder = ({ call, path }: FileCall) => call !== 'sync' && call !== 'write' && !isMarker(path);

/** Returns the folders whose names a call changes. */
const foldersOf = ({ path, to }: FileCall) => (to === undefined ? [dirname(path)] : [dirname(path), dirname(to)]);

it('waits for the disk before it gives names, and before it takes the restore for ended', async () => {
  using project = await TemporaryProject.create();
  for (const name of ['a', 'run.sh', 'src/deep/b', 'lib/kept', 'test/kept']) project.write(name, 'old');
  const { id } = await project.checkpoints.save(['a', 'run.sh', 'src/deep/b', 'lib/c', 'test/new/d']);
  for (const name of ['a', 'lib/c', 'test/new/d']) project.write(name, 'new');
  chmodSync(project.join('run.sh'), 0o755);
  rmSync(project.join('src'), { recursive: true });
  using recorded = await FileCalls.start();
  const { db } = project.database;
  const pragma = db.pragma.bind(db);
  vi.spyOn(db, 'pragma').mockImplementation((source, options) => {
    if (source === 'synchronous = FULL') recorded.calls.push({ call: 'sync', path: db.name });
    return pragma(source, options);
  });
  await project.checkpoints.restore(id);
  await project.checkpoints.undo();
  const { calls } = recorded;
  expect(calls.filter(({ call }) => call === 'rename')).toHaveLength(7);

  const indexes = (matches: (call: FileCall) => boolean) =>
    calls.flatMap((call, index) => (matches(call) ? [index] : []));
  const isSyncedBetween = (path: string, from: number, to: number) =>
    calls.slice(from, to).some((each) => each.call === 'sync' && each.path === path);

  for (const renamed of indexes(({ call }) => call === 'rename')) {
    const { path = '' } = calls[renamed] ?? {};
    const written = calls.findLastIndex(
      (each, index) => index < renamed && each.call === 'write' && each.path === path,
    );
    expect(isSyncedBetween(path, written, renamed), `content of ${path}`).toBe(true);
  }
  const begun = indexes(({ call, path }) => call === 'create' && isMarker(path));
  const ended = indexes(({ call, path }) => call === 'unlink' && isMarker(path));
  expect([begun.length, ended.length]).toEqual([2, 2]);
  for (const [restore, begin] of begun.entries()) {
    const end = ended[restore] ?? 0;
    const changes = indexes(changesFolder).filter((index) => index > begin && index < end);
    const firstSwap = changes.find((index) => calls[index]?.call !== 'create') ?? 0;
    expect(isSyncedBetween(project.path, begin, firstSwap), 'the marker').toBe(true);
    expect(isSyncedBetween(db.name, begin, firstSwap), 'the state before').toBe(true);
    for (const change of changes.filter((index) => index >= firstSwap)) {
      const call = calls[change];
      for (const folder of call === undefined ? [] : foldersOf(call)) {
        const isRemoved = calls.slice(change, end).some((each) => each.call === 'rmdir' && each.path === folder);
        expect(isRemoved || isSyncedBetween(folder, change, end), `names in ${folder}`).toBe(true);
      }
    }
  }
});
