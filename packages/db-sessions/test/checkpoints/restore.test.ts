import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import { hashContent } from '@codebuddy/db-core/internal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TemporaryProject } from '../support/temporary-project.ts';

describe('a restore', () => {
  let project: TemporaryProject;
  /** Called once, when a restore has looked at the files and is about to store the state before. */
  let meddle: (() => void) | undefined;
  beforeEach(async () => {
    meddle = undefined;
    project = await TemporaryProject.create({
      clock: () => {
        const once = meddle;
        meddle = undefined;
        once?.();
        return 0;
      },
    });
    for (const name of ['a', 'src/b', 'z']) project.write(name, 'old');
  });
  afterEach(() => project[Symbol.dispose]());

  const edit = () => {
    for (const name of ['a', 'src/b', 'z']) project.write(name, 'new');
  };

  it('sees that only the permissions changed, and brings them back', async () => {
    chmodSync(project.join('a'), 0o755);
    const { id } = await project.checkpoints.save(['a']);
    chmodSync(project.join('a'), 0o640);
    expect(await project.checkpoints.diff(id)).toMatchObject([
      { path: 'a', change: 'modified', modeBefore: 0o755, modeAfter: 0o640 },
    ]);
    expect(await project.checkpoints.restore(id)).toMatchObject({ written: ['a'], removed: [] });
    expect(statSync(project.join('a')).mode & 0o7777).toBe(0o755);
    await project.checkpoints.undo();
    expect(statSync(project.join('a')).mode & 0o7777).toBe(0o640);
  });

  it('keeps the permissions of a file whose own were never saved', async () => {
    const { id } = project.repository.create({
      project_id: 'shop',
      project_path: project.path,
      files: [
        { file_path: 'a', content: Buffer.from('then') },
        { file_path: 'new', content: Buffer.from('then') },
      ],
    });
    chmodSync(project.join('a'), 0o600);
    await project.checkpoints.restore(id);
    expect(project.tree()).toMatchObject({ a: `600 ${Buffer.from('then').toString('base64')}` });
    expect(statSync(project.join('new')).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  it.each([215, 254, 255])('brings back a file whose name has %d bytes', async (length) => {
    const name = 'n'.repeat(length);
    project.write(name, 'old');
    const { id } = await project.checkpoints.save([name]);
    project.write(name, 'new');
    await project.checkpoints.restore(id);
    expect(project.read(name)).toBe('old');
  });

  it('brings back a folder where a file stands now, and takes that back', async () => {
    const { id } = await project.checkpoints.save(['a', 'src/b', 'z']);
    const before = project.tree();
    rmSync(project.join('src'), { recursive: true });
    project.write('src', 'a file now');
    const after = project.tree();
    const { written, removed } = await project.checkpoints.restore(id);
    expect({ written, removed }).toEqual({ written: ['src/b'], removed: ['src'] });
    expect(project.tree()).toEqual(before);
    await project.checkpoints.undo();
    expect(project.tree()).toEqual(after);
    await project.checkpoints.redo();
    expect(project.tree()).toEqual(before);
  });

  it('brings back a file where a folder stands now, if the checkpoint speaks of all files in it', async () => {
    const { id } = await project.checkpoints.save(['a', 'a/x', 'a/deep/y']);
    const before = project.tree();
    unlinkSync(project.join('a'));
    for (const name of ['a/x', 'a/deep/y']) project.write(name, 'new');
    const after = project.tree();
    expect(await project.checkpoints.diff(id)).toMatchObject([
      { path: 'a', change: 'deleted' },
      { path: 'a/deep/y', change: 'created' },
      { path: 'a/x', change: 'created' },
    ]);
    await project.checkpoints.restore(id);
    expect(project.tree()).toEqual(before);
    await project.checkpoints.undo();
    expect(project.tree()).toEqual(after);
    project.write('a/deep/unknown', 'to the checkpoint');
    await expect(project.checkpoints.restore(id)).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
    expect(project.read('a/x')).toBe('new');
  });

  it('removes the folders that were not there, once they are empty', async () => {
    const before = project.tree();
    const { id, absent_folders } = await project.checkpoints.save(['src/new/deep/c', 'lib/d']);
    expect(absent_folders).toEqual(['src/new', 'lib']);
    for (const name of ['src/new/deep/c', 'lib/d', 'lib/kept']) project.write(name, 'new');
    const after = project.tree();
    await project.checkpoints.restore(id);
    expect(project.tree()).toEqual({ ...before, lib: 'folder', 'lib/kept': after['lib/kept'] });
    await project.checkpoints.undo();
    expect(project.tree()).toEqual(after);
  });

  it('changes nothing if a stored content is damaged', async () => {
    const { id } = await project.checkpoints.save(['a', 'src/b', 'z']);
    project.write('z', 'other');
    const damaged = await project.checkpoints.save(['z']);
    edit();
    const { content_hash: hash } = project.repository.getFiles(damaged.id)[0] ?? {};
    project.database.db
      .prepare("UPDATE checkpoint_contents SET encoding = 'raw', data = zeroblob(5) WHERE hash = ?")
      .run(hash);
    const before = project.tree();
    await expect(project.checkpoints.restore(damaged.id)).rejects.toMatchObject({ code: 'DB_CORRUPT' });
    await expect(project.checkpoints.diff(damaged.id)).rejects.toMatchObject({ code: 'DB_CORRUPT' });
    expect(project.tree()).toEqual(before);
    // Whoever saves the same content again mends it.
    project.write('z', 'other');
    await project.checkpoints.save(['z']);
    await project.checkpoints.restore(id);
    await project.checkpoints.restore(damaged.id);
    expect(project.read('z')).toBe('other');
  });

  describe('that fails', () => {
    it('leaves the files as they were, with what somebody saved meanwhile, and names the undo', async () => {
      const { id } = await project.checkpoints.save(['a', 'src/b', 'z']);
      edit();
      meddle = () => project.write('z', 'saved in between');
      const failure = await project.checkpoints.restore(id).catch((error) => error);
      expect(failure).toMatchObject({ code: 'DB_RESTORE_FAILED', retryable: false, cause: { code: 'DB_CONFLICT' } });
      expect(failure.message).toContain(failure.undo);
      expect([project.read('a'), project.read('src/b'), project.read('z')]).toEqual(['new', 'new', 'saved in between']);
      expect(Object.keys(project.tree())).toEqual(['a', 'src', 'src/b', 'z']);
      expect(project.repository.getById(failure.undo)).toMatchObject({ kind: 'used', file_count: 3 });
      expect(await project.checkpoints.undo()).toBeNull();
      await project.checkpoints.restore(id);
      expect(project.read('z')).toBe('old');
    });

    it('leaves the files as they were, whatever got in the way', async () => {
      const { id } = await project.checkpoints.save(['a', 'gone/b', 'src/b', 'z']);
      edit();
      project.write('gone/b', 'new');
      const before = project.tree();
      const obstacles: (() => void)[] = [
        () => unlinkSync(project.join('z')),
        () => {
          unlinkSync(project.join('z'));
          mkdirSync(project.join('z'));
        },
        () => {
          renameSync(project.join('src'), project.join('moved'));
          symlinkSync(project.outside, project.join('src'));
        },
        () => {
          rmSync(project.join('src'), { recursive: true });
          project.write('src', 'a file');
        },
        () => project.write('gone/b', 'saved in between'),
      ];
      for (const obstacle of obstacles) {
        let after = before;
        meddle = () => {
          obstacle();
          after = project.tree();
        };
        await expect(project.checkpoints.restore(id)).rejects.toMatchObject({ code: 'DB_RESTORE_FAILED' });
        // A link that appears in the middle may be gone in a moment: only the next call takes it for good.
        await project.checkpoints.recover();
        expect(project.tree()).toEqual(after);
        for (const name of ['src', 'z', 'moved']) rmSync(project.join(name), { recursive: true, force: true });
        edit();
        project.write('gone/b', 'new');
      }
    });

    it('is taken back by the next call if it can’t be at once', async () => {
      const { id } = await project.checkpoints.save(['a', 'z']);
      project.write('a', 'new');
      project.write('z', 'other');
      const { db } = project.database;
      db.exec(`CREATE TRIGGER damage AFTER INSERT ON checkpoint_contents BEGIN
        UPDATE checkpoint_contents SET encoding = 'raw', data = x'00' WHERE hash = NEW.hash; END`);
      meddle = () => project.write('z', 'saved in between');
      const failure = await project.checkpoints.restore(id).catch((error) => error);
      expect(failure).toMatchObject({ code: 'DB_RESTORE_FAILED', message: expect.stringContaining('next call') });
      expect([project.read('a'), project.read('z')]).toEqual(['old', 'saved in between']);
      for (const call of [() => project.checkpoints.save(['a']), () => project.checkpoints.diff(id)]) {
        await expect(call()).rejects.toMatchObject({ code: 'DB_RESTORE_FAILED', undo: failure.undo });
      }
      db.prepare("UPDATE checkpoint_contents SET data = CAST('new' AS BLOB) WHERE hash = ?").run(
        hashContent(Buffer.from('new')),
      );
      expect(await project.open().recover()).toBe(true);
      expect([project.read('a'), project.read('z')]).toEqual(['new', 'saved in between']);
      expect(Object.keys(project.tree())).toEqual(['a', 'src', 'src/b', 'z']);
      expect(await project.open().recover()).toBe(false);
    });

    it('can be given up by deleting the checkpoint that it names', async () => {
      const { id } = await project.checkpoints.save(['a', 'z']);
      project.write('a', 'new');
      project.write('z', 'other');
      project.database.db.exec(`CREATE TRIGGER damage AFTER INSERT ON checkpoint_contents BEGIN
        UPDATE checkpoint_contents SET encoding = 'raw', data = x'00' WHERE hash = NEW.hash; END`);
      meddle = () => project.write('z', 'saved in between');
      const { undo } = await project.checkpoints.restore(id).catch((error) => error);
      project.database.db.exec('DROP TRIGGER damage');
      await expect(project.checkpoints.restore(id)).rejects.toMatchObject({ code: 'DB_RESTORE_FAILED', undo });
      project.repository.delete(undo);
      await project.checkpoints.restore(id);
      expect([project.read('a'), project.read('z')]).toEqual(['old', 'old']);
    });
  });

  it('waits for the one before it, of the same process', async () => {
    const old = await project.checkpoints.save(['a', 'src/b', 'z']);
    edit();
    const recent = await project.checkpoints.save(['a', 'src/b', 'z']);
    project.write('a', 'newest');
    const others = [project.checkpoints, project.open(), project.open()];
    const restores = others.flatMap((each) => [each.restore(old.id), each.restore(recent.id), each.diff(old.id)]);
    const outcomes = await Promise.allSettled(restores);
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    // On a busy machine a call may wait in vain; it must not get in the way of another one.
    expect([...new Set(failures)].filter((code) => code !== 'DB_BUSY')).toEqual([]);
    expect(failures.length).toBeLessThan(outcomes.length);
    expect(['old,old,old', 'new,new,new']).toContain(['a', 'src/b', 'z'].map((name) => project.read(name)).join());
    expect(Object.keys(project.tree())).toEqual(['a', 'src', 'src/b', 'z']);
  });

  it('leaves other files alone, and links', async () => {
    symlinkSync('a', project.join('link'));
    const { id } = await project.checkpoints.save(['src/b']);
    project.write('other', 'new');
    edit();
    await project.checkpoints.restore(id);
    expect([project.read('a'), project.read('other'), project.read('link')]).toEqual(['new', 'new', 'new']);
    expect(existsSync(project.join('src/b'))).toBe(true);
  });
});
