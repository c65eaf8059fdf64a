import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A code block of a page. */
export interface Example {
  /** Relative to the root. */
  readonly page: string;
  readonly line: number;
  readonly code: string;
}

/** The pages that people read, relative to the root. */
export function pages(): string[] {
  const patterns = ['*.md', 'docs/**/*.md', 'packages/*/README.md', 'tooling/*/README.md'];
  return globSync(patterns, { cwd: ROOT, exclude: (name) => name === 'node_modules' || name === 'api' }).sort();
}

/** Reads a page. */
export function read(page: string): string {
  return readFileSync(`${ROOT}/${page}`, 'utf8');
}

/** The TypeScript blocks of all pages. */
export function examples(): Example[] {
  return pages().flatMap((page) => {
    const text = read(page);
    return Array.from(text.matchAll(/```ts\n([\s\S]*?)```/g), ({ 1: code = '', index }) => ({
      page,
      line: text.slice(0, index).split('\n').length,
      code,
    }));
  });
}
