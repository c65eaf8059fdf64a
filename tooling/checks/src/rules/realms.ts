import ts from 'typescript';
import { type SourceFile, type Violation, violationAt, visit } from '../source-file.ts';

/** The file that tells errors of every realm. */
const TELLS_ERRORS = 'packages/db-core/src/errors/is-error.ts';

/**
 * Refuses `instanceof` with a class of the language or of Node.js in published sources. Test runners such as jest load code in
 * a realm of its own, where an error of the driver and what `structuredClone` returns are instances of other classes.
 */
export function checkRealms(file: SourceFile): Violation[] {
  if (file.path === TELLS_ERRORS) return [];
  const violations: Violation[] = [];
  visit(file, (node) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.InstanceOfKeyword) return;
    const name = node.right.getText(file.tree).replace(/^globalThis\./, '');
    if (!(name in globalThis)) return;
    const message = `asks for an instance of this realm's ${name}; use isError, isErrorNamed or types of node:util`;
    violations.push(violationAt(file, node.getStart(), message));
  });
  return violations;
}
