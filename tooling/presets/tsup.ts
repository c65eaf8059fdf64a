import { defineConfig } from 'tsup';

/** The build of every published package: ESM for the oldest Node we support, with source maps; `tsc` adds the types. */
export function library(entry: Record<string, string> = { index: 'src/index.ts' }) {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node22.18',
    platform: 'node',
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
  });
}
