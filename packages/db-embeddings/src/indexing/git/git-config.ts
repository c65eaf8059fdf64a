import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { isSystemError } from '@codebuddy/db-core/internal';

const MAX_INCLUDES = 10;

/** The settings of git that decide what it ignores: the last value of each, by its name in lower case. */
export type GitConfig = ReadonlyMap<string, string>;

/**
 * Reads git's settings as git-config(1) says: those of the system, of the user, of a repository. Conditional includes are not
 * followed.
 *
 * @param repository - the `config` of a repository
 */
export function readGitConfig(repository: string | undefined, env: NodeJS.ProcessEnv = process.env): GitConfig {
  const user = env['GIT_CONFIG_GLOBAL'];
  const files = [
    ...(env['GIT_CONFIG_NOSYSTEM'] === undefined ? [env['GIT_CONFIG_SYSTEM'] ?? '/etc/gitconfig'] : []),
    ...(user === undefined ? [join(configFolder(env), 'git/config'), join(home(env), '.gitconfig')] : [user]),
    ...(repository === undefined ? [] : [repository]),
  ];
  const config = new Map<string, string>();
  for (const file of files) readInto(config, file, env, MAX_INCLUDES);
  return config;
}

/** Returns the file of patterns that a user has for all repositories. */
export function excludesFile(config: GitConfig, env: NodeJS.ProcessEnv = process.env): string {
  const configured = config.get('core.excludesfile');
  return configured === undefined ? join(configFolder(env), 'git/ignore') : withHome(configured, env);
}

/** Reads a file, or returns `undefined` if there is none that can be read: git goes on without it too. */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

function readInto(config: Map<string, string>, path: string, env: NodeJS.ProcessEnv, includes: number): void {
  let section = '';
  for (const line of (readIfThere(path)?.toString('utf8') ?? '').replaceAll('\\\n', '').split('\n')) {
    const header = /^\s*\[\s*([\w.-]+)(?:\s+"((?:\\.|[^"\\])*)")?\s*\]/.exec(line);
    if (header !== null) section = header[2] === undefined ? (header[1] ?? '') : `${header[1]}.${header[2]}`;
    const setting = /^\s*([a-z][a-z0-9-]*)\s*(?:=\s*(.*))?$/i.exec(
      header === null ? line : line.slice(header[0].length),
    );
    if (setting === null) continue;
    const name = `${section}.${setting[1]}`.toLowerCase();
    const value = setting[2] === undefined ? 'true' : readValue(setting[2]);
    config.set(name, value);
    if (name !== 'include.path' || includes === 0) continue;
    const included = withHome(value, env);
    readInto(config, isAbsolute(included) ? included : join(dirname(path), included), env, includes - 1);
  }
}

/** A value without its quotes, its comment and the spaces around it. */
function readValue(text: string): string {
  const parts = text.match(/"(?:\\.|[^"\\])*"|\\.|[^"\\#;]+|[#;].*/g) ?? [];
  return parts
    .filter((part) => !/^[#;]/.test(part))
    .map((part, i, all) => (part.startsWith('"') ? part.slice(1, -1) : i === all.length - 1 ? part.trimEnd() : part))
    .join('')
    .replaceAll(/\\(.)/g, (_, escaped: string) => ({ n: '\n', t: '\t', b: '\b' })[escaped] ?? escaped)
    .trimEnd();
}

function withHome(path: string, env: NodeJS.ProcessEnv): string {
  return path.startsWith('~/') ? join(home(env), path.slice(2)) : path;
}

function home(env: NodeJS.ProcessEnv): string {
  return env['HOME'] ?? homedir();
}

function configFolder(env: NodeJS.ProcessEnv): string {
  return env['XDG_CONFIG_HOME'] || join(home(env), '.config');
}
