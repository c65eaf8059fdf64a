// Writes the page that lists the public names of db-core, from its sources: each with the first sentence of its comment.
import { writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { drawAligned } from '@codebuddy/figures';
import ts from 'typescript';
import { ROOT } from './documents.ts';

/** The page that lists what db-core exports. */
export const EXPORTS_PAGE = 'docs/exports-of-db-core.md';

const SOURCES = join(ROOT, 'packages/db-core/src');

/** Folders whose subject takes a word to name. */
const SUBJECTS: Readonly<Record<string, string>> = {
  '': 'Of every package',
  errors: 'Functions about errors',
  sql: 'SQL',
  'domains/code': 'Code',
  'domains/imports': 'Imports of legacy files',
  ranking: 'Ranking',
  codecs: 'Values',
  schema: 'Schema',
  'table-kit': 'Tables of other modules',
};

interface PublicName {
  readonly name: string;
  readonly subject: string;
  readonly sentence: string;
  readonly code: string | undefined;
}

/** Draws the page. */
export function drawExportsPage(): string {
  const names = publicNames();
  const errors = names.filter(({ code }) => code !== undefined);
  const subjects = Map.groupBy(
    names.filter(({ code }) => code === undefined),
    ({ subject }) => subject,
  );
  return [
    '# What db-core exports',
    '',
    'The names that `@codebuddy/db-core` has for users, and `@codebuddy/db-integration` passes on. Their sources say more: shapes, units,',
    'what they throw. This page is written by `node tooling/documentation-tests/src/exports-page.ts`.',
    '',
    '## Errors',
    '',
    'Each is a `DatabaseError`. Compare codes, or use `isInstance` of the class: both work across installed versions.',
    ...table(['code', 'class', 'when'], errors.map(({ name, code = '', sentence }) => [code, name, sentence]).sort()),
    ...[...subjects]
      .toSorted()
      .flatMap(([subject, list]) => [
        '',
        `## ${subject}`,
        ...table(['name', 'what it is'], list.map(({ name, sentence }) => [`\`${name}\``, sentence]).sort()),
      ]),
    '',
  ].join('\n');
}

function publicNames(): PublicName[] {
  const entry = join(SOURCES, 'index.ts');
  const program = ts.createProgram([entry], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ESNext,
    allowImportingTsExtensions: true,
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry} exports nothing`);
  return checker.getExportsOfModule(module).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const [declaration] = symbol.declarations ?? [];
    const comment = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ').trim();
    return {
      name: exported.name,
      subject: subjectOf(declaration?.getSourceFile().fileName ?? ''),
      sentence: /^.*?[.](?= [A-Z]|$)/.exec(comment)?.[0] ?? comment,
      code: declaration === undefined ? undefined : codeOf(declaration),
    };
  });
}

/** A folder of the sources is a subject. */
function subjectOf(file: string): string {
  const folder = relative(SOURCES, dirname(file));
  const last = folder.split('/').at(-1) ?? '';
  return SUBJECTS[folder] ?? (last.charAt(0).toUpperCase() + last.slice(1)).replaceAll('-', ' ');
}

/** The code that a class of errors has. */
function codeOf(declaration: ts.Declaration): string | undefined {
  if (!ts.isClassDeclaration(declaration)) return undefined;
  for (const member of declaration.members) {
    if (
      !ts.isPropertyDeclaration(member) ||
      !member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)
    ) {
      continue;
    }
    if (member.name.getText() === 'code' && member.initializer && ts.isStringLiteral(member.initializer)) {
      return `\`${member.initializer.text}\``;
    }
  }
  return undefined;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [
    '',
    drawAligned(
      head,
      rows.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|'))),
    ),
  ];
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(ROOT, EXPORTS_PAGE), drawExportsPage());
