import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { RootFolder } from '@codebuddy/db-core/internal';
import { SwappingProcess, TemporaryFolder } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { walkProject } from '../src/indexing/walk-project.ts';

let project: TemporaryFolder;
beforeEach(() => {
  project = new TemporaryFolder();
});
afterEach(() => project[Symbol.dispose]());

const write = (path: string, content = 'export const x = 1;\n') => {
  mkdirSync(dirname(project.join(path)), { recursive: true });
  writeFileSync(project.join(path), content);
};

describe('the files of a project', () => {
  it('are those that git would not ignore', async () => {
    for (const path of [
      'a.ts',
      'src/b.ts',
      'src/gen/c.ts',
      'src/gen/keep.ts',
      'node_modules/d.js',
      'dist/e.js',
      '.git/config',
      'logs/x.log',
      'logs/y.txt',
      '.env',
    ])
      write(path);
    write('.gitignore', 'node_modules/\n/dist\n*.log\n.env\n');
    write('src/.gitignore', 'gen/*\n!gen/keep.ts\n');
    symlinkSync(project.path, project.join('loop'));
    const paths: string[] = [];
    for await (const { path } of walkProject(new RootFolder(project.path))) paths.push(path);
    expect(paths).toEqual(['.gitignore', 'a.ts', 'logs/y.txt', 'src/.gitignore', 'src/b.ts', 'src/gen/keep.ts']);
  });

  it('are read inside of it while another process swaps a folder for a link', async () => {
    using outside = new TemporaryFolder();
    writeFileSync(outside.join('a.ts'), 'outside');
    write('src/a.ts', 'inside');
    symlinkSync(outside.path, project.join('link'));
    await using _ = await SwappingProcess.start(project.join('src'), project.join('link'));
    const texts = new Set<string>();
    for (let i = 0; i < 500; i++) {
      for await (const { open } of walkProject(new RootFolder(project.path))) {
        const file = await open();
        if (file !== undefined) texts.add(await file.readFile('utf8'));
        await file?.close();
      }
    }
    expect([...texts]).toEqual(['inside']);
  });
});
