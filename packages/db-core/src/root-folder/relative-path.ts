import { posix, sep } from 'node:path';
import { InvalidInputError, OutsideRootError } from '../errors/index.ts';

/**
 * Brings a path below a root to one form: `/` between its parts, no `.` and no `..`.
 *
 * @throws OutsideRootError when it is absolute, leads out of the root, or names the root itself
 */
export function requireRelativePath(path: string): string {
  if (typeof path !== 'string') throw new InvalidInputError('path', 'expected a string');
  // Different texts with lone surrogates would be one file to the system.
  if (!path.isWellFormed()) throw new InvalidInputError('path', 'expected well-formed Unicode');
  const normalized = posix.normalize(path.split(sep).join('/'));
  const [first] = normalized.split('/');
  const isInside = path !== '' && first !== '' && first !== '.' && first !== '..';
  if (!isInside || path.includes('\0') || /^[a-z]:/i.test(path)) {
    throw new OutsideRootError(`${JSON.stringify(path)} does not name a file inside the folder. Give a relative path.`);
  }
  return normalized;
}
