import { createHash } from 'node:crypto';
import { applyEdit, type Edit, type Kind } from '../mutators/change.ts';

/** One change to one file of a package, made to see whether a test notices it. */
export interface Mutant {
  /** Stays the same while the changed lines do, wherever they move in their file. */
  readonly id: string;
  readonly package: string;
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly line: number;
  /** A named mutant was written by hand. */
  readonly kind: Kind | 'named';
  readonly what: string;
  readonly edit: Edit;
  /** The lines that the edit touches, as they are and as they become, without the indentation they share. */
  readonly before: string;
  readonly after: string;
}

/** What makes a mutant, besides its file's text. */
export interface MutantOrigin {
  readonly package: string;
  readonly file: string;
  readonly kind: Mutant['kind'];
  readonly what: string;
}

/** Makes mutants of one file, and tells apart those that change equal lines in the same way. */
export class MutantFactory {
  readonly #source: string;
  readonly #seen = new Map<string, number>();

  constructor(source: string) {
    this.#source = source;
  }

  make(origin: MutantOrigin, edit: Edit): Mutant {
    const { before, after } = touchedLines(this.#source, edit);
    const identity = [origin.file, before, after].join('\0');
    const earlier = this.#seen.get(identity) ?? 0;
    this.#seen.set(identity, earlier + 1);
    const line = this.#source.slice(0, edit.start).split('\n').length;
    return { ...origin, id: digest(`${identity}\0${earlier}`).slice(0, 12), line, edit, before, after };
  }
}

/** Returns a digest of a string as hexadecimal digits. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Shows the lines that a mutant touches, as a patch does. */
export function patchOf({ before, after }: Pick<Mutant, 'before' | 'after'>): string {
  const prefixed = (sign: string, text: string) => text.split('\n').map((line) => `${sign} ${line}`);
  return [...prefixed('-', before), ...(after.trim() === '' ? [] : prefixed('+', after))].join('\n');
}

function touchedLines(source: string, edit: Edit): { before: string; after: string } {
  const start = source.lastIndexOf('\n', edit.start - 1) + 1;
  const next = source.indexOf('\n', edit.end);
  const end = next < 0 ? source.length : next;
  const before = source.slice(start, end);
  const moved = { ...edit, start: edit.start - start, end: edit.end - start };
  return { before: dedent(before), after: dedent(applyEdit(before, moved)) };
}

function dedent(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const indentation = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indentation).trimEnd()).join('\n');
}
