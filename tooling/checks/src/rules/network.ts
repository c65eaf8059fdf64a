import ts from 'typescript';
import { type SourceFile, type Violation, violationAt, visit } from '../source-file.ts';

const MODULES = /^(?:node:)?(?:http|https|http2|net|tls|dgram|dns)(?:\/|$)|^(?:undici|ws|axios|got|node-fetch)$/;
const GLOBALS = new Set(['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']);

/** The only sources that may use a network: they send texts to the server that a caller has named. */
const PROVIDERS = 'packages/db-embeddings/src/providers/';

/** Refuses the use of a network in published sources: there is no telemetry. */
export function checkNetwork(file: SourceFile): Violation[] {
  if (file.path.startsWith(PROVIDERS)) return [];
  const violations: Violation[] = [];
  const refuse = (node: ts.Node, what: string) =>
    violations.push(violationAt(file, node.getStart(), `uses ${what}; only providers of embeddings use a network`));
  visit(file, (node) => {
    if (ts.isStringLiteralLike(node) && MODULES.test(node.text) && isModuleName(node)) refuse(node, node.text);
    if (ts.isIdentifier(node) && GLOBALS.has(node.text) && isUse(node)) refuse(node, node.text);
  });
  return violations;
}

function isModuleName(node: ts.Node): boolean {
  const { parent } = node;
  return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isCallExpression(parent);
}

/** A name that is read, rather than that of a member or a declaration; `globalThis.fetch` is read as well. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node)
    return parent.expression.getText() === 'globalThis';
  return !(ts.isDeclarationStatement(parent) || ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent));
}
