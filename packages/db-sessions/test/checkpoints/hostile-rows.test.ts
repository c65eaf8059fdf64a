import { readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hashContent } from '@codebuddy/db-core/internal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewCheckpoint, NewCheckpointFile } from '../../src/index.ts';
import { TemporaryProject, treeOf } from '../support/temporary-project.ts';

let project: TemporaryProject;
beforeEach(async () => {
  project = await TemporaryProject.create();
  project.write('a', 'as it was');
  project.write('.git/config', 'as it was');
  writeFileSync(`${project.outside}/secret`, 'as it was');
});
afterEach(() => project[Symbol.dispose]());

/** Stores a checkpoint as anybody can who writes to the database. */
const plant = (files: readonly NewCheckpointFile[], details: Partial<NewCheckpoint> = {}) =>
  project.repository.create({ project_id: 'shop', project_path: project.path, files, ...details }).id;
const content = Buffer.from('planted');

describe('a row that somebody else wrote', () => {
  it.each([0o4755, 0o2755, 0o1755, 0o7777])('never sets more than permissions: %o', async (mode) => {
    await project.checkpoints.restore(plant([{ file_path: 'a', content, mode }]));
    expect(statSync(project.join('a')).mode & 0o7777).toBe(mode & 0o777);
    expect((await project.checkpoints.diff(plant([{ file_path: 'a', content, mode }])))[0]?.change).toBe('unchanged');
  });

  it.each([
    '.git/hooks/pre-commit',
    '.git/config',
    '.git',
    'sub/.git/hooks/post-checkout',
    '.GIT/hooks/pre-commit',
    '.Git /config',
    '.git./config',
    'git~1/config',
    '.g\u200cit/config',
    '.git::$INDEX_ALLOCATION/config',
  ])('writes nothing to %j, which git would run, unless it is asked to', async (file_path) => {
    const before = project.tree();
    const id = plant([
      { file_path: 'a', content },
      { file_path, content, mode: 0o755 },
    ]);
    await expect(project.checkpoints.restore(id)).rejects.toMatchObject({
      code: 'DB_INVALID_INPUT',
      field: 'includeGit',
    });
    await expect(project.checkpoints.save([file_path])).rejects.toMatchObject({ field: 'includeGit' });
    expect(project.tree()).toEqual(before);
    await project.checkpoints.restore(id, ['a']);
    expect(project.read('a')).toBe('planted');
  });

  it('may belong to git if it is asked to', async () => {
    const checkpoints = project.open({ includeGit: true });
    const { id } = await checkpoints.save(['.git/config', '.git/hooks/pre-commit']);
    project.write('.git/config', 'changed');
    project.write('.git/hooks/pre-commit', 'new');
    await checkpoints.restore(id);
    expect(project.read('.git/config')).toBe('as it was');
    expect(readdirSync(project.join('.git'))).toEqual(['config']);
    await expect(project.checkpoints.undo()).rejects.toMatchObject({ field: 'includeGit' });
    await checkpoints.undo();
    expect(project.read('.git/hooks/pre-commit')).toBe('new');
  });

  it.each<[string, (path: string) => Partial<NewCheckpoint>]>([
    ['of another project', () => ({ project_id: 'other' })],
    ['without a folder', () => ({ project_path: undefined })],
    ['of another folder', () => ({ project_path: '/somewhere/else' })],
    ['of a folder whose name begins alike', (path) => ({ project_path: `${path}-2` })],
  ])('is refused if it is one %s', async (_, details) => {
    const id = plant([{ file_path: 'a', content }], details(project.path));
    const { checkpoints } = project;
    for (const call of [checkpoints.restore(id), checkpoints.diff(id), checkpoints.restore(id, ['a'])]) {
      await expect(call).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
    }
    expect(project.read('a')).toBe('as it was');
  });

  it('is refused if it contradicts itself', async () => {
    const id = plant([
      { file_path: 'a', content },
      { file_path: 'a/b', content },
    ]);
    await expect(project.checkpoints.restore(id)).rejects.toMatchObject({ code: 'DB_CORRUPT' });
    expect(project.read('a')).toBe('as it was');
  });

  it.each(['../outside/secret', 'b/../../outside/secret', '/etc/passwd', 'link/secret', 'link/new'])(
    'leads nowhere outside by the path %j',
    async (file_path) => {
      symlinkSync(project.outside, project.join('link'));
      const before = treeOf(project.folder.path);
      const id = plant([
        { file_path: 'a', content },
        { file_path, content },
      ]);
      await expect(project.checkpoints.restore(id)).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
      expect(treeOf(project.folder.path)).toEqual(before);
    },
  );

  describe('that tells of an interrupted restore', () => {
    /** Stores such a row: the file `a` was to become as it is now, and was planted before. */
    const forge = (token: string, wanted?: unknown) => {
      const id = plant([{ file_path: 'a', content, mode: 0o4755 }]);
      const asItIs = { a: { hash: hashContent(Buffer.from('as it was')), mode: 0o644 } };
      const own = { kind: 'restoring', becomes: 'undo', token, isStarted: true, sequence: 1, wanted: wanted ?? asItIs };
      project.database.db
        .prepare('UPDATE checkpoints SET metadata = ? WHERE id = ?')
        .run(JSON.stringify({ '@codebuddy': own }), id);
      return id;
    };

    it('touches no file, since the folder has no trace of it', async () => {
      const before = project.tree();
      forge('token');
      expect(await project.checkpoints.recover()).toBe(false);
      await project.checkpoints.save(['a']);
      expect(project.tree()).toEqual(before);
    });

    it.each([
      ['no part of a name', '../../outside/secret', undefined],
      ['no states', 'token', 'nothing'],
    ])('is refused if it has %s', async (_, token, wanted) => {
      const id = forge(token, wanted);
      await expect(project.checkpoints.recover()).rejects.toMatchObject({
        code: 'DB_CORRUPT',
        message: expect.stringContaining(id),
      });
      project.repository.delete(id);
      expect(await project.checkpoints.recover()).toBe(false);
      expect(treeOf(project.outside)).toMatchObject({ secret: expect.stringContaining('644') });
    });
  });
});
