import { VersionMismatchError } from './errors/index.ts';

/** The version of db-core that a package is built with. The build defines it; sources that run as they are have none. */
declare const CORE_VERSION: string | undefined;

/**
 * Checks, while a package is imported, that it runs with the version of this package that it was built with, or a later
 * patch of it: what they share through `./internal` may change in any other.
 *
 * @param name - of the package, such as `@codebuddy/db-memory`
 * @param builtWith - the version of db-core that it was built with; nothing is checked if there is none
 * @throws VersionMismatchError when they don't fit together
 */
export function requireCore(name: string, builtWith: string | undefined): void {
  const installed = typeof CORE_VERSION === 'undefined' ? undefined : CORE_VERSION;
  if (builtWith === undefined || installed === undefined || isCompatible(installed, builtWith)) return;
  throw new VersionMismatchError(name, builtWith, installed);
}

/** Returns whether `~builtWith` takes the installed version. */
export function isCompatible(installed: string, builtWith: string): boolean {
  const [major, minor, patch = 0] = parts(installed);
  const [builtMajor, builtMinor, builtPatch = 0] = parts(builtWith);
  return major === builtMajor && minor === builtMinor && patch >= builtPatch;
}

function parts(version: string): number[] {
  return version
    .replace(/[-+].*$/, '')
    .split('.')
    .map(Number);
}
