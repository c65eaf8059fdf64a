import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidInputError } from '../errors/index.ts';

/** SQLite's name for a database in memory. */
export const IN_MEMORY = ':memory:';

/** Returns the folder that Code-Buddy makes for itself if the environment names none: `~/.codebuddy`. */
export function defaultFolder(): string {
  return join(homedir(), '.codebuddy');
}

/**
 * Returns the folder of Code-Buddy's own data: `CODEBUDDY_HOME`, or `GROK_HOME`, or `~/.codebuddy`. The environment is read
 * on each call.
 */
export function dataFolder(): string {
  const named = process.env['CODEBUDDY_HOME'] || process.env['GROK_HOME'];
  return named ? resolve(expandHome(named)) : defaultFolder();
}

/**
 * Returns the path of the database: the one given, or `CODEBUDDY_DB_PATH`, or `codebuddy.db` in {@link dataFolder}; or
 * {@link IN_MEMORY} if that is what was given.
 *
 * @throws InvalidInputError for the URI of a file, which SQLite is not asked to read
 */
export function resolveDatabasePath(given: string | undefined): string {
  const path = given ?? (process.env['CODEBUDDY_DB_PATH'] || join(dataFolder(), 'codebuddy.db'));
  if (path === IN_MEMORY) return path;
  if (/^file:/i.test(path))
    throw new InvalidInputError('dbPath', 'expected a path; fileURLToPath() makes one of a URL');
  return resolve(expandHome(path));
}

/** Shells expand `~` only in words of their own, not in what a configuration file or an environment variable holds. */
function expandHome(path: string): string {
  return /^~(?=$|[\\/])/.test(path) ? join(homedir(), path.slice(1)) : path;
}
