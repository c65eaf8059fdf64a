import { posix } from 'node:path';
import ts from 'typescript';
import { type SourceFile, type Violation, violationAt, visit } from '../source-file.ts';
import { allowedPackages } from '../workspace.ts';

/**
 * Refuses imports that bypass the layers: a published package uses only the packages below it, and nobody reaches into
 * another package by a relative path, which would go around its exports.
 */
export function checkImports(file: SourceFile): Violation[] {
  const [area = '', name = '', folder = ''] = file.path.split('/');
  const allowed = area === 'packages' && folder === 'src' ? allowedPackages(name) : undefined;
  const own = area === 'examples' ? 'examples/' : `${area}/${name}/`;
  const violations: Violation[] = [];
  for (const { specifier, position } of importsOf(file)) {
    if (specifier.startsWith('.')) {
      const target = posix.join(posix.dirname(file.path), specifier);
      if (!target.startsWith(own)) {
        const message = `imports ${specifier} from another package; import the package by its name`;
        violations.push(violationAt(file, position, message));
      }
    } else if (allowed !== undefined) {
      const [, imported] = /^@codebuddy\/([^/]+)/.exec(specifier) ?? [];
      if (imported !== undefined && !allowed.includes(imported)) {
        const others = allowed.map((other) => `@codebuddy/${other}`).join(', ') || 'no other package';
        violations.push(violationAt(file, position, `imports @codebuddy/${imported}; ${name} may use ${others}`));
      }
    }
  }
  return violations;
}

interface Import {
  readonly specifier: string;
  readonly position: number;
}

/** Returns what a file imports, however it does so: statically, dynamically, for its side effects, types, mocks. */
function importsOf(file: SourceFile): Import[] {
  const found: Import[] = [];
  const note = (node: ts.Node | undefined) => {
    if (node !== undefined && ts.isStringLiteralLike(node))
      found.push({ specifier: node.text, position: node.getStart(file.tree) });
  };
  visit(file, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) note(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) note(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) note(node.argument.literal);
    else if (ts.isCallExpression(node) && loadsModule(node.expression)) note(node.arguments[0]);
  });
  return found;
}

/** `import()`, `require()`, `import.meta.resolve()`, and the calls of vitest that name a module. */
function loadsModule(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return callee.text === 'require';
  return ts.isPropertyAccessExpression(callee) && /^(?:resolve|mock|doMock|importActual)$/.test(callee.name.text)
    ? /^(?:vi|require|import\.meta)$/.test(callee.expression.getText())
    : false;
}
