import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesOf } from '../mutators/changes-of.ts';
import { type Mutant, MutantFactory } from './mutant.ts';

/** Returns the source files of a package, relative to the root; declarations of types have nothing to change. */
export function sourceFilesOf(root: string, name: string): string[] {
  return globSync(`packages/${name}/src/**/*.ts`, { cwd: root })
    .filter((file) => !file.endsWith('.d.ts'))
    .sort();
}

/** Finds every mutant that the mutators can make of a package. */
export function findMutants(root: string, name: string): Mutant[] {
  return sourceFilesOf(root, name).flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    const factory = new MutantFactory(source);
    return changesOf(source).map(({ kind, what, ...edit }) => factory.make({ package: name, file, kind, what }, edit));
  });
}
