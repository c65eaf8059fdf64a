import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type PackedPackages, packAll, ROOT } from '@codebuddy/installation-tests/packed-packages';

const PROGRAMS = resolve(import.meta.dirname, '../programs');

/** What the packages depend on, or can use, by the package of the workspace that has it. */
const INSTALLED = {
  'better-sqlite3': 'db-core',
  'tree-sitter-wasms': 'db-embeddings',
  'web-tree-sitter': 'db-embeddings',
};

/** The report of programs/agent.mjs. */
export interface AgentReport {
  /** Whether all of a file was salvaged that is no database, or the code of an error. */
  readonly salvaged: boolean | string;
  /** How many memories a search found. */
  readonly found: number;
  /** The name and the code of an error, and whether it is a DatabaseError. */
  readonly error: readonly [string, string, boolean];
  readonly rows: unknown;
  readonly endless: string;
  readonly indexed: number;
  readonly withoutSymbols?: string;
  readonly symbols: readonly (string | null)[];
  readonly warnings: number;
}

/** The report of an agent that may start processes. */
export const WHOLE: AgentReport = {
  salvaged: false,
  found: 1,
  error: ['InvalidInputError', 'DB_INVALID_INPUT', true],
  rows: [[1]],
  endless: 'DB_QUERY_TIMEOUT',
  indexed: 1,
  symbols: ['retryWithBackoff'],
  warnings: 0,
};

/** The environment of an agent whose endless query is refused: it need not be stopped, however slow the machine is. */
export const REFUSES_ENDLESS = { ENDLESS_MS: '60000' };

/** The report of an agent that can start no process, but threads. */
export const IN_THREADS: AgentReport = {
  ...WHOLE,
  endless: 'DB_QUERY_REJECTED',
  withoutSymbols: 'no-process',
  symbols: [null],
  warnings: 2,
};

/** The circumstances of a command. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The working folder, below that of the programs. */
  readonly below?: string;
}

/** A folder of its own with the packages in it, unpacked from their tarballs, and the programs that use them. */
export class ProgramFolder implements Disposable {
  // A path without links: a test runner looks for tests below the folder that it was told.
  readonly path: string = realpathSync(mkdtempSync(join(tmpdir(), 'codebuddy-runtime-')));
  readonly packed: PackedPackages = packAll();

  constructor() {
    this.write('package.json', '{ "private": true }');
    this.write('project/retry.ts', 'export function retryWithBackoff() {}\n');
    for (const name of this.packed.names) {
      const folder = this.join('node_modules/@codebuddy', name);
      mkdirSync(folder, { recursive: true });
      execFileSync('tar', ['xzf', this.packed.tarballOf(name), '-C', folder, '--strip-components', '1']);
    }
    for (const [name, user] of Object.entries(INSTALLED)) {
      symlinkSync(realpathSync(join(ROOT, 'packages', user, 'node_modules', name)), this.join('node_modules', name));
    }
    this.copy('agent.mjs');
  }

  /** Returns the path of something in the folder. */
  join(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** Writes a file, and returns its path. */
  write(path: string, text: string): string {
    mkdirSync(dirname(this.join(path)), { recursive: true });
    writeFileSync(this.join(path), text);
    return this.join(path);
  }

  /** Copies a program into the folder, and returns its path. */
  copy(program: string, path = program): string {
    mkdirSync(dirname(this.join(path)), { recursive: true });
    copyFileSync(join(PROGRAMS, program), this.join(path));
    return this.join(path);
  }

  /** Runs a command in the folder or in one below, and returns what it printed. */
  run(command: string, args: readonly string[], { env = {}, below = '' }: RunOptions = {}): string {
    return execFileSync(command, args, {
      cwd: this.join(below),
      encoding: 'utf8',
      env: { ...process.env, PROJECT: this.join('project'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs the agent, and returns its report. */
  report(command: string, args: readonly string[], options: RunOptions = {}): unknown {
    return JSON.parse(this.run(command, args, options));
  }

  /** Returns how often the agent was started that was given this file as `STARTS`. */
  startsIn(file: string): number {
    return readFileSync(this.join(file), 'utf8').trim().split('\n').length;
  }

  [Symbol.dispose](): void {
    this.packed[Symbol.dispose]();
    rmSync(this.path, { recursive: true, force: true });
  }
}
