// Rules of this repository that compare a file with its package. The linter (biome.json) has the others: no `any`, no
// casts, no non-null assertions, no empty blocks, no undeclared dependencies, SQL prepared only in its files.
import { allowedDependencies, report, type SourceFile, sourceFiles } from './workspace.ts';

const MAX_FILE_LINES = 300;

const rules: readonly ((file: SourceFile) => string[])[] = [
  function importsOnlyWhatItMay({ path, package: name, lines }) {
    const allowed = allowedDependencies(name).map((other) => `@codebuddy/${other}`);
    return lines
      .filter((line) => !line.trimStart().startsWith('*'))
      .flatMap((line) => [...line.matchAll(/from '(@codebuddy\/[^'/]+)[^']*'/g)].map(([, imported = '']) => imported))
      .filter((imported) => !allowed.includes(imported))
      .map((imported) => `${path}: imports ${imported}; ${name} may use ${allowed.join(', ') || 'no other package'}`);
  },

  function staysSmall({ path, lines }) {
    return lines.length > MAX_FILE_LINES + 1
      ? [`${path}: has ${lines.length} lines; ${MAX_FILE_LINES} are enough for one subject`]
      : [];
  },
];

report(
  'House rules',
  sourceFiles().flatMap((file) => rules.flatMap((rule) => rule(file))),
);
