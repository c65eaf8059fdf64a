import type { Node } from '@babel/types';
import { type Change, calledName, type Mutator, rangeOf, textOf } from './change.ts';

const FILE_CALLS =
  /^(fsync|fdatasync|sync|datasync|rename|rm|unlink|link|copyFile|chmod|fchmod|truncate|ftruncate|close|flush)(Sync)?$/;

const FILE_MODES: Readonly<Record<string, string>> = { '0o600': '0o644', '0o700': '0o755' };

/** Takes away what keeps writes together, on the disk, cleaned up after, and private. */
export const mutateTransactions: Mutator = ({ node, source }) => {
  switch (node.type) {
    case 'CallExpression':
      return withoutTransaction(node, source);
    case 'ExpressionStatement': {
      if (!isFileCall(node.expression)) return [];
      return [{ ...rangeOf(node), text: '{}', kind: 'transaction', what: `drop ${calledName(node.expression)}` }];
    }
    case 'TryStatement':
      return withoutHandlers(node, source);
    case 'StringLiteral':
      if (node.value !== 'wx') return [];
      return [{ ...rangeOf(node), text: "'w'", kind: 'transaction', what: 'take a file that is there' }];
    case 'NumericLiteral': {
      const mode = textOf(node, source);
      const wider = FILE_MODES[mode];
      if (wider === undefined) return [];
      return [{ ...rangeOf(node), text: wider, kind: 'transaction', what: `${mode} to ${wider}` }];
    }
    default:
      return [];
  }
};

/** Returns whether an expression changes, syncs or closes a file. */
export function isFileCall(expression: Node): boolean {
  return FILE_CALLS.test(calledName(expression) ?? '');
}

function withoutTransaction(node: Extract<Node, { type: 'CallExpression' }>, source: string): Change[] {
  const name = calledName(node);
  const [operation, body] = [node.arguments[0], node.arguments.at(-1)];
  if (name === undefined || !/transaction$|^reads?$/i.test(name) || operation === undefined) return [];
  if (body?.type !== 'ArrowFunctionExpression' && body?.type !== 'FunctionExpression') return [];
  // What shows to others that a transaction is open, although none is; of any type.
  const proof = body.params.length === 0 ? '' : `Object({ operation: ${textOf(operation, source)} })`;
  const text = `(${textOf(body, source)})(${proof})`;
  return [
    { ...rangeOf(node), text, kind: 'transaction', what: `run without ${name}` },
    ...withoutSync(node.callee, source),
  ];
}

function withoutSync(callee: Node, source: string): Change[] {
  const { start, end } = rangeOf(callee);
  const text = source.slice(start, end).replace(/durableTransaction$/, 'transaction');
  const isDurable = text.length < end - start;
  return isDurable ? [{ start, end, text, kind: 'transaction', what: 'commit without a sync' }] : [];
}

function withoutHandlers(node: Extract<Node, { type: 'TryStatement' }>, source: string): Change[] {
  const { block, handler, finalizer } = node;
  const changes: Change[] = [];
  const change = (start: number, end: number, text: string, what: string) =>
    changes.push({ start, end, text, kind: 'transaction', what });
  const { start } = rangeOf(node);
  const body = rangeOf(block);
  if (handler) {
    const { end } = rangeOf(handler);
    if (finalizer) change(body.end, end, '', 'drop catch');
    else change(start, end, textOf(block, source), 'drop catch');
  }
  if (finalizer) {
    const { end } = rangeOf(finalizer);
    if (handler) change(rangeOf(handler).end, end, '', 'drop finally');
    else change(start, end, textOf(block, source), 'drop finally');
  }
  return changes;
}
