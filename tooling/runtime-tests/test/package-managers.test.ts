// The agent as package managers install it that lay out packages in ways of their own.
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchProgram, IS_LONG } from '../src/from-npm.ts';
import { ProgramFolder, WHOLE } from '../src/program-folder.ts';

const PEERS = { 'web-tree-sitter': '^0.25.10', 'tree-sitter-wasms': '^0.1.13' };

describe.skipIf(!IS_LONG)('a package manager', () => {
  let folder: ProgramFolder;
  let tarballs: Record<string, string>;
  beforeAll(() => {
    folder = new ProgramFolder();
    const names = ['db-core', 'db-embeddings', 'db-memory'];
    tarballs = Object.fromEntries(names.map((name) => [`@codebuddy/${name}`, `file:${folder.packed.tarballOf(name)}`]));
  });
  afterAll(() => folder[Symbol.dispose]());

  /** Writes a project that has the agent and nothing installed. */
  const write = (manager: string, manifest: object) => {
    mkdirSync(folder.join(manager));
    folder.copy('agent.mjs', `${manager}/agent.mjs`);
    const dependencies = { ...tarballs, ...PEERS };
    folder.write(`${manager}/package.json`, JSON.stringify({ private: true, dependencies, ...manifest }));
  };

  it("runs the agent: Yarn, with packages in archives (Plug'n'Play)", ({ skip }) => {
    const { program, reason } = fetchProgram(folder, '@yarnpkg/cli-dist@4', '@yarnpkg/cli-dist/bin/yarn.js');
    if (program === undefined) return skip(reason);
    write('yarn', { resolutions: tarballs });
    const settings = ['nodeLinker: pnp', 'enableTelemetry: false', 'enableGlobalCache: false'];
    const authorities = process.env['NODE_EXTRA_CA_CERTS'];
    if (authorities !== undefined) settings.push(`httpsCaFilePath: ${JSON.stringify(authorities)}`);
    folder.write('yarn/.yarnrc.yml', `${settings.join('\n')}\n`);
    folder.write('yarn/yarn.lock', '');
    const env = { YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' };
    folder.run(process.execPath, [program, 'install'], { below: 'yarn', env });
    console.log('yarn', folder.run(process.execPath, [program, '--version']).trim());
    expect(folder.report(process.execPath, [program, 'node', 'agent.mjs'], { below: 'yarn' })).toEqual(WHOLE);
  });

  it('runs the agent: pnpm, with each package apart', () => {
    write('pnpm', {});
    const overrides = Object.entries(tarballs).map(([name, file]) => `  '${name}': '${file}'`);
    const settings = ['overrides:', ...overrides, 'allowBuilds:', '  better-sqlite3: false', ''];
    folder.write('pnpm/pnpm-workspace.yaml', settings.join('\n'));
    folder.run('pnpm', ['install', '--prefer-offline', '--reporter=silent'], { below: 'pnpm', env: { CI: '1' } });
    console.log('pnpm', folder.run('pnpm', ['--version']).trim());
    expect(folder.report(process.execPath, [folder.join('pnpm/agent.mjs')])).toEqual(WHOLE);
  });
});
