import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Example, examples, pages, ROOT, read } from '../src/documents.ts';
import { drawPage, PAGE } from '../src/er-diagram.ts';
import { drawExportsPage, EXPORTS_PAGE } from '../src/exports-page.ts';

const FOLDER = fileURLToPath(new URL('../.examples/', import.meta.url));
const bin = (name: string, ...path: string[]) =>
  join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), ...path);

const fileOf = ({ page, line }: Example) => join(FOLDER, `${page.replace(/\W/g, '-')}-${line}.ts`);

describe('the code blocks of the documentation', () => {
  beforeAll(() => {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER);
    for (const example of examples()) writeFileSync(fileOf(example), example.code);
    writeFileSync(
      join(FOLDER, 'tsconfig.json'),
      JSON.stringify({
        extends: '@codebuddy/presets/tsconfig.json',
        compilerOptions: { noUnusedLocals: false },
        include: ['*.ts'],
      }),
    );
  });
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

  it('compile', () => {
    const args = [bin('typescript', 'bin', 'tsc'), '--project', FOLDER];
    expect(() => execFileSync(process.execPath, args, { encoding: 'utf8' })).not.toThrow();
  });

  it.each(examples())('run: $page, line $line', (example) => {
    using folder = new TemporaryFolder();
    const args = ['--disable-warning=ExperimentalWarning', fileOf(example)];
    const env = { ...process.env, HOME: folder.path, CODEBUDDY_DB_PATH: '' };
    expect(() => execFileSync(process.execPath, args, { cwd: folder.path, env, encoding: 'utf8' })).not.toThrow();
  });
});

describe('the documentation', () => {
  it.each(pages())('%s links to pages that are there', (page) => {
    const links = Array.from(read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g), ([, link = '']) => link);
    const missing = links.filter((link) => !existsSync(join(ROOT, dirname(page), link)));
    expect(missing).toEqual([]);
  });

  it('draws the tables as they are: `node tooling/documentation-tests/src/er-diagram.ts` draws them anew', async () => {
    expect(read(PAGE)).toBe(await drawPage());
  });

  it('lists every name that db-core exports: `node tooling/documentation-tests/src/exports-page.ts` lists them anew', () => {
    expect(read(EXPORTS_PAGE)).toBe(drawExportsPage());
  });

  it('says something of every export: none is left without a comment', () => {
    const args = [
      bin('typedoc', 'bin', 'typedoc'),
      '--options',
      join(dirname(FOLDER), 'typedoc.json'),
      '--emit',
      'none',
    ];
    expect(() => execFileSync(process.execPath, args, { cwd: join(FOLDER, '..'), encoding: 'utf8' })).not.toThrow();
  });
});
