import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import {
  countingIds,
  fakeClock,
  type TemporaryDatabase,
  TemporaryFolder,
  temporaryDatabase,
} from '@codebuddy/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointRepository, ProjectCheckpoints } from '../../src/index.ts';

describe('checkpoints', () => {
  let database: TemporaryDatabase;
  let project: TemporaryFolder;
  let outside: TemporaryFolder;
  let repository: CheckpointRepository;
  let checkpoints: ProjectCheckpoints;
  const clock = fakeClock();
  beforeEach(async () => {
    database = await temporaryDatabase();
    project = new TemporaryFolder();
    outside = new TemporaryFolder();
    repository = new CheckpointRepository(database.db, { clock, generateId: countingIds('checkpoint') });
    checkpoints = new ProjectCheckpoints(repository, { projectId: 'shop', projectPath: project.path });
    mkdirSync(project.join('src'));
    writeFileSync(project.join('src', 'a.ts'), 'const a = 1;\n');
    writeFileSync(project.join('b.bin'), Buffer.from([0, 255, 128, 10]));
    writeFileSync(outside.join('secret.txt'), 'secret');
  });
  afterEach(() => {
    for (const each of [database, project, outside]) each[Symbol.dispose]();
  });

  const text = (...parts: string[]) => readFileSync(project.join(...parts), 'utf8');
  const stored = () =>
    database.db.prepare('SELECT count(*) AS contents, sum(length(data)) AS bytes FROM checkpoint_contents').get();

  it('save files, show what changed, and bring them back, byte for byte and with their modes', async () => {
    chmodSync(project.join('b.bin'), 0o755);
    const saved = await checkpoints.save(['src/a.ts', 'b.bin', 'new.ts'], {
      description: 'before',
      metadata: { step: 1 },
    });
    expect(saved).toMatchObject({
      file_count: 3,
      total_size: 17,
      description: 'before',
      project_id: 'shop',
      metadata: { step: 1 },
    });
    expect((await checkpoints.diff(saved.id)).map(({ change }) => change)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);

    writeFileSync(project.join('src', 'a.ts'), 'const a = 2;\n');
    writeFileSync(project.join('new.ts'), 'created since');
    unlinkSync(project.join('b.bin'));
    const changes = await checkpoints.diff(saved.id);
    expect(changes.map(({ path, change }) => `${path} ${change}`)).toEqual([
      'b.bin deleted',
      'new.ts created',
      'src/a.ts modified',
    ]);
    expect(Buffer.from(changes[2]?.before ?? []).toString()).toBe('const a = 1;\n');
    expect(Buffer.from(changes[2]?.after ?? []).toString()).toBe('const a = 2;\n');

    const result = await checkpoints.restore(saved.id);
    expect([result.written, result.removed]).toEqual([['b.bin', 'src/a.ts'], ['new.ts']]);
    expect(text('src', 'a.ts')).toBe('const a = 1;\n');
    expect(readFileSync(project.join('b.bin'))).toEqual(Buffer.from([0, 255, 128, 10]));
    expect(statSync(project.join('b.bin')).mode & 0o777).toBe(0o755);
    expect(existsSync(project.join('new.ts'))).toBe(false);

    await checkpoints.restore(result.undo?.id ?? '');
    expect([text('src', 'a.ts'), text('new.ts'), existsSync(project.join('b.bin'))]).toEqual([
      'const a = 2;\n',
      'created since',
      false,
    ]);
  });

  it('bring back only the files asked for, and folders that are gone', async () => {
    const saved = await checkpoints.save(['src/a.ts', 'b.bin']);
    rmSync(project.join('src'), { recursive: true });
    writeFileSync(project.join('b.bin'), 'edited');
    expect(await checkpoints.restore(saved.id, ['src/a.ts'])).toMatchObject({ written: ['src/a.ts'], removed: [] });
    expect([text('src', 'a.ts'), text('b.bin')]).toEqual(['const a = 1;\n', 'edited']);
    await expect(checkpoints.restore(saved.id, ['c.ts'])).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
  });

  it('change nothing where nothing has changed', async () => {
    const saved = await checkpoints.save(['src/a.ts', 'absent.ts']);
    expect(await checkpoints.restore(saved.id)).toEqual({ written: [], removed: [] });
    expect(repository.find()).toHaveLength(1);
  });

  it('store the same content once, compressed, and drop it with the last checkpoint that has it', async () => {
    writeFileSync(project.join('large.txt'), 'the same line again\n'.repeat(10_000));
    const first = await checkpoints.save(['large.txt']);
    const second = await checkpoints.save(['large.txt', 'src/a.ts']);
    expect(stored()).toMatchObject({ contents: 2 });
    expect(Number(Reflect.get(Object(stored()), 'bytes'))).toBeLessThan(5_000);
    expect(repository.delete(first.id)).toBe(true);
    expect(repository.delete(first.id)).toBe(false);
    expect(stored()).toMatchObject({ contents: 2 });
    repository.delete(second.id);
    expect(stored()).toMatchObject({ contents: 0 });
  });

  it('are listed newest first, by project', async () => {
    const first = await checkpoints.save(['src/a.ts']);
    clock.advance(1_000);
    const second = await checkpoints.save(['src/a.ts']);
    repository.create({ project_id: 'other', files: [] });
    expect(checkpoints.list().map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(repository.find()).toHaveLength(3);
    expect(repository.find({ offset: 2 })).toHaveLength(1);
    expect(repository.getById('absent')).toBeNull();
  });

  describe('never leave their folder', () => {
    it.each(['../secret.txt', '/etc/passwd', 'src/../../secret.txt', '', '.', 'src/\0', 'C:\\Windows', '..'])(
      'refuse the path %j',
      async (path) => {
        await expect(checkpoints.save([path])).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
        expect(checkpoints.list()).toEqual([]);
      },
    );

    it('refuse a symbolic link, to a file or on the way to it', async () => {
      symlinkSync(outside.join('secret.txt'), project.join('link.txt'));
      symlinkSync(outside.path, project.join('elsewhere'));
      for (const path of ['link.txt', 'elsewhere/secret.txt', 'elsewhere/new.txt']) {
        await expect(checkpoints.save([path]), path).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
      }
      await expect(checkpoints.save(['src'])).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
    });

    it('refuse a folder that has become a link since', async () => {
      const saved = await checkpoints.save(['src/a.ts']);
      rmSync(project.join('src'), { recursive: true });
      writeFileSync(outside.join('a.ts'), 'not ours');
      symlinkSync(outside.path, project.join('src'));
      await expect(checkpoints.restore(saved.id)).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
      expect(readFileSync(outside.join('a.ts'), 'utf8')).toBe('not ours');
    });

    it('refuse rows that name a path outside, or another folder', async () => {
      const hostile = repository.create({
        project_id: 'shop',
        project_path: project.path,
        files: [{ file_path: '../planted.txt', content: new Uint8Array([1]) }],
      });
      await expect(checkpoints.restore(hostile.id)).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
      const elsewhere = new ProjectCheckpoints(repository, { projectId: 'shop', projectPath: outside.path });
      const saved = await checkpoints.save(['src/a.ts']);
      await expect(elsewhere.restore(saved.id)).rejects.toMatchObject({ code: 'DB_OUTSIDE_ROOT' });
      await expect(checkpoints.restore('absent')).rejects.toMatchObject({ code: 'DB_NOT_FOUND' });
    });
  });

  it('round-trip any content', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (content) => {
        writeFileSync(project.join('any.bin'), content);
        const saved = await checkpoints.save(['any.bin']);
        writeFileSync(project.join('any.bin'), 'something else entirely');
        await checkpoints.restore(saved.id);
        expect(Buffer.compare(readFileSync(project.join('any.bin')), content)).toBe(0);
      }),
      { numRuns: 30 },
    );
  });
});
