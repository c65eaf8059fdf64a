import { rmSync } from 'node:fs';
import { countingIds, fakeClock } from '@codebuddy/test-kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ProjectCheckpoints } from '../../src/index.ts';
import { TemporaryProject } from '../support/temporary-project.ts';

let project: TemporaryProject;
let checkpoints: ProjectCheckpoints;
beforeEach(async () => {
  project = await TemporaryProject.create({ clock: fakeClock(), generateId: countingIds('checkpoint') });
  checkpoints = project.checkpoints;
});
afterEach(() => project[Symbol.dispose]());

const save = async (content: string) => {
  project.write('a', content);
  return (await checkpoints.save(['a'])).id;
};
const now = () => project.read('a');

it('undoes one restore after the other, and redoes them', async () => {
  const [one, two] = [await save('one'), await save('two')];
  project.write('a', 'three');
  await checkpoints.restore(two);
  await checkpoints.restore(one);
  expect(now()).toBe('one');
  const seen: string[] = [];
  for (const call of ['undo', 'undo', 'redo', 'undo', 'redo', 'redo', 'undo'] as const) {
    expect(await checkpoints[call]()).toMatchObject({ written: ['a'], removed: [] });
    seen.push(now());
  }
  expect(seen).toEqual(['two', 'three', 'two', 'three', 'two', 'one', 'two']);
});

it('has nothing to undo or redo before a restore, and at the ends', async () => {
  expect([await checkpoints.undo(), await checkpoints.redo()]).toEqual([null, null]);
  const one = await save('one');
  project.write('a', 'two');
  await checkpoints.restore(one);
  expect(await checkpoints.redo()).toBeNull();
  await checkpoints.undo();
  expect(await checkpoints.undo()).toBeNull();
  await checkpoints.redo();
  expect(await checkpoints.redo()).toBeNull();
  expect(now()).toBe('one');
});

it('lists none of the checkpoints that restores make, which `find` tells apart', async () => {
  const one = await save('one');
  project.write('a', 'two');
  const { undo } = await checkpoints.restore(one);
  expect(undo).toMatchObject({ kind: 'undo', description: `Before restoring ${one}` });
  expect(checkpoints.list().map(({ id, kind }) => ({ id, kind }))).toEqual([{ id: one }]);
  const kinds = () =>
    project.repository
      .find()
      .map(({ kind = 'saved' }) => kind)
      .sort();
  expect(kinds()).toEqual(['saved', 'undo']);
  await checkpoints.undo();
  expect(kinds()).toEqual(['redo', 'saved', 'used']);
  await checkpoints.redo();
  expect(kinds()).toEqual(['saved', 'undo', 'used', 'used']);
  expect(project.repository.find({ projectId: 'shop', kind: 'undo' })).toHaveLength(1);
  expect(() => Reflect.apply(project.repository.find, project.repository, [{ kind: 'other' }])).toThrow(
    'expected one of saved, restoring',
  );
});

it('undoes the newest restore first, also when all happen in one moment', async () => {
  const [one, two] = [await save('one'), await save('two')];
  project.write('a', 'three');
  for (let i = 0; i < 6; i++) await checkpoints.restore(i % 2 === 0 ? one : two);
  const seen: string[] = [];
  while ((await checkpoints.undo()) !== null) seen.push(now());
  expect(seen).toEqual(['one', 'two', 'one', 'two', 'one', 'three']);
});

it('keeps what was edited between a restore and its undo for redo', async () => {
  const one = await save('one');
  project.write('a', 'two');
  await checkpoints.restore(one);
  project.write('a', 'edited since');
  await checkpoints.undo();
  expect(now()).toBe('two');
  await checkpoints.redo();
  expect(now()).toBe('edited since');
});

it('forgets what could be redone after another restore', async () => {
  const [one, two] = [await save('one'), await save('two')];
  project.write('a', 'three');
  await checkpoints.restore(one);
  await checkpoints.undo();
  await checkpoints.restore(two);
  expect(await checkpoints.redo()).toBeNull();
  await checkpoints.undo();
  expect(now()).toBe('three');
});

it('takes an undo for done if the files are so already', async () => {
  const [one, two] = [await save('one'), await save('two')];
  project.write('a', 'three');
  await checkpoints.restore(two);
  await checkpoints.restore(one);
  project.write('a', 'two');
  expect(await checkpoints.undo()).toEqual({ written: [], removed: [] });
  expect(await checkpoints.undo()).toMatchObject({ written: ['a'] });
  expect(now()).toBe('three');
});

it('undoes what another object restored, of the same folder only', async () => {
  const one = await save('one');
  project.write('a', 'two');
  await project.open().restore(one);
  expect(await project.open({ projectId: 'other' }).undo()).toBeNull();
  expect(await project.open({ projectPath: project.outside }).undo()).toBeNull();
  await project.open().undo();
  expect(now()).toBe('two');
});

it('needs neither the checkpoint that was restored nor its own after an undo', async () => {
  const one = await save('one');
  project.write('a', 'two');
  await checkpoints.restore(one);
  project.repository.delete(one);
  await checkpoints.undo();
  for (const { id } of project.repository.find({ kind: 'used' })) project.repository.delete(id);
  await checkpoints.redo();
  expect(now()).toBe('one');
});

it('restores a checkpoint of the state before by its id as any other', async () => {
  const one = await save('one');
  rmSync(project.join('a'));
  const { undo } = await checkpoints.restore(one);
  expect(await checkpoints.restore(undo?.id ?? '')).toMatchObject({ removed: ['a'] });
  await checkpoints.undo();
  expect(now()).toBe('one');
});

it('keeps the metadata of callers apart from its own', async () => {
  project.write('a', 'one');
  const saved = await checkpoints.save(['a', 'new/b'], { metadata: { step: 1 } });
  expect(saved).toMatchObject({ metadata: { step: 1 }, absent_folders: ['new'] });
  expect(project.repository.getById(saved.id)).toEqual(saved);
  await expect(checkpoints.save(['a'], { metadata: { '@codebuddy': 1 } })).rejects.toMatchObject({
    code: 'DB_INVALID_INPUT',
  });
  expect(checkpoints.list()).toHaveLength(1);
});
