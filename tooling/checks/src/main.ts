// Everything that `pnpm check` checks besides the linter.
import { globSync } from 'node:fs';
import { pagesOf, readEntries } from '@codebuddy/figures';
import { checkFigures } from './claims/figures.ts';
import { checkPromises } from './claims/promises.ts';
import { checkDocComments } from './rules/doc-comments.ts';
import { checkLength } from './rules/file-length.ts';
import { checkImports } from './rules/imports.ts';
import { checkNetwork } from './rules/network.ts';
import { checkPublishedPackage, checkToolingPackage, readManifest } from './rules/package-shape.ts';
import { checkRawSql } from './rules/raw-sql.ts';
import { checkRealms } from './rules/realms.ts';
import { checkSuppressions } from './rules/suppressed-checks.ts';
import { checkSwallowedErrors } from './rules/swallowed-errors.ts';
import { checkTestTitles } from './rules/test-titles.ts';
import { checkWorkflow } from './rules/workflows.ts';
import { parse, type Violation } from './source-file.ts';
import { openProgram } from './typed-program.ts';
import { PACKAGES, ROOT, readText, sourcePaths, TOOLING } from './workspace.ts';

const IS_PUBLISHED = /^packages\/[^/]+\/src\//;
const IS_TEST = /\.test(?:-d)?\.ts$/;

const paths = sourcePaths();
const files = paths.map((path) => parse(path, readText(path)));
const published = files.filter(({ path }) => IS_PUBLISHED.test(path));
const { files: typed, checker } = openProgram(paths.filter((path) => IS_PUBLISHED.test(path)));
report('Layers', files.flatMap(checkImports));
report('Suppressed checks', files.flatMap(checkSuppressions));
report('Swallowed errors', files.flatMap(checkSwallowedErrors));
report(
  'SQL in its place',
  typed.flatMap((file) => checkRawSql(file, checker)),
);
report('No network', published.flatMap(checkNetwork));
report('Every realm', published.flatMap(checkRealms));
report('Length of files', files.flatMap(checkLength));
report('Titles of tests', files.filter(({ path }) => IS_TEST.test(path)).flatMap(checkTestTitles));
report('Doc comments', published.flatMap(checkDocComments));
report('Shape of packages', [
  ...PACKAGES.flatMap((name) => checkPublishedPackage(name, readManifest(`packages/${name}`))),
  ...TOOLING.flatMap((name) => checkToolingPackage(name, readManifest(`tooling/${name}`))),
]);
report(
  'Workflows',
  globSync('.github/workflows/*.yml', { cwd: ROOT }).flatMap((path) => checkWorkflow(path, readText(path))),
);

const entries = readEntries();
const pages = pagesOf().map((path) => ({ path, text: readText(path) }));
report(
  'Promises',
  pages.flatMap(({ path, text }) => checkPromises(path, text)),
);
report(
  'Figures',
  pages.flatMap(({ path, text }) => checkFigures(path, text, entries)),
);

/** Prints what one rule found; anything at all ends the process with 1. */
function report(rule: string, violations: readonly (Violation | string)[]): void {
  for (const violation of violations) {
    const { path, line, message } =
      typeof violation === 'string' ? { path: '', line: 0, message: violation } : violation;
    console.error(path === '' ? message : `${path}:${line}: ${message}`);
  }
  console.log(`${rule}: ${violations.length === 0 ? 'ok' : `${violations.length} to fix`}`);
  if (violations.length > 0) process.exitCode = 1;
}
