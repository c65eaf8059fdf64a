import { createRequire } from 'node:module';
import { join } from 'node:path';
import { hasSystemCode } from '../errors/system-error.ts';

/**
 * Finds a file of an installed package: from where the code lies that asks, which may be a bundle; then from the program, from
 * the file that runs it, and from the working folder, since what was bundled or compiled may lie in no folder at all.
 *
 * @param specifier - such as `better-sqlite3`
 * @param asking - the path or the address of the code that asks
 * @returns the path, or `undefined` if the package is not installed
 */
export function resolveInstalled(specifier: string, asking: string | undefined): string | undefined {
  for (const place of [asking, process.argv[1], process.execPath, join(process.cwd(), 'program.js')]) {
    const found = place === undefined ? undefined : resolveFrom(place, specifier);
    if (found !== undefined) return found;
  }
  return undefined;
}

function resolveFrom(place: string, specifier: string): string | undefined {
  try {
    return createRequire(place).resolve(specifier);
  } catch (error) {
    // A place that is no path at all, such as the address of code that was not read from a file, leads nowhere either.
    const codes = [
      'MODULE_NOT_FOUND',
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
      'UNDECLARED_DEPENDENCY',
      'ERR_INVALID_ARG_VALUE',
    ];
    if (hasSystemCode(error, ...codes)) return undefined;
    throw error;
  }
}
