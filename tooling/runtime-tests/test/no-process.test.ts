// Programs that can start no process, and those that would start themselves.
import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchProgram, IS_LONG } from '../src/from-npm.ts';
import { IN_THREADS, ProgramFolder, REFUSES_ENDLESS, WHOLE } from '../src/program-folder.ts';
import { bundleAgent, makeExecutable } from '../src/single-executable.ts';

let folder: ProgramFolder;
beforeAll(async () => {
  folder = new ProgramFolder();
  await bundleAgent(folder);
});
afterAll(() => folder[Symbol.dispose]());

describe('a single executable', () => {
  const reportOf = (node: string, name: string) => {
    const starts = `${name}.starts`;
    const report = folder.report(makeExecutable(folder, node, name), [], {
      env: { ...REFUSES_ENDLESS, STARTS: folder.join(starts) },
    });
    return { report, starts: folder.startsIn(starts) };
  };

  it('never starts itself: queries run in threads, files are cut by lines', ({ skip }) => {
    skip(process.platform !== 'linux', 'elsewhere an executable must be signed');
    expect(reportOf(process.execPath, 'agent')).toEqual({ report: IN_THREADS, starts: 1 });
  });

  it.skipIf(!IS_LONG).for(['22.18.0', 'latest'])('does so with Node.js %s', (version, { skip }) => {
    const { program, reason } = fetchProgram(folder, `node-linux-${process.arch}@${version}`, 'node-linux-*/bin/node');
    if (program === undefined) return skip(reason);
    expect(reportOf(program, `agent-${version}`)).toEqual({ report: IN_THREADS, starts: 1 });
  });

  it('starts itself once, and then knows, if another maker made it', () => {
    // Such a program takes its own file for that of the runtime. What it starts has no environment of its caller's.
    const lines = ['#!/bin/sh', `export PROJECT='${folder.join('project')}' STARTS='${folder.join('packed.starts')}'`];
    folder.write('packed.sh', [...lines, `exec '${process.execPath}' '${folder.join('packed.cjs')}'`, ''].join('\n'));
    chmodSync(folder.join('packed.sh'), 0o755);
    folder.write('packed.cjs', `process.execPath = '${folder.join('packed.sh')}';\nrequire('./agent.cjs');\n`);
    expect(folder.report(folder.join('packed.sh'), [], { env: REFUSES_ENDLESS })).toEqual(IN_THREADS);
    expect(folder.startsIn('packed.starts')).toBe(2);
  });
});

describe('a program that may not do everything', () => {
  const permission = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-addons', '--no-warnings'];

  /** Node.js lets nobody flush a file under its permission model, which salvaging does. */
  const salvaged = 'ERR_ACCESS_DENIED';

  it('runs queries in threads if it may start no process', () => {
    const args = [...permission, '--allow-worker', 'agent.mjs'];
    expect(folder.report(process.execPath, args, { env: REFUSES_ENDLESS })).toEqual({ ...IN_THREADS, salvaged });
  });

  it('refuses queries if it may start neither processes nor threads, and cuts by lines', () => {
    const refused = { rows: 'DB_UNSUPPORTED_RUNTIME', endless: 'DB_UNSUPPORTED_RUNTIME' };
    const report = folder.report(process.execPath, [...permission, 'agent.mjs'], { env: REFUSES_ENDLESS });
    expect(report).toEqual({ ...IN_THREADS, ...refused, salvaged });
  });

  it('does all of it but salvaging if it may', () => {
    const all = [...permission, '--allow-worker', '--allow-child-process', 'agent.mjs'];
    expect(folder.report(process.execPath, all)).toEqual({ ...WHOLE, salvaged });
  });
});
