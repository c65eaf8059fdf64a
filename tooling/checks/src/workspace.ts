import { globSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The names of the folders below `packages/`. */
export const PACKAGES: readonly string[] = readdirSync(`${ROOT}/packages`).sort();

/** The workspace packages that each package may use. */
export function allowedDependencies(name: string): readonly string[] {
  if (name === 'db-core') return [];
  if (name === 'db-integration') return PACKAGES.filter((other) => other !== name);
  return ['db-core'];
}

/** A source file of a package. */
export interface SourceFile {
  /** Relative to the root. */
  readonly path: string;
  readonly package: string;
  /** Relative to the package's `src/`. */
  readonly name: string;
  readonly lines: readonly string[];
}

/** Reads every source file of every package; tests and configuration are not among them. */
export function sourceFiles(): SourceFile[] {
  return globSync('packages/*/src/**/*.ts', { cwd: ROOT })
    .sort()
    .map((path) => {
      const [, name = '', , ...rest] = path.split('/');
      return { path, package: name, name: rest.join('/'), lines: readFileSync(`${ROOT}/${path}`, 'utf8').split('\n') };
    });
}

/** Prints what was found, and ends the process with 1 where there is anything. */
export function report(title: string, violations: readonly string[]): void {
  for (const violation of violations) console.error(violation);
  console.log(`${title}: ${violations.length === 0 ? 'ok' : `${violations.length} to mend`}`);
  if (violations.length > 0) process.exitCode = 1;
}
