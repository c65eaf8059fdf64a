// The tests of a user, under test runners that load packages in a realm of their own.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProgramFolder } from '../src/program-folder.ts';
import { folderOf, programOf } from '../src/tools.ts';

let folder: ProgramFolder;
beforeAll(() => {
  folder = new ProgramFolder();
});
afterAll(() => folder[Symbol.dispose]());

/** Copies the test twice: the second file finds what the first has left in the process. */
function copyTests(runner: string, ending: string): void {
  for (const name of ['first', 'second']) folder.copy('agent.test.js', `${runner}/${name}.test.${ending}`);
}

function jest(runner: string, config: object, options: string): unknown {
  const path = folder.write(`${runner}/jest.config.json`, JSON.stringify({ rootDir: folder.join(runner), ...config }));
  const args = [programOf('jest', 'bin/jest.js'), '--config', path, '--runInBand', '--json', '--no-cache'];
  return JSON.parse(folder.run(process.execPath, args, { env: { NODE_OPTIONS: options } }));
}

describe('jest', () => {
  it('runs tests in CommonJS that it makes with Babel', () => {
    copyTests('jest-babel', 'js');
    const preset = [folderOf('@babel/preset-env'), { targets: { node: 'current' } }];
    const config = {
      transform: { '\\.js$': [folderOf('babel-jest'), { presets: [preset], configFile: false, babelrc: false }] },
      transformIgnorePatterns: ['/node_modules/(?!@codebuddy/)'],
    };
    expect(jest('jest-babel', config, '')).toMatchObject({ success: true, numPassedTests: 8 });
  });

  it('runs tests in ESM, with --experimental-vm-modules', () => {
    copyTests('jest-esm', 'mjs');
    const config = { transform: {}, testMatch: ['**/*.test.mjs'], moduleFileExtensions: ['mjs', 'js'] };
    expect(jest('jest-esm', config, '--experimental-vm-modules')).toMatchObject({ success: true, numPassedTests: 8 });
  });
});

describe('jest, with --experimental-vm-modules', () => {
  it('runs tests in CommonJS that require the packages', () => {
    const required = readFileSync(folder.copy('agent.test.js'), 'utf8').replace(
      /^import (?:\* as )?(.+) from ('.+');$/gm,
      'const $1 = require($2);',
    );
    folder.write('jest-require/agent.test.cjs', required);
    const config = { transform: {}, testMatch: ['**/*.test.cjs'], moduleFileExtensions: ['cjs', 'js'] };
    expect(jest('jest-require', config, '--experimental-vm-modules')).toMatchObject({
      success: true,
      numPassedTests: 4,
    });
  });
});

describe('vitest', () => {
  it.each(['vmThreads', 'vmForks'])('runs tests in its pool %s', (pool) => {
    copyTests(pool, 'mjs');
    const root = folder.join(pool);
    const args = [programOf('vitest', 'vitest.mjs'), 'run', '--globals', `--pool=${pool}`, `--root=${root}`];
    const file = folder.join(`${pool}.json`);
    folder.run(process.execPath, [...args, '--reporter=json', `--outputFile=${file}`]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ success: true, numPassedTests: 8 });
  });
});
