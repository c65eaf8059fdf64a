import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const CORE = '@codebuddy/db-core';

/**
 * The build of every published package: ESM for the oldest Node we support, with source maps; `tsc` adds the types.
 *
 * @param programs - what the package runs apart from its caller: the names of constants that hold their code, and their sources
 */
export function library(
  entry: Record<string, string> = { index: 'src/index.ts' },
  programs: Readonly<Record<string, string>> = {},
) {
  const { name } = manifestOf('.');
  const { version } = manifestOf('../db-core');
  const entries = Object.values(entry);
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node22.18',
    platform: 'node',
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
    define: { CORE_VERSION: JSON.stringify(version) },
    esbuildPlugins: [carriesPrograms(programs), ...(name === CORE ? [] : [checksCore(name, version, entries)])],
  });
}

/** Makes a package carry programs as text: a bundle of the package has no files beside it that could be run. */
function carriesPrograms(programs: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'carries-programs',
    async setup({ esbuild, initialOptions }) {
      const { platform = 'node', target = 'node22.18' } = initialOptions;
      for (const [constant, source] of Object.entries(programs)) {
        const options = { bundle: true, minify: true, write: false, format: 'esm', platform, target } as const;
        const { outputFiles } = await esbuild.build({ ...options, entryPoints: [source] });
        initialOptions.define = { ...initialOptions.define, [constant]: JSON.stringify(outputFiles[0]?.text) };
      }
    },
  };
}

/** Makes a package check, when it is imported, that the db-core it finds is the one that it was built with. */
function checksCore(name: string, version: string, entries: readonly string[]): Plugin {
  const files = new Set(entries.map((file) => resolve(file)));
  const check = `
import { requireCore } from '${CORE}/internal';
requireCore('${name}', '${version}');
`;
  return {
    name: 'checks-core',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!files.has(path)) return undefined;
        return { contents: readFileSync(path, 'utf8') + check, loader: 'ts' };
      });
    },
  };
}

function manifestOf(folder: string): { readonly name: string; readonly version: string } {
  const { name, version } = Object(JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')));
  return { name: String(name), version: String(version) };
}
