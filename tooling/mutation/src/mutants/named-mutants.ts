import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutant, MutantFactory } from './mutant.ts';

/** A mutant written by hand, since something like it once went unnoticed. It is tried in every run. */
export interface NamedMutant {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** A string that the file contains once. */
  readonly find: string;
  readonly replace: string;
  /** What would go wrong. */
  readonly why: string;
}

/** Named mutants with their places, and those whose text the code no longer contains just once. */
export interface PlacedMutants {
  readonly placed: readonly Mutant[];
  readonly lost: readonly NamedMutant[];
}

/** Finds the places of the named mutants of a package. */
export function placeNamedMutants(root: string, name: string, named: readonly NamedMutant[]): PlacedMutants {
  const placed: Mutant[] = [];
  const lost: NamedMutant[] = [];
  for (const mutant of named.filter(({ file }) => file.startsWith(`packages/${name}/`))) {
    const { file, find, replace, why } = mutant;
    const source = readIfThere(join(root, file));
    const start = source.indexOf(find);
    if (start < 0 || source.indexOf(find, start + 1) >= 0) {
      lost.push(mutant);
      continue;
    }
    const edit = { start, end: start + find.length, text: replace };
    placed.push(new MutantFactory(source).make({ package: name, file, kind: 'named', what: why }, edit));
  }
  return { placed, lost };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
