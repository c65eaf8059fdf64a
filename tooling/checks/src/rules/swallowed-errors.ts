import ts from 'typescript';
import { type SourceFile, type Violation, violationAt, visit } from '../source-file.ts';

const MESSAGE = 'swallows every error; let through the one you expect and throw the others';

/** Refuses a `catch` that does nothing. The linter takes a comment for something; an error does not. */
export function checkSwallowedErrors(file: SourceFile): Violation[] {
  const violations: Violation[] = [];
  visit(file, (node) => {
    const handler = ts.isCatchClause(node) ? node : ts.isCallExpression(node) ? rejectionHandler(node) : undefined;
    if (handler !== undefined && isEmpty(handler)) violations.push(violationAt(file, handler.getStart(), MESSAGE));
  });
  return violations;
}

/** The function that a promise calls when it is rejected: that of `catch`, or the second one of `then`. */
function rejectionHandler({ expression, arguments: [first, second] }: ts.CallExpression): ts.Node | undefined {
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  if (expression.name.text === 'catch') return first;
  return expression.name.text === 'then' ? second : undefined;
}

function isEmpty(handler: ts.Node): boolean {
  if (ts.isCatchClause(handler)) return handler.block.statements.length === 0;
  if (!ts.isArrowFunction(handler) && !ts.isFunctionExpression(handler)) return false;
  return ts.isBlock(handler.body) && handler.body.statements.length === 0;
}
