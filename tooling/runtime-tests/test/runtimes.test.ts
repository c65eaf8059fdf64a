// The agent under other runtimes, each fetched from npm.
import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchProgram, IS_LONG } from '../src/from-npm.ts';
import { ProgramFolder, WHOLE } from '../src/program-folder.ts';

const ARCH = `${process.platform}-${process.arch}`;

let folder: ProgramFolder;
beforeAll(() => {
  folder = new ProgramFolder();
});
afterAll(() => folder[Symbol.dispose]());

describe('the runtime that runs the tests', () => {
  it('runs the agent from packages as they are published', () => {
    expect(folder.report(process.execPath, ['agent.mjs'])).toEqual(WHOLE);
  });
});

describe.skipIf(!IS_LONG)('a runtime from npm', () => {
  it.for([
    ['Node.js 22.18', `node-${ARCH}@22.18.0`, `node-${ARCH}/bin/node*`, []],
    ['Node.js 24', `node-${ARCH}@24`, `node-${ARCH}/bin/node*`, []],
    ['the newest Node.js', `node-${ARCH}@latest`, `node-${ARCH}/bin/node*`, []],
    ['Bun', 'bun@latest', '@oven/bun-*/bin/bun*', []],
    ['Deno', 'deno@latest', '@deno/*/deno*', ['run', '--allow-all']],
  ] as const)('runs the agent: %s', ([_name, spec, path, args], { skip }) => {
    const { program, reason } = fetchProgram(folder, spec, path);
    if (program === undefined) return skip(reason);
    chmodSync(program, 0o755);
    console.log(spec, folder.run(program, ['--version']).split('\n')[0]);
    expect(folder.report(program, [...args, 'agent.mjs'])).toEqual(WHOLE);
  });
});
