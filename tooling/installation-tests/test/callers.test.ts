import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { describe, expect, it } from 'vitest';
import { useTheLayer } from '../src/callers/calls.ts';

const { resolve } = createRequire(import.meta.url);
const CALLERS = fileURLToPath(new URL('../src/callers/', import.meta.url));
const TSC = join(dirname(resolve('typescript/package.json')), 'bin', 'tsc');

describe('calls as callers write them', () => {
  it.each([
    { driverTypes: 'without', packages: ['@codebuddy/db-integration', '@types/node'], files: ['calls.ts'] },
    {
      driverTypes: 'with',
      packages: ['@codebuddy/db-integration', '@types/node', '@types/better-sqlite3'],
      files: ['calls.ts', 'driver.ts'],
    },
  ])('compile strictly $driverTypes the types of better-sqlite3', ({ packages, files }) => {
    using folder = new TemporaryFolder();
    for (const name of packages) {
      const link = folder.join(`node_modules/${name}`);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(dirname(resolve(`${name}/package.json`)), link);
    }
    for (const file of files) cpSync(join(CALLERS, file), folder.join(file));
    const compilerOptions = { strict: true, module: 'nodenext', target: 'es2024', types: ['node'], noEmit: true };
    writeFileSync(folder.join('tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    writeFileSync(folder.join('package.json'), '{ "type": "module" }');
    const compile = () => execFileSync(process.execPath, [TSC, '--project', folder.path], { encoding: 'utf8' });
    expect(compile()).toBe('');
  });

  it('do what they did', async () => {
    const { tables, ...overview } = await useTheLayer({ tags: ['a'], depth: { of: 1 } }, [{ id: 'c2' }, 'text']);
    expect(tables).toEqual(expect.arrayContaining(['sessions', 'messages', 'memories']));
    expect(overview).toEqual({
      stored: 2,
      skipped: 0,
      cheapestFirst: ['first', 'second'],
      dearestFirst: ['second', 'first'],
      found: 0,
      foundInArchive: 1,
      plucked: ['first', 'second'],
    });
  });
});
