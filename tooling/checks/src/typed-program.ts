import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import ts from 'typescript';
import type { SourceFile } from './source-file.ts';
import { PACKAGES, ROOT } from './workspace.ts';

/** Source files with the types of their expressions. */
export interface TypedProgram {
  readonly files: readonly SourceFile[];
  readonly checker: ts.TypeChecker;
}

/**
 * Reads source files with their types. Packages of the workspace are taken from their sources, so that nothing needs to be
 * built.
 *
 * @param paths - relative to the root
 * @param samples - texts that take the place of files, or are added to them, by path
 */
export function openProgram(paths: readonly string[], samples: Readonly<Record<string, string>> = {}): TypedProgram {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options, true);
  const overlay = new Map(Object.entries(samples).map(([path, text]) => [`${ROOT}/${path}`, text]));
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => overlay.has(path) || fileExists(path);
  host.readFile = (path) => overlay.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const text = overlay.get(path);
    return text === undefined
      ? getSourceFile(path, ...rest)
      : ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  };
  const wanted = [...new Set([...paths, ...Object.keys(samples)])];
  const program = ts.createProgram(
    wanted.map((path) => `${ROOT}/${path}`),
    options,
    host,
  );
  const files = wanted.flatMap((path) => {
    const tree = program.getSourceFile(`${ROOT}/${path}`);
    return tree === undefined ? [] : [{ path, tree }];
  });
  return { files, checker: program.getTypeChecker() };
}

function compilerOptions(): ts.CompilerOptions {
  const preset = `${ROOT}/tooling/presets/tsconfig.json`;
  const { config } = ts.parseConfigFileTextToJson(preset, readFileSync(preset, 'utf8'));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, dirname(preset));
  const paths = PACKAGES.flatMap((name): [string, string[]][] => [
    [`@codebuddy/${name}`, [`${ROOT}/packages/${name}/src/index.ts`]],
    [`@codebuddy/${name}/*`, [`${ROOT}/packages/${name}/src/*.ts`, `${ROOT}/packages/${name}/src/*/index.ts`]],
  ]);
  return { ...options, types: ['node'], typeRoots: [`${ROOT}/node_modules/@types`], paths: Object.fromEntries(paths) };
}
