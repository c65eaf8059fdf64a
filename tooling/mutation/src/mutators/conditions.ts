import type { Node } from '@babel/types';
import { type Change, type Mutator, rangeOf, textOf } from './change.ts';

/** Decides conditions for good, and leaves out one side of an `&&` or `||`. */
export const mutateConditions: Mutator = ({ node, source }) => {
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return [decide(node.test, true), decide(node.test, false)];
    case 'WhileStatement':
    case 'DoWhileStatement':
      // A loop that never ends tells little of the tests, and takes their whole time limit.
      return [decide(node.test, false)];
    case 'ForStatement':
      return node.test ? [decide(node.test, false)] : [];
    case 'LogicalExpression':
      if (node.operator === '??') return [];
      return [keep(node, node.left, source), keep(node, node.right, source)];
    default:
      return [];
  }
};

function decide(test: Node, outcome: boolean): Change {
  return { ...rangeOf(test), text: String(outcome), kind: 'condition', what: `always ${outcome}` };
}

function keep(whole: Node, side: Node, source: string): Change {
  const text = textOf(side, source);
  return { ...rangeOf(whole), text, kind: 'condition', what: 'drop a part of a condition' };
}
