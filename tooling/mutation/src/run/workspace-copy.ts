import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execute } from './execute.ts';

/**
 * A copy of the workspace in which code can be changed, built and tested while somebody works on the original. It has
 * all that git would take, the builds of the packages, and links to the installed dependencies of the original.
 */
export class WorkspaceCopy {
  readonly path: string;
  readonly #originals = new Map<string, string>();
  readonly #rebuilt = new Set<string>();

  /** @param path - of the folder to make */
  constructor(root: string, path: string) {
    this.path = path;
    const options = { encoding: 'utf8', cwd: root } as const;
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options);
    const ignored = ['packages/*/dist', '{packages,tooling}/*/node_modules'].flatMap((glob) => globSync(glob, options));
    for (const file of [...listed.split('\0'), ...ignored]) {
      if (file === '' || !existsSync(join(root, file))) continue;
      mkdirSync(dirname(join(path, file)), { recursive: true });
      cpSync(join(root, file), join(path, file), { recursive: true, verbatimSymlinks: true });
    }
    symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'));
    asRepository(path);
    for (const dist of globSync('packages/*/dist', { cwd: path })) {
      cpSync(join(path, dist), this.#keptBuild(dist), { recursive: true });
    }
  }

  /** Changes a file until {@link restore}. */
  write(file: string, text: string): void {
    const path = join(this.path, file);
    if (!this.#originals.has(file)) this.#originals.set(file, readFileSync(path, 'utf8'));
    writeFileSync(path, text);
  }

  /** Type-checks the sources of a package as they are now. Code that is no longer used is not an error. */
  async compiles(name: string): Promise<boolean> {
    const options = ['--noEmit', '--declaration', 'false', '--emitDeclarationOnly', 'false'];
    const unused = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false'];
    const folder = join(this.path, 'packages', name);
    const compiler = join(folder, 'node_modules/typescript/bin/tsc');
    const { succeeded } = await execute(compiler, ['-p', 'tsconfig.build.json', ...options, ...unused], folder);
    return succeeded;
  }

  /** Builds what other packages load of a package, from its sources as they are now. */
  async build(name: string): Promise<boolean> {
    const folder = join(this.path, 'packages', name);
    this.#rebuilt.add(name);
    const { succeeded } = await execute(join(folder, 'node_modules/tsup/dist/cli-default.js'), ['--silent'], folder);
    return succeeded;
  }

  /** Brings files and builds back to what they were at first. */
  restore(): void {
    for (const [file, text] of this.#originals) writeFileSync(join(this.path, file), text);
    this.#originals.clear();
    for (const name of this.#rebuilt) {
      const dist = `packages/${name}/dist`;
      rmSync(join(this.path, dist), { recursive: true, force: true });
      cpSync(this.#keptBuild(dist), join(this.path, dist), { recursive: true });
    }
    this.#rebuilt.clear();
  }

  /** Deletes the copy. */
  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
  }

  #keptBuild(dist: string): string {
    return join(this.path, '.builds', dist);
  }
}

/** Some tests ask git which commit they test. */
function asRepository(folder: string): void {
  const author = ['-c', 'user.name=mutation', '-c', 'user.email=mutation@localhost', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  execFileSync('git', ['add', '--all'], { cwd: folder });
  execFileSync('git', [...author, 'commit', '--quiet', '--no-verify', '--message', 'A copy'], { cwd: folder });
}
