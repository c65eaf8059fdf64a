import { redactSecrets } from '@codebuddy/db-core';
import { temporaryDatabase } from '@codebuddy/test-kit';
import { describe, expect, it } from 'vitest';
import { CheckpointRepository } from '../../src/index.ts';
import { TemporaryProject } from '../support/temporary-project.ts';

const TOKEN = ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');

const isStored = ({ database }: TemporaryProject, text: string) => {
  const rows = database.db.prepare('SELECT hash FROM checkpoint_contents').all();
  const repository = new CheckpointRepository(database.db);
  return rows.some((row) =>
    Buffer.from(repository.getContent(String(Reflect.get(Object(row), 'hash')))).includes(text),
  );
};

describe('files that hold secrets', () => {
  it('are kept as they are, unless something else is asked for', async () => {
    using project = await TemporaryProject.create();
    project.write('.env', `TOKEN=${TOKEN}\n`, 0o600);
    const saved = await project.checkpoints.save(['.env']);
    expect(saved).toMatchObject({ file_count: 1 });
    expect(saved).not.toHaveProperty('skipped_files');
    project.write('.env', 'lost');
    await project.checkpoints.restore(saved.id);
    expect(project.read('.env')).toBe(`TOKEN=${TOKEN}\n`);
  });

  it.each([
    ['for the project', { secrets: 'skip' }, {}],
    ['for one checkpoint', {}, { secrets: 'skip' }],
  ] as const)('are left out and listed if that is asked for %s', async (_, config, details) => {
    using project = await TemporaryProject.create();
    const checkpoints = project.open(config);
    project.write('.env', `TOKEN=${TOKEN}\n`);
    project.write('src/a.ts', 'const a = 1;\n');
    project.write('utf-16.txt', Buffer.from(`\ufeffkey: ${TOKEN}`, 'utf16le'));
    const paths = ['.env', 'src/a.ts', 'utf-16.txt', 'absent.ts'];
    const { id } = await checkpoints.save(paths, { metadata: { note: 'mine' }, ...details });
    const saved = checkpoints.list()[0];
    expect(saved).toMatchObject({
      id,
      file_count: 2,
      total_size: 13,
      skipped_files: ['.env', 'utf-16.txt'],
      metadata: { note: 'mine' },
    });
    expect(project.repository.getFiles(id).map(({ file_path }) => file_path)).toEqual(['absent.ts', 'src/a.ts']);
    expect(isStored(project, TOKEN)).toBe(false);

    // A restore leaves them as they are now.
    project.write('.env', 'edited');
    project.write('src/a.ts', 'edited');
    await checkpoints.restore(id);
    expect([project.read('.env'), project.read('src/a.ts')]).toEqual(['edited', 'const a = 1;\n']);
  });

  it('are in the state before a restore, which is kept whole', async () => {
    using project = await TemporaryProject.create();
    const checkpoints = project.open({ secrets: 'skip' });
    project.write('.env', 'TOKEN=\n');
    const { id, skipped_files: skipped } = await checkpoints.save(['.env']);
    expect(skipped).toBeUndefined();
    project.write('.env', `TOKEN=${TOKEN}\n`);
    await checkpoints.restore(id);
    expect(project.read('.env')).toBe('TOKEN=\n');
    await checkpoints.undo();
    expect(project.read('.env')).toBe(`TOKEN=${TOKEN}\n`);
  });

  it('are found anywhere in large files', async () => {
    using project = await TemporaryProject.create();
    const file = (before: number) => Buffer.from(`${'x'.repeat(before)} ${TOKEN} ${'x'.repeat(1_000_000)}`);
    const files = [7_999_980, 8_000_000, 16_000_010].map((at) => ({ file_path: `${at}`, content: file(at) }));
    const clean = { file_path: 'clean', content: Buffer.alloc(17_000_000, 'x') };
    const { skipped_files, file_count } = project.repository.create({
      project_id: 'shop',
      secrets: 'skip',
      files: [...files, clean],
    });
    expect([skipped_files, file_count]).toEqual([files.map(({ file_path }) => file_path), 1]);
  });

  it('are those that the connection redacts, if it has a function of its own', async () => {
    using database = await temporaryDatabase({ redact: (text) => redactSecrets(text).replaceAll('hush', '***') });
    const repository = new CheckpointRepository(database.db);
    const file = (file_path: string, content: string) => ({ file_path, content: Buffer.from(content) });
    const files = [file('a', 'say hush'), file('b', TOKEN), file('c', 'plain')];
    expect(repository.create({ project_id: 'p', secrets: 'skip', files }).skipped_files).toEqual(['a', 'b']);
  });

  it('are refused another way of treating them', async () => {
    using project = await TemporaryProject.create();
    const other: object = { secrets: 'redact' };
    expect(() => project.open(other)).toThrow(/Invalid secrets: expected one of keep, skip/);
    await expect(project.checkpoints.save([], other)).rejects.toThrow(/Invalid secrets/);
    const files = [{ file_path: 'a', content: Buffer.from(TOKEN) }];
    expect(() => project.repository.create({ project_id: 'p', files, ...other })).toThrow(/Invalid secrets/);
  });
});
