// The agent as a single file: bundlers leave nothing beside it, and rename what they like.
import { mkdirSync } from 'node:fs';
import { build } from 'esbuild';
import { build as buildWithVite } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProgramFolder, WHOLE } from '../src/program-folder.ts';

let folder: ProgramFolder;
beforeAll(() => {
  folder = new ProgramFolder();
  mkdirSync(folder.join('built'));
});
afterAll(() => folder[Symbol.dispose]());

describe('a bundle with the driver beside it', () => {
  it.each([
    ['esm', 'agent.mjs', false],
    ['esm', 'agent.min.mjs', true],
    ['cjs', 'agent.cjs', false],
    ['cjs', 'agent.min.cjs', true],
  ] as const)('works as esbuild makes it: %s, %s', async (format, name, minify) => {
    const outfile = folder.join('built', name);
    const { warnings } = await build({
      bundle: true,
      platform: 'node',
      external: ['better-sqlite3'],
      format,
      minify,
      outfile,
      entryPoints: [folder.join('agent.mjs')],
    });
    expect(warnings).toEqual([]);
    expect(folder.report(process.execPath, [outfile])).toEqual(WHOLE);
  });

  it.each([
    ['es', 'mjs'],
    ['cjs', 'cjs'],
  ] as const)('works as Vite makes it: %s', async (format, ending) => {
    const name = `vite-${format}`;
    const external = ['better-sqlite3'];
    await buildWithVite({
      root: folder.path,
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true, external },
      build: {
        ssr: folder.join('agent.mjs'),
        outDir: folder.join('built', name),
        target: 'node22',
        rollupOptions: { external, output: { format, entryFileNames: `agent.${ending}` } },
      },
    });
    expect(folder.report(process.execPath, [folder.join('built', name, `agent.${ending}`)])).toEqual(WHOLE);
  });
});
