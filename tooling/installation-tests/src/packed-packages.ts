import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, '../../..');

/** The tarballs of all packages, as they would be published. */
export class PackedPackages implements Disposable {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The names of the packages, such as `db-core`. */
  get names(): string[] {
    return readdirSync(join(ROOT, 'packages'));
  }

  /** Returns the path of a package's tarball. */
  tarballOf(name: string): string {
    const file = readdirSync(this.#folder).find((each) => each.startsWith(`codebuddy-${name}-`));
    if (file === undefined) throw new Error(`${name} was not packed`);
    return join(this.#folder, file);
  }

  /** Returns the size of a package's tarball, in bytes. */
  sizeOf(name: string): number {
    return statSync(this.tarballOf(name)).size;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Packs all packages into a folder that is removed with the result. */
export function packAll(): PackedPackages {
  const folder = mkdtempSync(join(tmpdir(), 'codebuddy-packed-'));
  for (const name of readdirSync(join(ROOT, 'packages'))) {
    removeLeftovers(join(ROOT, 'packages', name, 'dist'));
    execFileSync('pnpm', ['pack', '--pack-destination', folder], {
      cwd: join(ROOT, 'packages', name),
      stdio: 'ignore',
    });
  }
  return new PackedPackages(folder);
}

/**
 * Removes the chunks of earlier builds. The names of chunks are hashes, and a build that comes from turbo's cache leaves those
 * of the build before beside its own.
 */
function removeLeftovers(dist: string): void {
  const chunks = readdirSync(dist).filter((file) => /^chunk-\w+\.js$/.test(file));
  const used = new Set<string>();
  const follow = (file: string) => {
    const text = readFileSync(join(dist, file), 'utf8');
    for (const chunk of chunks.filter((each) => text.includes(`/${each}'`) || text.includes(`/${each}"`))) {
      if (used.has(chunk)) continue;
      used.add(chunk);
      follow(chunk);
    }
  };
  for (const entry of globSync('**/*.js', { cwd: dist })) if (!chunks.includes(entry)) follow(entry);
  for (const chunk of chunks.filter((each) => !used.has(each))) {
    for (const file of [chunk, `${chunk}.map`]) rmSync(join(dist, file), { force: true });
  }
}
