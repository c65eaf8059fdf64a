import { cpSync, readFileSync, renameSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TemporaryProject } from '../support/temporary-project.ts';

let project: TemporaryProject;
let saved: string;
let moved: string;
beforeEach(async () => {
  project = await TemporaryProject.create();
  project.write('src/a', 'old');
  saved = (await project.checkpoints.save(['src/a'])).id;
  project.write('src/a', 'new');
  moved = project.folder.join('moved');
});
afterEach(() => project[Symbol.dispose]());

const readMoved = () => readFileSync(`${moved}/src/a`, 'utf8');

it('restores, undoes and redoes in the new folder of a project that was moved', async () => {
  const { checkpoints } = project;
  await checkpoints.restore(saved);
  project.write('src/a', 'newest');
  renameSync(project.path, moved);
  await expect(checkpoints.restore(saved)).rejects.toMatchObject({ code: 'DB_CANNOT_OPEN' });
  expect(await checkpoints.rebind(moved)).toBe(2);
  await checkpoints.restore(saved);
  expect(readMoved()).toBe('old');
  const seen: string[] = [];
  for (const call of ['undo', 'undo', 'redo', 'redo'] as const) {
    await checkpoints[call]();
    seen.push(readMoved());
  }
  expect(seen).toEqual(['newest', 'new', 'newest', 'old']);
  expect(checkpoints.list()).toMatchObject([{ id: saved, project_path: moved }]);
});

it('refuses checkpoints of another folder until they are bound to this one', async () => {
  cpSync(project.path, moved, { recursive: true });
  const elsewhere = project.open({ projectPath: moved });
  await expect(elsewhere.restore(saved)).rejects.toMatchObject({
    code: 'DB_OUTSIDE_ROOT',
    message: expect.stringContaining('rebind()'),
  });
  await expect(elsewhere.diff(saved)).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
  expect(await elsewhere.rebind(moved)).toBe(1);
  expect(await elsewhere.rebind(moved)).toBe(0);
  await elsewhere.restore(saved);
  expect([readMoved(), project.read('src/a')]).toEqual(['old', 'new']);
  await expect(project.checkpoints.restore(saved)).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
});

it('binds only the checkpoints of one folder, or of an old project id, if it is asked to', async () => {
  const other = project.open({ projectPath: project.outside });
  await other.save(['none']);
  cpSync(project.path, moved, { recursive: true });
  const elsewhere = project.open({ projectPath: moved, projectId: 'renamed' });
  expect(await elsewhere.rebind(moved)).toBe(0);
  expect(await elsewhere.rebind(moved, { projectId: 'shop', projectPath: project.path })).toBe(1);
  await elsewhere.restore(saved);
  expect(readMoved()).toBe('old');
  expect(elsewhere.list()).toMatchObject([{ id: saved, project_id: 'renamed', project_path: moved }]);
  expect(other.list()).toMatchObject([{ project_path: project.outside }]);
});

it('binds checkpoints of older programs, which know no folder', async () => {
  const { id } = project.repository.create({
    project_id: 'shop',
    files: [{ file_path: 'src/a', content: Buffer.from('oldest') }],
  });
  await expect(project.checkpoints.restore(id)).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
  expect(project.read('src/a')).toBe('new');
  expect(await project.checkpoints.rebind(project.path)).toBe(1);
  await project.checkpoints.restore(id);
  expect(project.read('src/a')).toBe('oldest');
});

it('binds nothing to a folder that is not there', async () => {
  await expect(project.checkpoints.rebind(moved)).rejects.toMatchObject({ code: 'DB_CANNOT_OPEN' });
  await project.checkpoints.restore(saved);
  expect(project.read('src/a')).toBe('old');
});
