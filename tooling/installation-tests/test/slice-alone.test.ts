// Packs packages as they would be published, installs each alone in an empty folder, and uses it as a stranger would: with
// the example of its README.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readEntries } from '@codebuddy/figures';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PackedPackages, packAll, ROOT } from '../src/packed-packages.ts';

const PACKAGES = join(ROOT, 'packages');
const NAMES = readdirSync(PACKAGES);
const require = createRequire(import.meta.url);
const TSC = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
const ATTW = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist', 'index.js');
/** By how much the size of a package may have changed since it was written down. */
const TOLERATED = 0.15;
const NPM = ['install', '--no-audit', '--no-fund', '--silent', '--prefer-offline', '--fetch-retries=1'];

let packed: PackedPackages;
beforeAll(() => {
  packed = packAll();
});
afterAll(() => packed[Symbol.dispose]());

/** The slice, and what its README's example uses besides, as files that npm installs. */
function tarballsOf(slice: string): Record<string, string> {
  const used = Array.from(exampleOf(slice).matchAll(/from '@codebuddy\/([^'/]+)'/g), ([, name = '']) => name);
  const names = slice === 'db-integration' ? NAMES : new Set(['db-core', slice, ...used]);
  return Object.fromEntries(Array.from(names, (name) => [`@codebuddy/${name}`, `file:${packed.tarballOf(name)}`]));
}

function exampleOf(name: string): string {
  const readme = readFileSync(join(PACKAGES, name, 'README.md'), 'utf8');
  return /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
}

describe.each(NAMES)('%s, installed alone from its tarball', (slice) => {
  let folder: string;
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'codebuddy-installed-'));
    const dependencies = tarballsOf(slice);
    // Packed packages ask for released versions of each other, which are these files.
    const manifest = { private: true, type: 'module', dependencies, overrides: dependencies };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    run('npm', ...NPM);
    writeFileSync(join(folder, 'use.ts'), exampleOf(slice));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs the example of its README', () => {
    expect(exampleOf(slice)).not.toBe('');
    expect(() => run(process.execPath, '--disable-warning=ExperimentalWarning', 'use.ts')).not.toThrow();
  });

  it('can be required, and brings no other slice', () => {
    const names = run(process.execPath, '-p', `Object.keys(require('@codebuddy/${slice}')).length`);
    expect(Number(names)).toBeGreaterThan(1);
    const expected = Object.keys(tarballsOf(slice)).map((name) => name.replace('@codebuddy/', ''));
    expect(readdirSync(join(folder, 'node_modules', '@codebuddy')).sort()).toEqual(expected.sort());
  });

  it.each([
    ['nodenext', ['--module', 'nodenext']],
    ['bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ])('has types for %s resolution, checked strictly', (_resolution, args) => {
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules', '@types')];
    const strict = [
      '--strict',
      '--noEmit',
      '--target',
      'es2024',
      '--lib',
      'es2024,esnext.disposable',
      '--ignoreConfig',
    ];
    expect(run(process.execPath, TSC, ...strict, ...types, ...args, 'use.ts')).toBe('');
  });

  it('holds only what is needed, and passes publint and attw', async () => {
    const files = run('tar', 'tzf', packed.tarballOf(slice)).trim().split('\n');
    expect(
      files.filter((file) => !/^package\/(dist\/|package\.json|README\.md|LICENSE|CHANGELOG\.md)/.test(file)),
    ).toEqual([]);
    expect(files.filter((file) => /\.test\.|\.tsbuildinfo/.test(file))).toEqual([]);
    const pkgDir = join(folder, 'node_modules', '@codebuddy', slice);
    const { messages, pkg } = await publint({ pkgDir, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
    expect(() =>
      run(process.execPath, ATTW, packed.tarballOf(slice), '--profile', 'esm-only', '--no-emoji'),
    ).not.toThrow();
  });
});

it('installs with pnpm as well, without what is not asked for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'codebuddy-pnpm-'));
  try {
    const dependencies = tarballsOf('db-memory');
    mkdirSync(join(folder, 'app'));
    writeFileSync(join(folder, 'app', 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
    const overrides = Object.entries(dependencies).map(([name, file]) => `  '${name}': '${file}'`);
    writeFileSync(
      join(folder, 'app', 'pnpm-workspace.yaml'),
      ['overrides:', ...overrides, 'allowBuilds:', '  better-sqlite3: false', ''].join('\n'),
    );
    writeFileSync(join(folder, 'app', 'use.ts'), exampleOf('db-memory'));
    const options = { cwd: join(folder, 'app'), encoding: 'utf8', env: { ...process.env, CI: '1' } } as const;
    execFileSync('pnpm', ['install', '--prefer-offline', '--reporter=append-only'], options);
    expect(readdirSync(join(folder, 'app', 'node_modules', '@codebuddy')).sort()).toEqual(['db-core', 'db-memory']);
    expect(() => execFileSync(process.execPath, ['use.ts'], options)).not.toThrow();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it.each(NAMES)('the documentation says how large %s is', (name) => {
  const stated = readEntries()['sizes']?.rows[name]?.values['packed'];
  const measured = packed.sizeOf(name);
  const message = `is ${measured} bytes now: run node tooling/installation-tests/src/sizes.ts`;
  expect(Math.abs(measured - Number(stated)) / measured, message).toBeLessThan(TOLERATED);
});
