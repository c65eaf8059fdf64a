import { type Mutator, rangeOf } from './change.ts';
import { isFileCall } from './transactions.ts';

/** Leaves out statements that do something, or end something early. */
export const mutateStatements: Mutator = ({ node }) => {
  switch (node.type) {
    case 'ExpressionStatement': {
      const { expression } = node;
      const isSuper = expression.type === 'CallExpression' && expression.callee.type === 'Super';
      if (isSuper || isFileCall(expression)) return [];
      break;
    }
    case 'ReturnStatement':
      if (node.argument) return [];
      break;
    case 'ThrowStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      break;
    default:
      return [];
  }
  return [{ ...rangeOf(node), text: '{}', kind: 'statement', what: 'drop a statement' }];
};
