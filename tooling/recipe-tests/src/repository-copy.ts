import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { applyChange, type Step } from './recipe.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A copy of the repository that shares the installed dependencies of the original; its packages depend on one another. */
export class RepositoryCopy {
  readonly #folder = new TemporaryFolder();

  constructor() {
    // Histories and caches stay behind, and what other tests may be writing meanwhile.
    const filter = (source: string) => source === ROOT || !/^\.|^node_modules$/.test(basename(source));
    cpSync(ROOT, this.#folder.path, { recursive: true, verbatimSymlinks: true, filter });
    mkdirSync(this.#folder.join('node_modules'));
    for (const entry of readdirSync(join(ROOT, 'node_modules'))) {
      // pnpm's own state is that of the original.
      if (entry.startsWith('.') && entry !== '.bin' && entry !== '.pnpm') continue;
      symlinkSync(join(ROOT, 'node_modules', entry), this.#folder.join('node_modules', entry));
    }
    for (const modules of globSync('{packages,tooling}/*/node_modules', { cwd: ROOT })) {
      // Relative links, so that a package of the copy finds the others there.
      cpSync(join(ROOT, modules), this.#folder.join(modules), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (source) => !basename(source).startsWith('.vite'),
      });
    }
  }

  /** Does what a step says. */
  take(step: Step): void {
    if (step.kind === 'command') {
      this.run(step.command);
      return;
    }
    const path = this.#folder.join(step.file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, step.kind === 'change' ? applyChange(readFileSync(path, 'utf8'), step.lines) : step.text);
  }

  /** Reads a file. */
  read(file: string): string {
    return readFileSync(this.#folder.join(file), 'utf8');
  }

  /** Runs a command at the root, and returns what it printed. What it printed is the message if it fails. */
  run(command: string): string {
    try {
      return execFileSync(command, { cwd: this.#folder.path, encoding: 'utf8', shell: true, stdio: 'pipe' });
    } catch (error) {
      const { stdout = '', stderr = '' }: { stdout?: string; stderr?: string } = Object(error);
      throw new Error(`${command}\n${stdout}${stderr}`);
    }
  }

  /** Deletes the copy. */
  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
