// Programs that can start no process, and those that would start themselves.
import { chmodSync, copyFileSync } from 'node:fs';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IN_THREADS, ProgramFolder, WHOLE } from '../src/program-folder.ts';
import { programOf } from '../src/tools.ts';

/** Marks the place of a program in the binary of Node.js (https://nodejs.org/api/single-executable-applications.html). */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

let folder: ProgramFolder;
beforeAll(async () => {
  folder = new ProgramFolder();
  await build({
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['better-sqlite3'],
    // A single executable requires only what is built into Node.js, unless it is given this.
    banner: { js: "require = require('node:module').createRequire(__filename);" },
    entryPoints: [folder.join('agent.mjs')],
    outfile: folder.join('agent.cjs'),
  });
});
afterAll(() => folder[Symbol.dispose]());

describe('a single executable', () => {
  it('never starts itself: queries run in threads, files are cut by lines', ({ skip }) => {
    skip(process.platform !== 'linux', 'elsewhere an executable must be signed');
    const config = { main: 'agent.cjs', output: 'agent.blob', disableExperimentalSEAWarning: true };
    folder.write('sea.json', JSON.stringify(config));
    folder.run(process.execPath, ['--experimental-sea-config', 'sea.json']);
    copyFileSync(process.execPath, folder.join('agent'));
    chmodSync(folder.join('agent'), 0o755);
    const inject = ['agent', 'NODE_SEA_BLOB', 'agent.blob', '--sentinel-fuse', FUSE];
    folder.run(process.execPath, [programOf('postject', 'dist/cli.js'), ...inject]);
    expect(folder.report(folder.join('agent'), [], { env: { STARTS: folder.join('agent.starts') } })).toEqual(
      IN_THREADS,
    );
    expect(folder.startsIn('agent.starts')).toBe(1);
  });

  it('of another maker starts itself once, and then knows', () => {
    // Such a program takes its own file for that of the runtime. What it starts has no environment of its caller's.
    const lines = ['#!/bin/sh', `export PROJECT='${folder.join('project')}' STARTS='${folder.join('packed.starts')}'`];
    folder.write('packed.sh', [...lines, `exec '${process.execPath}' '${folder.join('packed.cjs')}'`, ''].join('\n'));
    chmodSync(folder.join('packed.sh'), 0o755);
    folder.write('packed.cjs', `process.execPath = '${folder.join('packed.sh')}';\nrequire('./agent.cjs');\n`);
    expect(folder.report(folder.join('packed.sh'), [])).toEqual(IN_THREADS);
    expect(folder.startsIn('packed.starts')).toBe(2);
  });
});

describe('a program that may not do everything', () => {
  const permission = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-addons', '--no-warnings'];

  it('runs queries in threads if it may start no process', () => {
    expect(folder.report(process.execPath, [...permission, '--allow-worker', 'agent.mjs'])).toEqual(IN_THREADS);
  });

  it('refuses queries if it may start neither processes nor threads, and cuts by lines', () => {
    expect(folder.report(process.execPath, [...permission, 'agent.mjs'])).toEqual({
      ...IN_THREADS,
      rows: 'DB_UNSUPPORTED_RUNTIME',
      endless: 'DB_UNSUPPORTED_RUNTIME',
    });
  });

  it('does all of it if it may', () => {
    const all = [...permission, '--allow-worker', '--allow-child-process', 'agent.mjs'];
    expect(folder.report(process.execPath, all)).toEqual(WHOLE);
  });
});
